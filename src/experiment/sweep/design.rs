//! Which points a sweep visits.

use std::collections::BTreeSet;

use crate::random::stream::{Kind, Luck, Purpose};
use crate::scenario::target::Wrong;
use crate::scenario::vary::amount::Amount;
use crate::scenario::vary::setting::Setting;
use crate::scenario::vary::values::Varied;

/// Points of one sweep at most.
pub const POINTS_MAX: usize = 1_000_000;
/// Points of a filling design, if nothing is said.
pub const POINTS: usize = 64;

/// A way to choose points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Every value of each key with every value of the others.
    Grid,
    /// The scenario as it is, and each value of each key alone.
    OneAtATime,
    /// So many points that each key is spread evenly: one in each of so many equal parts.
    Latin,
    /// Points of a scrambled Sobol sequence: all keys together are spread evenly.
    Sobol,
}

/// Points and the keys that differ between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// (keys,) the keys.
    pub keys: Vec<String>,
    /// (points x keys,) what each is set to; nothing: as the scenario has it.
    pub points: Vec<Vec<Option<Amount>>>,
}

impl Design {
    /// The points of a way.
    ///
    /// * `points` - how many; only for the ways that fill
    /// * `seed` - of the luck of a filling design
    ///
    /// # Errors
    /// What makes no design, and what to write.
    pub fn new(
        way: Way,
        varied: &[Varied],
        points: Option<usize>,
        seed: u64,
    ) -> Result<Design, Wrong> {
        if varied.is_empty() {
            let what = "nothing is varied".to_owned();
            return Err((what, "write --vary limit.value=10:24".to_owned()));
        }
        let keys: Vec<String> = varied.iter().map(|v| v.key.clone()).collect();
        for (at, key) in keys.iter().enumerate() {
            if keys[..at].contains(key) {
                let what = format!("`{key}` is varied twice");
                return Err((what, "give all its values in one --vary".to_owned()));
            }
        }
        let fills = matches!(way, Way::Latin | Way::Sobol);
        if !fills && points.is_some() {
            let what = "this design has as many points as the values make".to_owned();
            return Err((
                what,
                "leave --points out, or take --design lhs or sobol".to_owned(),
            ));
        }
        let asked = points.unwrap_or(POINTS);
        if !(1..=POINTS_MAX).contains(&asked) {
            let what = format!("a design has 1 to {POINTS_MAX} points, and not {asked}");
            return Err((what, format!("write --points {POINTS}")));
        }
        let points = match way {
            Way::Grid => grid(varied)?,
            Way::OneAtATime => one_at_a_time(varied)?,
            Way::Latin => latin(varied, asked, seed),
            Way::Sobol => sobol(varied, asked, seed)?,
        };
        Ok(Design { keys, points })
    }

    /// The same design with each point once: the first of those that set the same.
    pub fn without_repeated(mut self) -> Design {
        let mut seen = BTreeSet::new();
        self.points
            .retain(|point| seen.insert(format!("{point:?}")));
        self
    }

    /// What is set at a point.
    pub fn settings(&self, point: usize) -> Vec<Setting> {
        let amounts = self
            .points
            .get(point)
            .map(Vec::as_slice)
            .unwrap_or_default();
        self.keys
            .iter()
            .zip(amounts)
            .filter_map(|(key, amount)| {
                Some(Setting {
                    key: key.clone(),
                    amount: amount.clone()?,
                })
            })
            .collect()
    }

    /// Whether a key is given as factors of what it is.
    pub fn is_factor(&self, key: usize) -> bool {
        let mut amounts = self
            .points
            .iter()
            .filter_map(|point| point.get(key)?.as_ref());
        amounts.any(|amount| matches!(amount, Amount::Times(_)))
    }
}

/// The last key changes fastest.
fn grid(varied: &[Varied]) -> Result<Vec<Vec<Option<Amount>>>, Wrong> {
    let levels = varied
        .iter()
        .map(Varied::levels)
        .collect::<Result<Vec<_>, _>>()?;
    let count = levels
        .iter()
        .try_fold(1_usize, |n, l| n.checked_mul(l.len()));
    if count.is_none_or(|count| count > POINTS_MAX) {
        let sizes: Vec<String> = levels.iter().map(|l| l.len().to_string()).collect();
        let what = format!(
            "the grid has {} points, more than {POINTS_MAX}",
            sizes.join(" x ")
        );
        return Err((
            what,
            "take wider steps, or --design sobol with --points".to_owned(),
        ));
    }
    let mut points = vec![Vec::new()];
    for levels in &levels {
        points = points
            .iter()
            .flat_map(|point| {
                levels.iter().map(move |level| {
                    let mut point = point.clone();
                    point.push(Some(level.clone()));
                    point
                })
            })
            .collect();
    }
    Ok(points)
}

fn one_at_a_time(varied: &[Varied]) -> Result<Vec<Vec<Option<Amount>>>, Wrong> {
    let mut points = vec![vec![None; varied.len()]];
    for (at, key) in varied.iter().enumerate() {
        for level in key.levels()? {
            let mut point = vec![None; varied.len()];
            point[at] = Some(level);
            points.push(point);
        }
    }
    Ok(points)
}

/// # Source
/// McKay, Beckman and Conover (1979), Technometrics 21, 239: a random permutation of the parts for each key, and a
/// uniform place within each part.
fn latin(varied: &[Varied], count: usize, seed: u64) -> Vec<Vec<Option<Amount>>> {
    let columns: Vec<Vec<f64>> = (0..varied.len())
        .map(|key| {
            let mut luck = Luck::new(seed, 0).stream(Kind::Design, key as u64, 0, Purpose::Value);
            let mut parts: Vec<usize> = (0..count).collect();
            for last in (1..count).rev() {
                let other = (luck.uniform() * (last + 1) as f64) as usize;
                parts.swap(last, other.min(last));
            }
            let place = |part: usize, within: f64| (part as f64 + within) / count as f64;
            parts
                .into_iter()
                .map(|part| place(part, luck.uniform()))
                .collect()
        })
        .collect();
    let point = |at: usize| {
        let amounts = varied.iter().zip(&columns);
        amounts
            .map(|(key, column)| Some(key.at(column[at])))
            .collect()
    };
    (0..count).map(point).collect()
}

fn sobol(varied: &[Varied], count: usize, seed: u64) -> Result<Vec<Vec<Option<Amount>>>, Wrong> {
    /// Points that the sequence has.
    const LONGEST: usize = 1 << 16;
    const DIMENSIONS: usize = 256;
    if count > LONGEST || varied.len() > DIMENSIONS {
        let what = format!("a Sobol design has at most {LONGEST} points of {DIMENSIONS} keys");
        return Err((what, "take --design lhs".to_owned()));
    }
    let scramble = (seed ^ (seed >> 32)) as u32;
    let point = |at: usize| {
        let each = varied.iter().enumerate();
        each.map(|(key, varied)| {
            let place = sobol_burley::sample(at as u32, key as u32, scramble);
            Some(varied.at(f64::from(place)))
        })
        .collect()
    };
    Ok((0..count).map(point).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(way: Way, points: Option<usize>, texts: &[&str]) -> Result<Design, Wrong> {
        let varied: Vec<Varied> = texts.iter().map(|t| Varied::parse(t).unwrap()).collect();
        Design::new(way, &varied, points, 7)
    }

    fn shown(design: &Design) -> Vec<String> {
        let text = |a: &Option<Amount>| a.as_ref().map_or("-".to_owned(), Amount::to_string);
        let points = design.points.iter();
        points
            .map(|p| p.iter().map(text).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn a_grid_has_every_pair_and_one_at_a_time_each_value_alone() {
        let grid = design(Way::Grid, None, &["a=1:2", "b=5,6"]).unwrap();
        assert_eq!(shown(&grid), ["1 5", "1 6", "2 5", "2 6"]);
        let alone = design(Way::OneAtATime, None, &["a=1:2", "b=5"]).unwrap();
        assert_eq!(shown(&alone), ["- -", "1 -", "2 -", "- 5"]);
        assert_eq!(alone.settings(0), []);
        assert_eq!(alone.settings(3)[0].key, "b");
    }

    #[test]
    fn filling_designs_have_one_point_in_each_part_of_each_key() {
        // The first 2^k points of a Sobol sequence lie one in each of 2^k parts too, scrambled or not.
        for way in [Way::Latin, Way::Sobol] {
            let design = design(way, Some(32), &["a=0.0:32.5", "b=x0:x32.5"]).unwrap();
            for key in 0..2 {
                let mut parts: Vec<usize> = design
                    .points
                    .iter()
                    .map(|point| match point[key] {
                        Some(Amount::To(v) | Amount::Times(v)) => (v / 32.5 * 32.0) as usize,
                        _ => usize::MAX,
                    })
                    .collect();
                parts.sort_unstable();
                assert_eq!(parts, (0..32).collect::<Vec<_>>(), "{way:?}");
            }
        }
    }

    #[test]
    fn designs_that_make_no_sense_are_refused() {
        for (way, points, texts, part) in [
            (Way::Grid, None, vec![], "nothing"),
            (Way::Grid, Some(3), vec!["a=1:2"], "as many points"),
            (Way::Grid, None, vec!["a=1:2", "a=3"], "twice"),
            (Way::Grid, None, vec!["a=x0.8:x1.2"], "no step"),
            (Way::Grid, None, vec!["a=1:2000", "b=1:2000"], "2000 x 2000"),
            (Way::Latin, Some(0), vec!["a=1:2"], "1 to"),
            (Way::Sobol, Some(100_000), vec!["a=1:2"], "at most"),
        ] {
            let wrong = design(way, points, &texts).unwrap_err();
            assert!(wrong.0.contains(part), "{wrong:?}");
        }
    }
}
