//! How much of the difference between two policies each feedback carries.
//!
//! Both policies are played again with one feedback cut, on the same luck. What the difference loses by the cut is
//! what the feedback carries. The parts need not sum to the whole: one feedback may need another to act.

use crate::experiment::compare::{Cell, Difference};
use crate::experiment::plan::{Plan, layout};
use crate::experiment::run::Played;
use crate::metric::catalogue::Metric;
use crate::metric::layout::{Group, Layout};
use crate::scenario::document::Document;
use crate::scenario::study::Without;
use crate::statistics::paired::less;

/// Where the numbers of a metric stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    metric: Metric,
    row: usize,
    at: usize,
}

/// What one cut comes to for one metric and time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Carried {
    /// What was cut.
    pub without: Without,
    /// The difference with it less the difference without it: what it carries.
    pub carried: Difference,
    /// The difference that is left without it.
    pub left: Difference,
}

/// One metric at one time: the difference, and what carries it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The metric.
    pub metric: Metric,
    /// Month from 0, or the horizon row of the layout.
    pub row: usize,
    /// The policy less the one that it is held against.
    pub whole: Difference,
    /// For each cut, in the order of [`Without::each`].
    pub parts: Vec<Carried>,
}

/// Takes in replications in the order of their numbers.
pub struct Explaining {
    length: usize,
    per_world: Option<u64>,
    /// Place of the policy, and of the one that it is held against, in a record of all.
    pair: [usize; 2],
    /// Place of the first policy of the pairs that were added.
    added: usize,
    places: Vec<Place>,
    /// [place] whole; [place x cuts] carried and left.
    whole: Vec<Cell>,
    carried: Vec<Cell>,
    left: Vec<Cell>,
}

impl Explaining {
    /// For the study of a document.
    ///
    /// * `written` - policies of the file: those of the study come after them
    /// * `names` - of the policy, and of the one that it is held against
    pub fn of(
        document: &Document,
        plan: &Plan,
        written: usize,
        names: [&str; 2],
        metrics: &[Metric],
    ) -> Explaining {
        let policies = &document.scenario().policies;
        let place = |name: &str| {
            let mut played = plan.policies.iter();
            let is_meant = |at: &usize| *at < written && policies[*at].name == name;
            played.position(is_meant).unwrap_or_default()
        };
        let pair = names.map(place);
        let added = plan.policies.iter().filter(|at| **at < written).count();
        let per_world = document
            .is_uncertain()
            .then_some(plan.replications_per_world);
        Explaining::new(
            &layout(document.scenario()),
            pair,
            added,
            metrics,
            per_world,
        )
    }

    /// * `pair` - places of the policy and of the one that it is held against among those played
    /// * `added` - place of the first added pair
    /// * `metrics` - of the service, each in the last month and over the horizon
    /// * `per_world` - replications that share a world, where parameters are uncertain
    fn new(
        layout: &Layout,
        pair: [usize; 2],
        added: usize,
        metrics: &[Metric],
        per_world: Option<u64>,
    ) -> Explaining {
        let rows = [layout.months().checked_sub(1), Some(layout.horizon_row())];
        let places: Vec<Place> = metrics
            .iter()
            .flat_map(|metric| rows.iter().flatten().map(move |row| (*metric, *row)))
            .filter_map(|(metric, row)| {
                let at = layout.index(row, metric, Group::Service)?;
                Some(Place { metric, row, at })
            })
            .collect();
        let cuts = Without::each().count();
        Explaining {
            length: layout.len(),
            per_world: per_world.filter(|each| *each > 1),
            pair,
            added,
            whole: vec![Cell::default(); places.len()],
            carried: vec![Cell::default(); places.len() * cuts],
            left: vec![Cell::default(); places.len() * cuts],
            places,
        }
    }

    /// Takes in one replication.
    pub fn take(&mut self, played: Played<'_>) {
        let number = |policy: usize, at: usize| played.records[policy * self.length + at];
        let (replication, per_world) = (played.replication, self.per_world);
        let cuts = Without::each().count();
        for (index, place) in self.places.iter().enumerate() {
            let (ours, theirs) = (
                number(self.pair[0], place.at),
                number(self.pair[1], place.at),
            );
            self.whole[index].push(replication, ours, theirs, per_world);
            for cut in 0..cuts {
                let first = self.added + 2 * cut;
                let (a, b) = (number(first, place.at), number(first + 1, place.at));
                let cell = index * cuts + cut;
                self.left[cell].push(replication, a, b, per_world);
                self.carried[cell].push(replication, less(ours, theirs), less(a, b), per_world);
            }
        }
    }

    /// What all replications came to.
    pub fn finish(&self) -> Vec<Explained> {
        let cuts = Without::each().count();
        self.places
            .iter()
            .enumerate()
            .map(|(index, place)| Explained {
                metric: place.metric,
                row: place.row,
                whole: self.whole[index].difference(),
                parts: Without::each()
                    .enumerate()
                    .map(|(cut, without)| Carried {
                        without,
                        carried: self.carried[index * cuts + cut].difference(),
                        left: self.left[index * cuts + cut].difference(),
                    })
                    .collect(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cut_takes_from_the_difference_is_what_the_feedback_carries() {
        let layout = Layout::new(1, 1, 1, 1);
        let metric = Metric::CaseloadMean;
        let at = layout.index(0, metric, Group::Service).unwrap();
        let policies = 2 + 2 * Without::each().count();
        let mut explaining = Explaining::new(&layout, [1, 0], 2, &[metric], None);
        for (replication, shift) in [(0, 0.0), (1, 0.5)] {
            let mut records = vec![f64::NAN; policies * layout.len()];
            let mut set = |policy: usize, value: f64| records[policy * layout.len() + at] = value;
            set(0, 10.0);
            set(1, 16.0 + shift);
            for cut in 0..Without::each().count() {
                // The first feedback carries 4 of the 6, the others nothing, all together everything.
                let left = [2.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 0.0][cut];
                set(
                    2 + 2 * cut,
                    10.0 + left + if cut == 7 { 0.0 } else { shift },
                );
                set(3 + 2 * cut, 10.0);
            }
            explaining.take(Played {
                replication,
                world: 0,
                records: &records,
            });
        }
        let explained = explaining.finish();
        assert_eq!(explained.len(), 2);
        let month = &explained[0];
        assert_eq!(month.whole.mean, 6.25);
        assert_eq!(
            (month.parts[0].carried.mean, month.parts[0].carried.se),
            (4.0, 0.0)
        );
        assert_eq!(month.parts[1].carried.same, 2);
        assert_eq!(month.parts[7].carried.mean, 6.25);
        assert_eq!(month.parts[7].left.mean, 0.0);
    }
}
