//! Numbers as people read them: no digit that chance could have set.

use crate::experiment::compare::{Difference, TargetDifference};
use crate::experiment::numbers::{Hits, Numbers};
use crate::metric::catalogue::Definition;
use crate::statistics::interval::Interval;

/// Stands where a number is missing.
pub const MISSING: &str = "-";
/// Fewer values say little about chance: no range of nine in ten, and intervals not to be trusted.
pub const FEWEST: u64 = 10;
/// A range of nine in ten is rounded as if its standard error were this part of it.
const SPREAD_IN_ERRORS: f64 = 20.0;

/// A mean, rounded to what its standard error supports, with its unit.
pub fn mean(definition: &Definition, numbers: &Numbers) -> String {
    with_unit(definition, &bare_mean(definition, numbers))
}

/// A mean without its unit; shares in percent.
pub fn bare_mean(definition: &Definition, numbers: &Numbers) -> String {
    let scale = Scale::of(definition);
    scale.print(numbers.mean, scale.places(numbers.se))
}

/// A mean without its unit, of which only its standard error is known; shares in percent.
pub fn supported(definition: &Definition, mean: f64, se: f64) -> String {
    let scale = Scale::of(definition);
    scale.print(mean, scale.places(se))
}

/// The 95 % interval of a mean, `14.9 to 15.5`, cut off where the metric cannot go; nothing where there
/// is none.
pub fn interval(definition: &Definition, numbers: &Numbers) -> Option<String> {
    supported_interval(definition, numbers.interval()?, numbers.se)
}

/// An interval, rounded to what a standard error supports, and cut off where the metric cannot go.
pub fn supported_interval(definition: &Definition, interval: Interval, se: f64) -> Option<String> {
    let scale = Scale::of(definition);
    let places = scale.places(se);
    let (least, greatest) = reach(definition);
    Some(format!(
        "{} to {}",
        scale.print(interval.low.max(least), places),
        scale.print(interval.high.min(greatest), places)
    ))
}

/// A mean difference with its sign, `+0.3`, rounded to what its standard error supports; shares in percentage
/// points.
pub fn difference(definition: &Definition, difference: &Difference) -> String {
    let scale = Scale::of(definition);
    signed(
        scale.print(difference.mean, scale.places(difference.se)),
        difference.mean,
    )
}

/// The size of a mean difference without its sign, with the unit.
pub fn size(definition: &Definition, difference: &Difference) -> String {
    let scale = Scale::of(definition);
    let size = scale.print(difference.mean.abs(), scale.places(difference.se));
    match difference_unit(definition).as_str() {
        "" => size,
        unit => format!("{size} {unit}"),
    }
}

/// True where no digit of a mean difference is worth printing.
pub fn is_negligible(definition: &Definition, difference: &Difference) -> bool {
    let scale = Scale::of(definition);
    is_zero(&scale.print(difference.mean.abs(), scale.places(difference.se)))
}

/// The 95 % interval of a mean difference, `-0.4 to -0.2`; nothing where there is none. An interval that does
/// not hold 0 is not printed as if it did: its ends get as many digits as that takes.
pub fn difference_interval(definition: &Definition, difference: &Difference) -> Option<String> {
    let scale = Scale::of(definition);
    let interval = difference.interval()?;
    Some(scale.apart_from_zero(interval, scale.places(difference.se)))
}

/// A mean difference with its sign and its 95 % interval, as a file has them, rounded to what the interval
/// supports.
pub fn difference_of(
    definition: &Definition,
    mean: f64,
    interval: Option<Interval>,
) -> (String, Option<String>) {
    /// Half of a 95 % interval is about so many standard errors wide.
    const ERRORS: f64 = 1.96;
    let scale = Scale::of(definition);
    let se = interval.map_or(f64::NAN, |i| (i.high - i.low) / 2.0 / ERRORS);
    let places = scale.places(se);
    (
        signed(scale.print(mean, places), mean),
        interval.map(|i| scale.apart_from_zero(i, places)),
    )
}

/// The ends of an interval, rounded to a tenth of the width that was asked for.
pub fn ends(definition: &Definition, interval: Interval, asked: f64) -> String {
    /// Decimals of the narrowest width that is worth asking for.
    const FINEST: i32 = 9;
    let mut scale = Scale::of(definition);
    if asked > 0.0 {
        scale.decimals = FINEST;
    }
    let places = scale.places(asked / 20.0);
    format!(
        "{} and {}",
        scale.print(interval.low, places),
        scale.print(interval.high, places)
    )
}

/// The unit of a difference: shares differ by percentage points.
pub fn difference_unit(definition: &Definition) -> String {
    if Scale::of(definition).is_percent {
        definition.unit.replacen("share", "points", 1)
    } else {
        definition.unit.to_owned()
    }
}

/// A difference of two probabilities in percentage points, with its interval: `+12 (8 to 16)`.
pub fn probability_difference(target: &TargetDifference) -> String {
    let points = target.difference() * 100.0;
    if !points.is_finite() {
        return MISSING.to_owned();
    }
    let mean = signed(unsigned_zero(format!("{points:.0}")), points);
    match target.interval {
        Some(interval) => {
            let [low, high] = [interval.low, interval.high]
                .map(|end| unsigned_zero(format!("{:.0}", end * 100.0)));
            format!("{mean} ({low} to {high})")
        }
        None => mean,
    }
}

/// True where a printed number has no digit but 0.
pub(super) fn is_zero(text: &str) -> bool {
    text.chars().all(|c| c == '0' || c == '.')
}

/// With a plus where it is above 0 in print too.
fn signed(text: String, value: f64) -> String {
    if value > 0.0 && !is_zero(&text) && text != MISSING {
        format!("+{text}")
    } else {
        text
    }
}

/// A share in percent, without a decimal: `61 %`; a share that is not quite 0 or 1 is never told as such.
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    if !percent.is_finite() {
        MISSING.to_owned()
    } else if share > 0.0 && percent < 0.5 {
        "< 1 %".to_owned()
    } else if share < 1.0 && percent > 99.5 {
        "> 99 %".to_owned()
    } else {
        format!("{percent:.0} %")
    }
}

/// How many times, to two digits: `1.4`, `12`.
pub fn times(factor: f64) -> String {
    if !factor.is_finite() {
        return MISSING.to_owned();
    }
    if factor < 9.95 {
        format!("{factor:.1}")
    } else {
        let unit = libm::pow(10.0, (libm::floor(libm::log10(factor)) - 1.0).max(0.0));
        with_commas(&format!("{:.0}", libm::round(factor / unit) * unit))
    }
}

/// The ends of the range that holds nine values of ten, `12.4` and `18.5`; nothing of fewer than
/// [`FEWEST`] values.
pub fn spread(definition: &Definition, numbers: &Numbers) -> Option<[String; 2]> {
    let (low, high) = (numbers.p5, numbers.p95);
    if numbers.n < FEWEST || !low.is_finite() || !high.is_finite() {
        return None;
    }
    let scale = Scale::of(definition);
    let places = scale.places((high - low) / SPREAD_IN_ERRORS);
    Some([low, high].map(|end| scale.print(end, places)))
}

/// The median, rounded like [`spread`]; one midway between two whole numbers keeps its half where whole numbers are shown.
pub fn median(definition: &Definition, numbers: &Numbers) -> String {
    let scale = Scale::of(definition);
    let places = scale.places((numbers.p95 - numbers.p5) / SPREAD_IN_ERRORS);
    let is_half = numbers.p50 - libm::floor(numbers.p50) == 0.5;
    let places = match places {
        0 if is_half && !scale.is_percent => 1,
        places => places,
    };
    scale.print(numbers.p50, places)
}

/// Percentiles 5, 25, 50, 75 and 95 over the plays, rounded like [`spread`]; nothing of fewer than [`FEWEST`] values.
pub fn percentiles(definition: &Definition, numbers: &Numbers) -> Option<[String; 5]> {
    let range = numbers.p95 - numbers.p5;
    if numbers.n < FEWEST || !range.is_finite() {
        return None;
    }
    let scale = Scale::of(definition);
    let places = scale.places(range / SPREAD_IN_ERRORS);
    let values = numbers.percentiles();
    Some(values.map(|value| scale.print(value, places)))
}

/// By what a value is multiplied where it is shown: shares are shown in percent.
pub fn shown_times(definition: &Definition) -> f64 {
    match Scale::of(definition).is_percent {
        true => 100.0,
        false => 1.0,
    }
}

/// Between what a metric lies, whatever happens; infinite where there is no bound.
pub fn reach(definition: &Definition) -> (f64, f64) {
    (
        definition.least().unwrap_or(f64::NEG_INFINITY),
        definition.most().unwrap_or(f64::INFINITY),
    )
}

/// One value, to the decimals of the catalogue; shares in percent.
pub fn value(definition: &Definition, value: f64) -> String {
    let scale = Scale::of(definition);
    scale.print(value, scale.decimals)
}

/// The unit as it stands in the heading of a table.
pub fn unit(definition: &Definition) -> String {
    if Scale::of(definition).is_percent {
        definition.unit.replacen("share", "%", 1)
    } else {
        definition.unit.to_owned()
    }
}

/// A probability in percent with its interval, where it has one: `83 % (80 to 86)`.
pub fn probability(hits: Hits) -> String {
    /// Width of an interval below which a decimal is worth printing.
    const NARROW: f64 = 0.01;
    let share = hits.probability();
    if !share.is_finite() {
        return MISSING.to_owned();
    }
    let Some(interval) = hits.interval() else {
        return format!("{:.0} %", share * 100.0);
    };
    let places = usize::from(interval.high - interval.low < NARROW);
    format!(
        "{:.places$} % ({:.places$} to {:.places$})",
        share * 100.0,
        interval.low * 100.0,
        interval.high * 100.0
    )
}

/// A whole number with commas between thousands.
pub fn count(n: u64) -> String {
    with_commas(&n.to_string())
}

/// A length of time as people say it.
///
/// * `seconds` - >= 0 [s]
pub fn seconds(seconds: f64) -> String {
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round() as u64;
    if whole < 3600 {
        format!("{} min {} s", whole / 60, whole % 60)
    } else {
        format!("{} h {} min", whole / 3600, whole % 3600 / 60)
    }
}

fn with_unit(definition: &Definition, text: &str) -> String {
    if text == MISSING {
        return text.to_owned();
    }
    format!("{text} {}", unit(definition))
}

/// How the numbers of one metric are printed.
struct Scale {
    is_percent: bool,
    /// Decimals at most.
    decimals: i32,
}

impl Scale {
    fn of(definition: &Definition) -> Scale {
        let is_percent = definition.unit.starts_with("share");
        let decimals = i32::from(definition.decimals);
        Scale {
            is_percent,
            decimals: if is_percent { decimals - 2 } else { decimals },
        }
    }

    /// Decimals that a standard error supports: the last place printed is the largest power of ten
    /// that is not above two errors, and never finer than the catalogue says. Negative: tens, hundreds.
    fn places(&self, se: f64) -> i32 {
        let se = if self.is_percent { se * 100.0 } else { se };
        if se.is_nan() || se <= 0.0 {
            return self.decimals;
        }
        let places = -libm::floor(libm::log10(2.0 * se)) as i32;
        places.min(self.decimals)
    }

    /// Both ends, with so many digits more that an interval without 0 does not seem to touch it.
    fn apart_from_zero(&self, interval: Interval, places: i32) -> String {
        /// Digits more at most.
        const MORE: i32 = 3;
        let ends = |places: i32| [interval.low, interval.high].map(|end| self.print(end, places));
        let touches = |places: &i32| ends(*places).iter().any(|end| is_zero(end));
        let places = if interval.holds(0.0) {
            places
        } else {
            let mut more = places..=places + MORE;
            more.find(|p| !touches(p)).unwrap_or(places)
        };
        ends(places).join(" to ")
    }

    fn print(&self, value: f64, places: i32) -> String {
        if !value.is_finite() {
            return MISSING.to_owned();
        }
        let value = if self.is_percent {
            value * 100.0
        } else {
            value
        };
        let text = if places >= 0 {
            format!("{value:.*}", places as usize)
        } else {
            let unit = libm::pow(10.0, f64::from(-places));
            format!("{:.0}", libm::round(value / unit) * unit)
        };
        with_commas(&unsigned_zero(text))
    }
}

/// `-0.0` reads like a mistake.
fn unsigned_zero(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_owned(),
        _ => text,
    }
}

fn with_commas(text: &str) -> String {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, fraction) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    let mut grouped = String::with_capacity(text.len() + whole.len() / 3);
    grouped.push_str(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped.push_str(fraction);
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::catalogue::Metric;

    fn numbers(mean: f64, se: f64) -> Numbers {
        Numbers {
            n: 1000,
            draws: 1000,
            mean,
            se,
            p5: mean,
            p25: mean,
            p50: mean,
            p75: mean,
            p95: mean,
            min: mean,
            max: mean,
            split: None,
        }
    }

    fn caseload(value: f64, se: f64) -> String {
        bare_mean(Metric::CaseloadMean.definition(), &numbers(value, se))
    }

    #[test]
    fn a_mean_shows_the_digits_that_its_error_supports_and_no_more_than_the_catalogue() {
        assert_eq!(caseload(15.234, 0.003), "15.2");
        assert_eq!(caseload(15.234, 0.15), "15.2");
        assert_eq!(caseload(15.234, 0.6), "15");
        assert_eq!(caseload(1234.0, 6.0), "1,230");
        assert_eq!(caseload(15.0, f64::NAN), "15.0");
        assert_eq!(caseload(f64::NAN, f64::NAN), MISSING);
        assert_eq!(caseload(-0.01, 0.001), "0.0");
    }

    #[test]
    fn shares_are_printed_in_percent() {
        let definition = Metric::BurntOutShare.definition();
        assert_eq!(mean(definition, &numbers(0.23456, 0.0001)), "23.5 %");
        assert_eq!(mean(definition, &numbers(0.23456, 0.006)), "23 %");
        assert_eq!(unit(Metric::Turnover.definition()), "% a year");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000_000), "1,000,000");
        assert_eq!(with_commas("-12345.678"), "-12,345.678");
    }

    #[test]
    fn an_interval_stays_where_its_metric_can_be() {
        let share = Metric::BurntOutShare.definition();
        let text = interval(share, &numbers(0.01, 0.01));
        assert_eq!(text.as_deref(), Some("0 to 3"));
        let text = interval(share, &numbers(0.99, 0.01));
        assert_eq!(text.as_deref(), Some("97 to 100"));
        let text = interval(Metric::StrainMean.definition(), &numbers(0.01, 0.01));
        assert_eq!(text.as_deref(), Some("-0.01 to 0.03"));
    }

    #[test]
    fn a_spread_of_few_values_is_not_told() {
        let definition = Metric::CaseloadMean.definition();
        let mut values = numbers(15.0, 0.1);
        (values.p5, values.p50, values.p95) = (12.43, 14.96, 18.51);
        let spread = |values: &Numbers| spread(definition, values).map(|ends| ends.join(" to "));
        assert_eq!(spread(&values).as_deref(), Some("12.4 to 18.5"));
        assert_eq!(median(definition, &values), "15.0");
        values.p95 = 118.0;
        assert_eq!(spread(&values).as_deref(), Some("10 to 120"));
        values.n = FEWEST - 1;
        assert_eq!(spread(&values), None);
    }

    #[test]
    fn probabilities_are_printed_in_percent() {
        let hits = |hits: u64, n: u64| Hits {
            hits,
            n,
            undefined: 0,
            draws: n,
            se_of_worlds: None,
        };
        // Wilson, as in Newcombe (1998): 0.2553 to 0.3662.
        assert_eq!(probability(hits(81, 263)), "31 % (26 to 37)");
        assert_eq!(probability(hits(0, 20)), "0 % (0 to 16)");
        assert_eq!(probability(hits(10, 10_000)), "0.1 % (0.1 to 0.2)");
        assert_eq!(probability(hits(0, 0)), MISSING);
        let mut one_world = hits(7, 10);
        one_world.draws = 1;
        assert_eq!(probability(one_world), "70 %");
    }

    #[test]
    fn an_interval_is_rounded_like_its_mean() {
        let definition = Metric::CaseloadMean.definition();
        let text = interval(definition, &numbers(15.234, 0.15));
        assert_eq!(text.as_deref(), Some("14.9 to 15.5"));
        assert_eq!(interval(definition, &numbers(15.0, f64::NAN)), None);
    }

    fn differing(mean: f64, se: f64) -> Difference {
        Difference {
            n: 1000,
            draws: 1000,
            mean,
            se,
            lower: 0,
            same: 0,
            variance_ratio: 2.0,
            worlds: None,
        }
    }

    #[test]
    fn a_difference_has_its_sign_and_shares_differ_by_points() {
        let caseload = Metric::CaseloadMean.definition();
        assert_eq!(difference(caseload, &differing(0.32, 0.02)), "+0.3");
        assert_eq!(difference(caseload, &differing(-0.32, 0.02)), "-0.3");
        assert_eq!(difference(caseload, &differing(0.01, 0.001)), "0.0");
        assert!(is_negligible(caseload, &differing(-0.01, 0.001)));
        assert_eq!(size(caseload, &differing(-0.32, 0.02)), "0.3 cases/FTE");
        let interval = difference_interval(caseload, &differing(-0.32, 0.02));
        assert_eq!(interval.as_deref(), Some("-0.4 to -0.3"));
        let small = difference_interval(caseload, &differing(-0.12, 0.05));
        assert_eq!(small.as_deref(), Some("-0.22 to -0.02"));
        let unclear = difference_interval(caseload, &differing(-0.05, 0.05));
        assert_eq!(unclear.as_deref(), Some("-0.1 to 0.0"));
        let burnt_out = Metric::BurntOutShare.definition();
        assert_eq!(size(burnt_out, &differing(-0.012, 0.001)), "1.2 points");
        let turnover = Metric::Turnover.definition();
        assert_eq!(difference_unit(turnover), "points a year");
    }

    #[test]
    fn shares_and_factors_are_rounded_and_never_to_certainty() {
        let shares = [0.0, 0.001, 0.614, 0.9999, 1.0].map(share);
        assert_eq!(shares, ["0 %", "< 1 %", "61 %", "> 99 %", "100 %"]);
        let factors = [0.96, 1.44, 12.4, 1234.0, f64::NAN].map(times);
        assert_eq!(factors, ["1.0", "1.4", "12", "1,200", "-"]);
    }
}
