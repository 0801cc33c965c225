//! Boxes of inputs in which something happens more often than elsewhere: patient rule induction.
//!
//! A box is peeled: again and again a twentieth of its points (of few points up to a fifth) is cut off at the side where that
//! leaves the greatest share of hits. Of all boxes on the way, that is kept which holds most hits beyond those that as many
//! points would hold anyhow, so that no eye has to choose, whether hits are rare or common. It is pasted: its sides are moved out,
//! or in by little, as long as that grows. Two boxes at opposite ends of one input stand in the way of each other: what is cut
//! off at one end is the other box, and neither may be found whole. Limits that do not narrow it beyond luck are taken off, and
//! the next box is sought among the points outside.
//!
//! # Source
//! Friedman and Fisher (1999), Statistics and Computing 9, 123; Bryant and Lempert (2010), Technological Forecasting and Social
//! Change 77, 34, for coverage, density and the quasi-p-value of a limit; Lavrac, Flach and Zupan (1999), Lecture Notes
//! in Computer Science 1634, 174, for the weighted relative accuracy by which a box is chosen. [`by_chance`], and larger cuts of
//! few points, are this program's own.

use statrs::function::beta::beta_reg;

/// Part of a box that is peeled or pasted at once.
const PATIENCE: f64 = 0.05;
/// Part of a box by which a side is moved in at last.
const FINE: f64 = 0.005;
/// Points that are peeled at once at least, because the best of many cuts of few points is that of luck; but no more than
/// [`IMPATIENCE`] of a box.
const FEW: usize = 20;
/// Part of a box that is peeled at once at most, where it has few points.
const IMPATIENCE: f64 = 0.2;
/// Points of a box at least, of all points.
const LEAST: f64 = 0.05;
/// A limit whose quasi-p-value is above is taken off.
const LUCK: f64 = 0.05;

/// A limit of a box on one input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Place of the input.
    pub input: usize,
    /// Points lie above; absent: no end there.
    pub above: Option<f64>,
    /// Points lie below; absent: no end there.
    pub below: Option<f64>,
    /// Quasi-p-value: how often the box would have as many hits if its points were any of those that it holds without
    /// this limit. It does not count that the limit was sought.
    pub quasi_p: f64,
}

/// A box.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its limits, one for each input that has any, in the order of inputs; not empty.
    pub limits: Vec<Limit>,
    /// Points in it that are in no earlier box.
    pub inside: usize,
    /// Hits among these.
    pub hits: usize,
    /// Hits in it, of all hits [1].
    pub coverage: f64,
}

impl Found {
    /// Hits among its points [1].
    pub fn density(&self) -> f64 {
        self.hits as f64 / self.inside as f64
    }

    /// Whether a point lies in it.
    pub fn holds(&self, point: &[f64]) -> bool {
        self.limits.iter().all(|limit| {
            let value = point.get(limit.input).copied().unwrap_or(f64::NAN);
            limit.above.is_none_or(|end| value > end) && limit.below.is_none_or(|end| value < end)
        })
    }
}

/// The boxes, the first found first.
///
/// * `points` - (n, inputs) finite numbers
/// * `is_hit` - (n,) where it happened
/// * `most` - boxes at most
/// * returns - none where there are no hits, only hits, or no box is better than all points together
pub fn boxes(points: &[Vec<f64>], is_hit: &[bool], most: usize) -> Vec<Found> {
    let table = Table { points, is_hit };
    let mut left: Vec<usize> = (0..points.len().min(is_hit.len())).collect();
    let all = table.hits(&left);
    let mut found = Vec::new();
    while found.len() < most {
        let Some(ends) = table.best(&left).map(|(ends, _)| table.pasted(ends, &left)) else {
            break;
        };
        let ends = table.plain(ends, &left);
        let (inside, outside): (Vec<usize>, Vec<usize>) =
            left.iter().partition(|at| table.is_in(&ends, **at));
        let hits = table.hits(&inside);
        let limits = table.limits(&ends, &left);
        if limits.is_empty() || hits == 0 {
            break;
        }
        found.push(Found {
            limits,
            inside: inside.len(),
            hits,
            coverage: hits as f64 / all as f64,
        });
        left = outside;
    }
    found
}

/// How often a first box as good as that of the table would be found if hits had nothing to do with inputs: hits are dealt
/// out anew, and the box is sought again. This counts that a box is the best of many.
///
/// * `deals` - how often; 99 can show 1 in 100
/// * `pick` - a number from 0 to its argument - 1, from the caller's luck
/// * returns - in 1 / (deals + 1) to 1; 1 where there is no box
///
/// # Source
/// A permutation test: Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9, 39, for
/// the 1 that is added above and below.
pub fn by_chance(
    points: &[Vec<f64>],
    is_hit: &[bool],
    deals: usize,
    pick: &mut dyn FnMut(usize) -> usize,
) -> f64 {
    let best = |is_hit: &[bool]| {
        let left: Vec<usize> = (0..points.len().min(is_hit.len())).collect();
        let table = Table { points, is_hit };
        table.best(&left).map_or(0.0, |(_, merit)| merit)
    };
    let own = best(is_hit);
    if own == 0.0 {
        return 1.0;
    }
    let mut dealt = is_hit.to_vec();
    let mut as_good = 0;
    for _ in 0..deals {
        for last in (1..dealt.len()).rev() {
            dealt.swap(last, pick(last + 1));
        }
        as_good += usize::from(best(&dealt) >= own);
    }
    (as_good + 1) as f64 / (deals + 1) as f64
}

/// (inputs,) from where to where a box reaches, the ends themselves left out.
type Ends = Vec<[f64; 2]>;

struct Table<'a> {
    points: &'a [Vec<f64>],
    is_hit: &'a [bool],
}

impl Table<'_> {
    fn hits(&self, chosen: &[usize]) -> usize {
        chosen.iter().filter(|at| self.is_hit[**at]).count()
    }

    fn is_in(&self, ends: &Ends, at: usize) -> bool {
        let pairs = self.points[at].iter().zip(ends);
        pairs
            .into_iter()
            .all(|(v, [low, high])| low < v && v < high)
    }

    fn inside(&self, ends: &Ends, left: &[usize]) -> Vec<usize> {
        let all = left.iter().copied();
        all.filter(|at| self.is_in(ends, *at)).collect()
    }

    /// Hits beyond those that as many points would hold anyhow, of all points that are left [1].
    fn merit(&self, inside: &[usize], left: &[usize]) -> f64 {
        let all = self.hits(left) as f64 / left.len() as f64;
        (self.hits(inside) as f64 - inside.len() as f64 * all) / left.len() as f64
    }

    /// The best box on the way of peeling and its merit; nothing where that is all points.
    fn best(&self, left: &[usize]) -> Option<(Ends, f64)> {
        let inputs = self.points.first()?.len();
        let mut ends: Ends = vec![[f64::NEG_INFINITY, f64::INFINITY]; inputs];
        let mut inside = left.to_vec();
        let mut best = None;
        let mut merit = self.merit(&inside, left);
        let least = (LEAST * self.points.len() as f64).max(2.0);
        while self.hits(&inside) < inside.len() {
            let Some((next, kept)) = self.peeled(&ends, &inside) else {
                break;
            };
            if (kept.len() as f64) < least {
                break;
            }
            (ends, inside) = (next, kept);
            let own = self.merit(&inside, left);
            if own > merit {
                merit = own;
                best = Some(ends.clone());
            }
        }
        best.map(|ends| (ends, merit))
    }

    /// The box with one side cut off: that which leaves the greatest density; where equal, the most points, then the
    /// earlier input, then its low side.
    fn peeled(&self, ends: &Ends, inside: &[usize]) -> Option<(Ends, Vec<usize>)> {
        let n = inside.len() as f64;
        let few = FEW.min((IMPATIENCE * n) as usize);
        let cut = ((PATIENCE * n) as usize).max(few).max(1);
        let mut best: Option<(Ends, Vec<usize>, usize)> = None;
        for input in 0..ends.len() {
            let mut values: Vec<f64> = inside.iter().map(|at| self.points[*at][input]).collect();
            values.sort_by(f64::total_cmp);
            for side in [0, 1] {
                let end = cut_off(&values, cut, side);
                let Some(end) = end else { continue };
                let mut next = ends.clone();
                next[input][side] = end;
                let kept = self.inside(&next, inside);
                let hits = self.hits(&kept);
                let is_better = best.as_ref().is_none_or(|(_, other, of_other)| {
                    let (own, others) = (hits * other.len(), of_other * kept.len());
                    own > others || (own == others && kept.len() > other.len())
                });
                if is_better && !kept.is_empty() {
                    best = Some((next, kept, hits));
                }
            }
        }
        best.map(|(ends, kept, _)| (ends, kept))
    }

    /// The box widened, or narrowed a little more, at one of its sides after the other as long as its merit grows.
    fn pasted(&self, mut ends: Ends, left: &[usize]) -> Ends {
        loop {
            let inside = self.inside(&ends, left);
            let add = ((PATIENCE * inside.len() as f64) as usize).max(1);
            let little = ((FINE * inside.len() as f64) as usize).max(1);
            let mut best: Option<(f64, Ends)> = None;
            for input in 0..ends.len() {
                for side in [0, 1] {
                    if ends[input][side].is_infinite() {
                        continue;
                    }
                    let wide = self.widened(&ends, input, side, add, left);
                    let mut values: Vec<f64> =
                        inside.iter().map(|at| self.points[*at][input]).collect();
                    values.sort_by(f64::total_cmp);
                    let narrow = cut_off(&values, little, side).map(|end| {
                        let mut narrow = ends.clone();
                        narrow[input][side] = end;
                        narrow
                    });
                    for other in [Some(wide), narrow].into_iter().flatten() {
                        let own = self.merit(&self.inside(&other, left), left);
                        let before = best.as_ref().map_or(self.merit(&inside, left), |(m, _)| *m);
                        if own > before {
                            best = Some((own, other));
                        }
                    }
                }
            }
            match best {
                Some((_, wide)) => ends = wide,
                None => return ends,
            }
        }
    }

    /// The box with so many more points at one side.
    fn widened(&self, ends: &Ends, input: usize, side: usize, add: usize, left: &[usize]) -> Ends {
        let mut open = ends.clone();
        open[input][side] = [f64::NEG_INFINITY, f64::INFINITY][side];
        let is_beyond = |v: &f64| match side {
            0 => *v < ends[input][0],
            _ => *v > ends[input][1],
        };
        let reached = self.inside(&open, left);
        let mut values: Vec<f64> = reached
            .iter()
            .map(|at| self.points[*at][input])
            .filter(is_beyond)
            .collect();
        // The nearest first.
        values.sort_by(|a, b| match side {
            0 => b.total_cmp(a),
            _ => a.total_cmp(b),
        });
        if let Some(last) = values.get(add - 1)
            && let Some(next) = values
                .iter()
                .find(|v| **v != *last && is_past(**v, *last, side))
        {
            open[input][side] = (last + next) / 2.0;
        }
        open
    }

    /// The box without limits that luck may have made, the likeliest taken off first.
    fn plain(&self, mut ends: Ends, left: &[usize]) -> Ends {
        loop {
            let limits = self.limits(&ends, left);
            let weakest = limits.iter().max_by(|a, b| a.quasi_p.total_cmp(&b.quasi_p));
            match weakest {
                Some(limit) if limit.quasi_p > LUCK => {
                    ends[limit.input] = [f64::NEG_INFINITY, f64::INFINITY];
                }
                _ => return ends,
            }
        }
    }

    fn limits(&self, ends: &Ends, left: &[usize]) -> Vec<Limit> {
        let inside = self.inside(ends, left);
        let (n, hits) = (inside.len(), self.hits(&inside));
        let finite = |end: f64| end.is_finite().then_some(end);
        let limited = ends.iter().enumerate();
        limited
            .filter(|(_, [low, high])| low.is_finite() || high.is_finite())
            .map(|(input, [low, high])| {
                let mut open = ends.clone();
                open[input] = [f64::NEG_INFINITY, f64::INFINITY];
                let wide = self.inside(&open, left);
                let share = self.hits(&wide) as f64 / wide.len().max(1) as f64;
                Limit {
                    input,
                    above: finite(*low),
                    below: finite(*high),
                    quasi_p: at_least(hits, n, share),
                }
            })
            .collect()
    }
}

/// The end of a side that cuts off so many values, and what is equal to the last of them; nothing where none would be left.
///
/// * `values` - sorted
fn cut_off(values: &[f64], cut: usize, side: usize) -> Option<f64> {
    let (last, next) = match side {
        0 => {
            let last = values.get(cut.checked_sub(1)?)?;
            (last, values.iter().find(|v| *v > last)?)
        }
        _ => {
            let last = values.get(values.len().checked_sub(cut)?)?;
            (last, values.iter().rev().find(|v| *v < last)?)
        }
    };
    Some((last + next) / 2.0)
}

/// Whether a value lies further out than another at a side.
fn is_past(value: f64, other: f64, side: usize) -> bool {
    match side {
        0 => value < other,
        _ => value > other,
    }
}

/// Probability of so many hits or more of n, each with a probability.
fn at_least(hits: usize, n: usize, share: f64) -> f64 {
    match hits {
        0 => 1.0,
        _ => beta_reg(hits as f64, (n - hits) as f64 + 1.0, share.clamp(0.0, 1.0)),
    }
}

#[cfg(test)]
mod tests;
