//! Quantiles of a stream in fixed memory.

/// Bins of a sketch.
const BINS: usize = 512;
/// Bins as long as the values lie together: many numbers of a run are the same in every replication.
const FEW: usize = 8;
/// Bins that are added up at once where a rank is sought.
const STRETCH: usize = 32;
/// The finest bins are 2^-20 wide on the scale of [`QuantileSketch`].
const FINEST: i32 = 20;
/// asinh of the largest double is below 711.
const FARTHEST: f64 = 711.0;

/// A mergeable histogram of whole counts that answers any quantile, in 512 bins and no more.
///
/// The scale is `y = asinh(x / resolution)`: linear well inside the resolution, logarithmic well
/// outside it, of either sign. Bins are `2^-k` wide and aligned at multiples of their width; k begins
/// at 20 and falls by one (neighbours are added) whenever the bins from the lowest to the highest
/// value are more than 512. The state is therefore a function of the multiset of values alone: no
/// order of pushes and no way of merging changes it.
///
/// **Error.** An estimated order statistic lies in the bin of the true one, so on the y scale it is off by less than one
/// bin. At least 256 bins stand from the lowest to the highest value unless the width is still the finest, so one bin is at
/// most w = (y range of the values) / 255, or 2^-20. In the unit of the values that is an error of at most about
/// `w sqrt(x^2 + resolution^2)` at a value x: a stated part of x itself, not of the range. For values from 0 to a thousand
/// times the resolution w is 0.03 and the largest value, 3 % of itself, is the least certain; where the values lie far from 0
/// and close together w is small. In smooth data the error is much less. Between two order statistics the answer is
/// linear, and so no farther off than the farther of them.
///
/// Exact are the least and the greatest value, all values equal to one of them or to 0 (they are counted, so that where most
/// values are one of these no answer lies a little beside it), and all values that are the same. Where every value is a
/// whole number, so is every order statistic: the nearest whole number of its bin, exact where the bin holds one only (at a
/// resolution of 1 as far as about 1 / w). A quantile between two of them may be a fraction: the median of 14 and 15 is
/// 14.5.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantileSketch {
    resolution: f64,
    per_resolution: f64,
    /// Bins are 2^-k wide.
    k: i32,
    /// 2^k.
    per_width: f64,
    /// Lowest and highest bin in use; `low > high` where there is none.
    low: i64,
    high: i64,
    n: u64,
    missing: u64,
    min: f64,
    max: f64,
    /// Values equal to the least, to the greatest, and to 0.
    at_min: u64,
    at_max: u64,
    zeros: u64,
    /// Values that are no whole number.
    broken: u64,
    /// Bin i is counted at i modulo 8, as long as the bins in use are no more.
    few: [u32; FEW],
    /// Then at i modulo 512: so nothing moves when the lowest bin changes.
    many: Option<Box<[u32; BINS]>>,
}

/// How far the bins have been added up on the way to a rank.
struct Walk {
    bin: i64,
    /// Values in the bins before it.
    before: u64,
}

impl QuantileSketch {
    /// No values yet.
    ///
    /// * `resolution` - size of difference near 0 that still matters [unit of the values]; anything
    ///   but a positive finite number stands for 1
    pub fn new(resolution: f64) -> QuantileSketch {
        let resolution = if resolution.is_finite() && resolution > 0.0 {
            resolution
        } else {
            1.0
        };
        QuantileSketch {
            resolution,
            per_resolution: 1.0 / resolution,
            k: FINEST,
            per_width: (1_i64 << FINEST) as f64,
            low: i64::MAX,
            high: i64::MIN,
            n: 0,
            missing: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            at_min: 0,
            at_max: 0,
            zeros: 0,
            broken: 0,
            few: [0; FEW],
            many: None,
        }
    }

    /// Takes in one value; NaN is missing, counted as missing and else skipped. Infinity counts as the
    /// greatest double.
    #[inline]
    pub fn push(&mut self, value: f64) {
        if value.is_nan() {
            self.missing += 1;
            return;
        }
        self.take(value.clamp(f64::MIN, f64::MAX), 1);
    }

    /// Takes in values as [`push`](QuantileSketch::push) does one by one; those that lie farthest apart come first, so
    /// that the bins are made as wide as they must be once, not again and again.
    pub fn push_all(&mut self, values: &[f64]) {
        let farthest = |is_farther: fn(f64, f64) -> bool| {
            let mut at = 0;
            for (other, value) in values.iter().enumerate() {
                if is_farther(*value, values[at]) || values[at].is_nan() {
                    at = other;
                }
            }
            at
        };
        let (least, greatest) = (farthest(|a, b| a < b), farthest(|a, b| a > b));
        let ends = [Some(least), (greatest != least).then_some(greatest)];
        for value in ends.into_iter().flatten().filter_map(|at| values.get(at)) {
            self.push(*value);
        }
        for (at, value) in values.iter().enumerate() {
            if at != least && at != greatest {
                self.push(*value);
            }
        }
    }

    /// Takes in a value, a number of times.
    #[inline]
    fn take(&mut self, value: f64, times: u64) {
        let is_alike = self.n == 0 || (value == self.min && value == self.max);
        if !is_alike {
            if self.are_alike() {
                self.put(self.min, self.n);
            }
            self.put(value, times);
        }
        self.n += times;
        if value < self.min {
            (self.min, self.at_min) = (value, 0);
        }
        if value > self.max {
            (self.max, self.at_max) = (value, 0);
        }
        let times_where = |is_so: bool| times * u64::from(is_so);
        self.at_min += times_where(value == self.min);
        self.at_max += times_where(value == self.max);
        self.zeros += times_where(value == 0.0);
        self.broken += times_where(value != libm::trunc(value));
    }

    /// True where all values are the same, or there are none: they are counted, and lie in no bin.
    fn are_alike(&self) -> bool {
        self.low > self.high
    }

    /// Puts a value into its bin, a number of times.
    #[inline]
    fn put(&mut self, value: f64, times: u64) {
        let y = asinh(value * self.per_resolution);
        let scaled = y * self.per_width;
        // A floor by cast: scaled stays far inside the whole numbers of an i64.
        let towards_zero = scaled as i64;
        let mut bin = towards_zero - i64::from(scaled < towards_zero as f64);
        if bin < self.low || bin > self.high {
            let (low, high) = (self.low.min(bin), self.high.max(bin));
            let shift = too_fine_by(low, high);
            self.widen(shift);
            bin >>= shift;
            self.reach(low >> shift, high >> shift);
        }
        self.add(bin, u32::try_from(times).unwrap_or(u32::MAX));
    }

    /// Takes in all values of another sketch. Promise: both have the same resolution.
    pub fn merge(&mut self, other: &QuantileSketch) {
        debug_assert_eq!(self.resolution.to_bits(), other.resolution.to_bits());
        self.missing += other.missing;
        if other.are_alike() {
            if other.n > 0 {
                self.take(other.min, other.n);
            }
            return;
        }
        if self.n > 0 && self.are_alike() {
            self.put(self.min, self.n);
        }
        let k = self.k.min(other.k);
        let (mine, others) = (self.k.abs_diff(k), other.k.abs_diff(k));
        // Shifted, the bounds of no bins at all would look like those of some.
        let of_mine = |bound: i64| {
            if self.low > self.high {
                bound
            } else {
                bound >> mine
            }
        };
        let low = of_mine(self.low).min(other.low >> others);
        let high = of_mine(self.high).max(other.high >> others);
        let more = too_fine_by(low, high);
        let shift = others + more;
        self.widen(mine + more);
        self.reach(low >> more, high >> more);
        for bin in other.low..=other.high {
            self.add(bin >> shift, other.count(bin));
        }
        self.n += other.n;
        if other.min < self.min {
            (self.min, self.at_min) = (other.min, 0);
        }
        if other.max > self.max {
            (self.max, self.at_max) = (other.max, 0);
        }
        if other.min == self.min {
            self.at_min += other.at_min;
        }
        if other.max == self.max {
            self.at_max += other.at_max;
        }
        self.zeros += other.zeros;
        self.broken += other.broken;
    }

    /// Values, missing ones not counted.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Missing values.
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// True where every value is a whole number; of no values too.
    pub fn is_whole(&self) -> bool {
        self.broken == 0
    }

    /// Least value, exact; nothing of no values.
    pub fn min(&self) -> Option<f64> {
        (self.n > 0).then_some(self.min)
    }

    /// Greatest value, exact; nothing of no values.
    pub fn max(&self) -> Option<f64> {
        (self.n > 0).then_some(self.max)
    }

    /// The p-quantiles; nothing of no values.
    ///
    /// Each estimates type 7 of Hyndman and Fan (1996), the default of R and NumPy: with
    /// `h = (n - 1) p`, between the order statistics of ranks floor(h) and floor(h) + 1 (from 0),
    /// linearly. Values of one bin are taken to lie evenly in it; the answer never leaves the range of
    /// the values. See the type for the error.
    ///
    /// * `p` - (any number,) each clamped to 0 to 1 and no NaN; found fastest where they rise
    pub fn quantiles<const N: usize>(&self, p: [f64; N]) -> Option<[f64; N]> {
        if self.n == 0 || p.iter().any(|p| p.is_nan()) {
            return None;
        }
        if self.are_alike() {
            return Some([self.min; N]);
        }
        let mut walk = self.walk();
        Some(p.map(|p| {
            let h = (self.n - 1) as f64 * p.clamp(0.0, 1.0);
            let rank = libm::floor(h) as u64;
            let lower = self.order_statistic(rank, &mut walk);
            let part = h - rank as f64;
            if part == 0.0 || rank + 1 >= self.n {
                return lower;
            }
            let upper = self.order_statistic(rank + 1, &mut walk);
            lower + part * (upper - lower)
        }))
    }

    /// A walk that has not begun.
    fn walk(&self) -> Walk {
        Walk {
            bin: self.low,
            before: 0,
        }
    }

    /// The value of a rank from 0 to n - 1.
    fn order_statistic(&self, rank: u64, walk: &mut Walk) -> f64 {
        if rank < self.at_min {
            return self.min;
        }
        if rank >= self.n - self.at_max {
            return self.max;
        }
        if rank < walk.before {
            *walk = self.walk();
        }
        self.pass_stretches(rank, walk);
        while walk.bin <= self.high {
            let (bin, before) = (walk.bin, walk.before);
            let count = u64::from(self.count(bin));
            if rank < before + count {
                // Values that are known stand at the ends of their bin; the others lie evenly in it.
                let least = if bin == self.low { self.at_min } else { 0 };
                let greatest = if bin == self.high { self.at_max } else { 0 };
                // Bin 0 begins at 0.
                let is_inner = self.min != 0.0 && self.max != 0.0;
                let zeros = if bin == 0 && is_inner { self.zeros } else { 0 };
                let place = rank.saturating_sub(before + least);
                if place < zeros {
                    return 0.0;
                }
                let others = count.saturating_sub(least + greatest + zeros).max(1);
                let place = ((place - zeros) as f64 + 0.5) / others as f64;
                let value = self.value_at(bin as f64 + place);
                let value = match self.is_whole() {
                    true => self.whole_in(bin, value),
                    false => value,
                };
                return value.clamp(self.min, self.max);
            }
            walk.bin += 1;
            walk.before += count;
        }
        self.max
    }

    /// The value at a place on the scale of the bins.
    fn value_at(&self, place: f64) -> f64 {
        self.resolution * libm::sinh(place / self.per_width)
    }

    /// The whole number of a bin that is nearest to a value.
    fn whole_in(&self, bin: i64, value: f64) -> f64 {
        /// The edges of bins are rounded; a whole number may stand so close outside them.
        const ROUNDING: f64 = 1e-9;
        let edge = |bin: i64| self.value_at(bin as f64);
        let (low, high) = (edge(bin), edge(bin + 1));
        let first = libm::ceil(low - ROUNDING * (1.0 + low.abs()));
        let last = libm::floor(high + ROUNDING * (1.0 + high.abs()));
        libm::round(value).max(first).min(last)
    }

    /// Walks on over whole stretches of bins that stand side by side and are added up at once, so that few are looked
    /// at one by one, as far as the one with a rank.
    fn pass_stretches(&self, rank: u64, walk: &mut Walk) {
        let Some(many) = &self.many else {
            return;
        };
        while walk.bin + STRETCH as i64 <= self.high {
            let from = walk.bin as usize % BINS;
            // No further than the end of the memory, where the bins go on at its beginning.
            let to = (from + STRETCH).min(BINS);
            let stretch = many[from..to].iter();
            let count: u64 = stretch.map(|count| u64::from(*count)).sum();
            if rank < walk.before + count {
                break;
            }
            walk.before += count;
            walk.bin += (to - from) as i64;
        }
    }

    /// How many values a bin has.
    #[inline]
    fn count(&self, bin: i64) -> u32 {
        match &self.many {
            Some(many) => many[bin as usize % BINS],
            None => self.few[bin as usize % FEW],
        }
    }

    /// Counts values in a bin.
    #[inline]
    fn add(&mut self, bin: i64, values: u32) {
        let count = match &mut self.many {
            Some(many) => &mut many[bin as usize % BINS],
            None => &mut self.few[bin as usize % FEW],
        };
        *count = count.saturating_add(values);
    }

    /// Takes bins as far as these into use; they hold nothing yet.
    #[inline]
    fn reach(&mut self, low: i64, high: i64) {
        if high - low >= FEW as i64 && self.many.is_none() {
            let mut many = Box::new([0; BINS]);
            for bin in self.low..=self.high {
                many[bin as usize % BINS] = self.few[bin as usize % FEW];
            }
            self.few = [0; FEW];
            self.many = Some(many);
        }
        (self.low, self.high) = (low, high);
    }

    /// Makes the bins `2^by` times as wide.
    fn widen(&mut self, by: u32) {
        if by == 0 {
            return;
        }
        self.k -= by as i32;
        self.per_width /= (1_u64 << by) as f64;
        if self.low > self.high {
            return;
        }
        let counts: &mut [u32] = match &mut self.many {
            Some(many) => many.as_mut_slice(),
            None => &mut self.few,
        };
        let mut merged = [0_u32; BINS];
        let merged = &mut merged[..counts.len()];
        let place = |bin: i64| bin as usize & (counts.len() - 1);
        for bin in self.low..=self.high {
            let into = &mut merged[place(bin >> by)];
            *into = into.saturating_add(counts[place(bin)]);
        }
        counts.copy_from_slice(merged);
        self.low >>= by;
        self.high >>= by;
    }
}

/// How often the width of bins must be doubled so that those from the lowest to the highest are no more than there are.
fn too_fine_by(low: i64, high: i64) -> u32 {
    let mut by = 0;
    while (high >> by) - (low >> by) >= BINS as i64 {
        by += 1;
    }
    by
}

/// The inverse hyperbolic sine to an absolute error that is small beside the finest bin, in portable
/// arithmetic: the same bits on every machine, and faster than the careful `libm::asinh`.
#[inline]
fn asinh(x: f64) -> f64 {
    let a = x.abs();
    if a == 0.0 {
        return 0.0;
    }
    let y = if a < 1e8 {
        libm::log(a + (a * a + 1.0).sqrt())
    } else {
        (libm::log(a) + std::f64::consts::LN_2).min(FARTHEST)
    };
    if x < 0.0 { -y } else { y }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[f64]) -> QuantileSketch {
        let mut sketch = QuantileSketch::new(0.01);
        for v in values {
            sketch.push(*v);
        }
        sketch
    }

    fn quantile(sketch: &QuantileSketch, p: f64) -> Option<f64> {
        sketch.quantiles([p]).map(|[value]| value)
    }

    /// Type 7 of Hyndman and Fan.
    fn exact(sorted: &[f64], p: f64) -> f64 {
        let h = (sorted.len() - 1) as f64 * p;
        let i = h.floor() as usize;
        let next = sorted[(i + 1).min(sorted.len() - 1)];
        sorted[i] + (h - h.floor()) * (next - sorted[i])
    }

    fn any_value() -> impl Strategy<Value = f64> {
        prop_oneof![
            -1e3_f64..1e3,
            0.0_f64..1.0,
            (0_u32..40).prop_map(f64::from),
            Just(0.0),
            Just(f64::NAN),
            -1e300_f64..1e300,
            Just(f64::INFINITY),
        ]
    }

    /// Values of all kinds, or few that come again and again, at last one alone.
    fn any_values() -> impl Strategy<Value = Vec<f64>> {
        let few = prop::collection::vec(any_value(), 1..3);
        let again =
            few.prop_flat_map(|few| prop::collection::vec(prop::sample::select(few), 0..40));
        prop_oneof![prop::collection::vec(any_value(), 0..400), again]
    }

    proptest! {
        #[test]
        fn the_state_depends_on_the_values_alone(
            values in any_values(),
            cut in 0_usize..400,
        ) {
            let forward = of(&values);
            let mut turned: Vec<f64> = values.clone();
            turned.reverse();
            prop_assert_eq!(&forward, &of(&turned));
            let cut = cut.min(values.len());
            let (left, right) = values.split_at(cut);
            let mut merged = of(right);
            merged.merge(&of(left));
            prop_assert_eq!(&forward, &merged);
            let mut other_way = of(left);
            other_way.merge(&of(right));
            prop_assert_eq!(&forward, &other_way);
            let mut at_once = of(left);
            at_once.push_all(right);
            prop_assert_eq!(&forward, &at_once);
        }

        /// Found together, whether they rise or not, they are what each is alone.
        #[test]
        fn quantiles_are_found_together_as_alone(
            values in any_values(),
            p in prop::array::uniform6(0.0_f64..=1.0),
        ) {
            let sketch = of(&values);
            let mut rising = p;
            rising.sort_by(f64::total_cmp);
            for p in [p, rising] {
                let alone = p.map(|p| quantile(&sketch, p));
                let together = sketch.quantiles(p);
                for (at, alone) in alone.into_iter().enumerate() {
                    prop_assert_eq!(together.map(|all| all[at]), alone);
                }
            }
        }

        /// The bound as it is stated: against the order statistics themselves, in the unit of the values.
        #[test]
        fn order_statistics_are_off_by_no_more_than_is_stated(
            values in prop::collection::vec(
                prop_oneof![-1e3_f64..1e3, 0.0_f64..1.0, 1e5_f64..2e5],
                2..400,
            ),
            at in 0.0_f64..1.0,
        ) {
            let sketch = of(&values);
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let last = sorted.len() - 1;
            let rank = (at * last as f64).round() as usize;
            let y = |x: f64| (x / 0.01).asinh();
            let w = ((y(sorted[last]) - y(sorted[0])) / 255.0).max(1.0 / f64::from(1 << FINEST));
            let truth = sorted[rank];
            let answer = quantile(&sketch, rank as f64 / last as f64).unwrap();
            // The slope of sinh at the farther of both ends; a rank that is no whole number by rounding asks for a little
            // of the next order statistic.
            let farther = truth.abs().max(answer.abs());
            let next = sorted[(rank + 1).min(last)] - truth;
            let stated = w * (farther * farther + 1e-4).sqrt() + 1e-9 * (1.0 + next.abs() + farther);
            prop_assert!((answer - truth).abs() <= stated, "{answer} {truth} {stated}");
        }

        /// Whole numbers below the reach of one bin come out as they are, and halves between them.
        #[test]
        fn quantiles_of_small_whole_numbers_are_exact(
            values in prop::collection::vec(0_u32..60, 1..300),
            p in prop_oneof![0.0_f64..=1.0, Just(0.5), Just(0.25), Just(0.05)],
        ) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let mut sketch = QuantileSketch::new(1.0);
            values.iter().for_each(|value| sketch.push(*value));
            let mut sorted = values;
            sorted.sort_by(f64::total_cmp);
            let (answer, truth) = (quantile(&sketch, p).unwrap(), exact(&sorted, p));
            prop_assert!((answer - truth).abs() <= 1e-9 * (1.0 + truth), "{answer} {truth}");
        }

        #[test]
        fn quantiles_are_within_one_bin_of_the_exact_ones(
            values in prop::collection::vec(
                prop_oneof![-1e3_f64..1e3, 0.0_f64..1.0, (0_u32..40).prop_map(f64::from)],
                1..400,
            ),
            p in 0.0_f64..=1.0,
        ) {
            let sketch = of(&values);
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let y = |x: f64| (x / 0.01).asinh();
            let range = y(sorted[sorted.len() - 1]) - y(sorted[0]);
            let bound = (range / 255.0).max(1.0 / f64::from(1 << FINEST)) * (1.0 + 1e-9);
            // Each of the two order statistics is within the bound, so the answer lies between
            // their two displaced values.
            let h = (sorted.len() - 1) as f64 * p;
            let (i, part) = (h.floor() as usize, h - h.floor());
            let j = (i + 1).min(sorted.len() - 1);
            let at = |x: f64, shift: f64| 0.01 * (y(x) + shift).sinh();
            let mix = |shift: f64| {
                at(sorted[i], shift) + part * (at(sorted[j], shift) - at(sorted[i], shift))
            };
            let answer = quantile(&sketch, p).unwrap();
            let slack = 1e-9 * answer.abs().max(1e-6);
            prop_assert!(mix(-bound) - slack <= answer && answer <= mix(bound) + slack,
                "{answer} outside {} to {}", mix(-bound), mix(bound));
            prop_assert_eq!(quantile(&sketch, 0.0), Some(sorted[0]));
            prop_assert_eq!(quantile(&sketch, 1.0), Some(sorted[sorted.len() - 1]));
        }
    }

    #[test]
    fn no_values_have_no_quantile() {
        assert_eq!(quantile(&of(&[]), 0.5), None);
        let missing = of(&[f64::NAN, f64::NAN]);
        assert_eq!((missing.n(), missing.missing()), (0, 2));
        assert_eq!(quantile(&missing, 0.5), None);
        assert_eq!((missing.min(), missing.max()), (None, None));
    }

    #[test]
    fn equal_values_have_that_value_as_every_quantile() {
        for value in [0.0, 15.2, -3.0, 1e308] {
            let sketch = of(&[value; 100]);
            for p in [0.0, 0.05, 0.5, 0.95, 1.0] {
                assert_eq!(quantile(&sketch, p), Some(value));
            }
        }
    }

    #[test]
    fn smooth_data_come_out_far_better_than_the_bound() {
        // Quantiles of an exponential law with mean 15 by its own inverse: 4,000 even points.
        let mut values: Vec<f64> = (0..4000)
            .map(|i| -15.0 * (-(f64::from(i) + 0.5) / 4000.0).ln_1p())
            .collect();
        let sketch = of(&values);
        values.sort_by(f64::total_cmp);
        for p in [0.05, 0.25, 0.5, 0.75, 0.95] {
            let truth = exact(&values, p);
            let answer = quantile(&sketch, p).unwrap();
            assert!(
                (answer / truth - 1.0).abs() < 0.005,
                "{p}: {answer} {truth}"
            );
        }
    }

    #[test]
    fn what_most_values_are_is_met_exactly_where_it_is_zero_or_an_end() {
        // Far apart, so that the bins are wide.
        let spread = |i: i32| 1e-4 * libm::exp(0.1 * f64::from(i));
        for atom in [0.0, -5.0, 1e9] {
            let mut values: Vec<f64> = (1..150).map(spread).collect();
            values.extend([atom; 250]);
            let sketch = of(&values);
            values.sort_by(f64::total_cmp);
            for p in [0.05, 0.25, 0.5, 0.75, 0.95] {
                let truth = exact(&values, p);
                if truth == atom {
                    assert_eq!(quantile(&sketch, p), Some(atom), "{p}");
                }
            }
            assert_eq!(quantile(&sketch, 0.5), Some(atom));
        }
        let mut both = vec![-3.0, -2.0, 4.0];
        both.extend([0.0; 40]);
        assert_eq!(quantile(&of(&both), 0.5), Some(0.0));
    }

    #[test]
    fn a_median_between_two_whole_numbers_is_not_rounded_to_one() {
        let mut values: Vec<f64> = (0..30).map(f64::from).collect();
        let mut sketch = QuantileSketch::new(1.0);
        values.iter().for_each(|value| sketch.push(*value));
        assert_eq!(quantile(&sketch, 0.5), Some(14.5));
        // A bin may hold several: the answer is still one of the whole numbers there are.
        values.extend((0..300).map(|i| f64::from(i) * 1000.0));
        let mut sketch = QuantileSketch::new(1.0);
        values.iter().for_each(|value| sketch.push(*value));
        for rank in 0..330 {
            let answer = sketch.order_statistic(rank, &mut sketch.walk());
            assert_eq!(answer, answer.trunc());
        }
    }

    #[test]
    fn whole_numbers_are_noticed() {
        assert!(of(&[0.0, -3.0, 1e300, f64::NAN]).is_whole());
        assert!(!of(&[0.0, 0.5]).is_whole());
    }

    #[test]
    fn two_values_are_met_exactly_and_between_them_linearly() {
        let sketch = of(&[2.0, 4.0]);
        assert_eq!(quantile(&sketch, 0.25), Some(2.5));
        assert_eq!(quantile(&sketch, 0.5), Some(3.0));
    }

    #[test]
    fn a_count_that_is_full_stays_full() {
        let mut sketch = of(&[1.0, 2.0]);
        let bin = sketch.low;
        sketch.add(bin, u32::MAX);
        sketch.push(1.0);
        assert_eq!(sketch.count(bin), u32::MAX);
    }
}
