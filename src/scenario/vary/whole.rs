//! Factors of whole numbers: what is really simulated of them.

use crate::scenario::node::{Node, Table, Value};
use crate::scenario::quantity::parse_working_days;
use crate::scenario::target::Wrong;
use crate::scenario::vary::amend::node_at;
use crate::scenario::vary::amount::Amount;
use crate::scenario::vary::place::{Lever, Place, lever};
use crate::scenario::vary::values::{Values, Varied};
use crate::scenario::view::preset;
use crate::text::listed;

/// The values of a key as they are simulated.
///
/// A factor of a whole number, such as x1.04 of 10 posts, is simulated as the nearest whole number, half up. Where a
/// factor of a key gives no whole number, its factors become the numbers that are simulated, each once: the results are
/// then labelled with them. A range of factors without a step becomes every whole number between its ends. Where the key
/// means several numbers, the factors stay, and those are left out that come to the same numbers as one before.
///
/// * `tree` - with every short form [spelled out](crate::scenario::vary::place::spelled)
/// * returns - the values, and what is to be told of them; nothing where nothing was changed
///
/// # Errors
/// What is wrong with the key; a range of factors that comes to one number alone.
pub fn simulated(tree: &Table, varied: &Varied) -> Result<(Varied, Option<String>), Wrong> {
    let lever = lever(tree, &varied.key)?;
    let unchanged = (varied.clone(), None);
    let Some(current) = current(tree, &lever).filter(|_| varied.is_factor()) else {
        return Ok(unchanged);
    };
    if let Values::Span {
        low,
        high,
        step: None,
        ..
    } = &varied.values
    {
        let [single] = current.as_slice() else {
            let what = "takes whole numbers: each factor is simulated as the nearest of them";
            return Ok((varied.clone(), Some(format!("`{}` {what}", varied.key))));
        };
        let (low, high) = (nearest(single * low), nearest(single * high));
        if low == high {
            let what = format!(
                "`{}` takes whole numbers, and is {single}: every factor of this range comes to {low}",
                varied.key
            );
            return Err((
                what,
                format!("write whole numbers, such as {}=8:12", varied.key),
            ));
        }
        let told = format!(
            "`{}` takes whole numbers, and is {single}: {low} to {high} are simulated, in steps of 1",
            varied.key
        );
        let values = Values::Span {
            low,
            high,
            step: Some(1.0),
            is_factor: false,
        };
        return Ok((with(varied, values), Some(told)));
    }
    let levels = varied.levels()?;
    let mut seen: Vec<Vec<f64>> = Vec::new();
    let (mut kept, mut told) = (Vec::new(), Vec::new());
    for level in levels {
        let Amount::Times(factor) = level else {
            return Ok(unchanged);
        };
        let numbers: Vec<f64> = current
            .iter()
            .map(|number| nearest(number * factor))
            .collect();
        let is_exact = current
            .iter()
            .zip(&numbers)
            .all(|(from, to)| is_near(from * factor, *to));
        if !is_exact {
            told.push(match numbers.as_slice() {
                [single] => format!("x{factor} is simulated as {single}"),
                _ => format!("x{factor} is rounded at each place"),
            });
        }
        if !seen.contains(&numbers) {
            kept.push(match numbers.as_slice() {
                [single] => Amount::To(*single),
                _ => level,
            });
            seen.push(numbers);
        }
    }
    if told.is_empty() {
        return Ok(unchanged);
    }
    let is = match current.as_slice() {
        [single] => format!(", and is {single}"),
        _ => String::new(),
    };
    let words = format!(
        "`{}` takes whole numbers{is}: {}; what comes to the same is simulated once",
        varied.key,
        listed(&told)
    );
    Ok((with(varied, Values::List(kept)), Some(words)))
}

/// An amount of a key as it is simulated: a factor of one whole number that gives no whole number is the nearest.
///
/// # Errors
/// What is wrong with the key.
pub fn simulated_amount(tree: &Table, key: &str, amount: &Amount) -> Result<Amount, Wrong> {
    let one = Varied {
        key: key.to_owned(),
        values: Values::List(vec![amount.clone()]),
    };
    let (varied, _) = simulated(tree, &one)?;
    Ok(match varied.values {
        Values::List(list) => list.into_iter().next().unwrap_or_else(|| amount.clone()),
        Values::Span { .. } => amount.clone(),
    })
}

fn with(varied: &Varied, values: Values) -> Varied {
    Varied {
        key: varied.key.clone(),
        values,
    }
}

fn nearest(number: f64) -> f64 {
    libm::floor(number + 0.5)
}

fn is_near(exact: f64, whole: f64) -> bool {
    libm::fabs(exact - whole) <= 1e-9 * libm::fabs(exact).max(1.0)
}

/// The whole numbers that a key is now: one where it means one, or several that are equal; the total of groups of posts.
///
/// * returns - nothing where it is no whole number, or is not written as one
fn current(tree: &Table, lever: &Lever) -> Option<Vec<f64>> {
    if !lever.is_whole() {
        return None;
    }
    let numbers = lever.places.iter().map(|place| number(tree, place));
    let mut numbers: Vec<f64> = numbers.collect::<Option<_>>()?;
    if lever.places.len() > 1 && lever.places.iter().all(|place| place.total.is_some()) {
        return Some(vec![numbers.iter().sum()]);
    }
    let first = *numbers.first()?;
    if numbers.iter().all(|number| *number == first) {
        numbers.truncate(1);
    }
    Some(numbers)
}

fn number(tree: &Table, place: &Place) -> Option<f64> {
    let written = node_at(tree, &place.steps).cloned();
    let node: Node = written.or_else(|| place.preset.and_then(preset))?;
    let inner = node
        .as_table()
        .map_or(Some(&node), |table| table.get("value"));
    match &inner?.value {
        Value::Text(text) => parse_working_days(text).ok().map(f64::from),
        _ => inner?.as_number(),
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::document::Document;
    use crate::scenario::starter::starter;
    use crate::scenario::vary::amount::Amount;
    use crate::scenario::vary::values::{Values, Varied};

    fn simulated(text: &str) -> (Vec<String>, Option<String>) {
        let document = Document::parse("mine", starter()).unwrap();
        let (varied, told) = document.simulated(&Varied::parse(text).unwrap()).unwrap();
        let levels = varied.levels().unwrap();
        (levels.iter().map(Amount::to_string).collect(), told)
    }

    fn posts() -> usize {
        Document::parse("mine", starter())
            .unwrap()
            .scenario()
            .post_count()
    }

    #[test]
    fn factors_of_a_whole_number_are_the_numbers_that_are_simulated_each_once() {
        let now = posts();
        let (levels, told) = simulated("posts.worker.count=x1.01,x0.99,x1.5,x1");
        let half = (now as f64 * 1.5 + 0.5).floor();
        assert_eq!(levels, [now.to_string(), half.to_string()]);
        let told = told.unwrap();
        assert!(
            told.contains(&format!("x1.01 is simulated as {now}")),
            "{told}"
        );
    }

    #[test]
    fn factors_that_give_whole_numbers_and_factors_of_others_stay() {
        assert_eq!(
            simulated("posts.worker.count=x1,x2"),
            (vec!["x1".to_owned(), "x2".to_owned()], None)
        );
        let rate = simulated("referrals.families_per_month=x0.97,x1.03");
        assert_eq!(rate, (vec!["x0.97".to_owned(), "x1.03".to_owned()], None));
        assert_eq!(simulated("posts.worker.count=8:10").0, ["8", "9", "10"]);
    }

    #[test]
    fn a_range_of_factors_is_every_whole_number_between_its_ends() {
        let document = Document::parse("mine", starter()).unwrap();
        let range = |text| document.simulated(&Varied::parse(text).unwrap());
        let (varied, told) = range("posts.worker.count=x0.5:x1.5").unwrap();
        let Values::Span {
            low,
            high,
            step,
            is_factor,
        } = varied.values
        else {
            panic!("a list");
        };
        let now = posts() as f64;
        assert_eq!(
            (low, high),
            ((now * 0.5 + 0.5).floor(), (now * 1.5 + 0.5).floor())
        );
        assert_eq!((step, is_factor), (Some(1.0), false));
        assert!(told.is_some());
        let (what, remedy) = range("posts.worker.count=x0.999:x1.001").unwrap_err();
        assert!(what.contains("every factor"), "{what}");
        assert!(remedy.contains("whole numbers"), "{remedy}");
    }
}
