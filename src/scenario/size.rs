//! How much memory and time one run would take, by rough estimate, so that too much is refused
//! before it begins.

use std::sync::OnceLock;

use crate::metric::layout::Layout;
use crate::model::calendar::DAYS_PER_MONTH;
use crate::model::pathway::{Next, Stage};
use crate::policy::Policy;
use crate::policy::staffing::Effect;
use crate::policy::trigger::Per;
use crate::scenario::sections::{Arrivals, Opening, Scenario};

/// Memory that a run may take [bytes].
pub const MEMORY_LIMIT: f64 = 8.0 * 1024.0 * 1024.0 * 1024.0;
/// Events that one replication may take.
pub const EVENT_LIMIT: f64 = 2e9;
/// Replications whose records are kept as they are, before there is a cell for each number: a run of so few needs no
/// more, and cells are dear to make.
pub const FEW: usize = 8;
/// Memory of the statistics of one number under one policy, and of its difference to a baseline [bytes].
const BYTES_PER_CELL: f64 = 3100.0;
/// Memory of what one number comes to, and of its row in the tables [bytes].
const BYTES_PER_NUMBER: f64 = 400.0;
/// Memory of one number of a record: as it is filled, and as it is kept [bytes].
const BYTES_PER_RECORD: f64 = 16.0;
/// Memory of one open or pending case, or of one post [bytes].
const BYTES_PER_CASE: f64 = 500.0;
/// A case's way through the pathway and back is followed for at most so many stages.
const STEPS: usize = 2000;

/// Threads that this machine plays at once.
///
/// Asked once: on Linux the answer stands in several files, and a scenario is estimated for every world.
pub fn threads_of_machine() -> usize {
    static THREADS: OnceLock<usize> = OnceLock::new();
    *THREADS.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Memory in words: a figure, or that there is no end to it.
pub fn memory_in_words(bytes: f64) -> String {
    /// From here on the figure says nothing.
    const BEYOND: f64 = 1e6;
    let gibibytes = bytes / (1024.0 * 1024.0 * 1024.0);
    match gibibytes < BEYOND {
        true => format!("about {gibibytes:.0} GiB of memory"),
        false => "more memory than any machine has".to_owned(),
    }
}

/// Events in words: a figure, or that there is no end to them.
pub fn events_in_words(events: f64) -> String {
    match events < 1e15 {
        true => format!("about {:.0} million events", events / 1e6),
        false => "more events than any machine could simulate".to_owned(),
    }
}

/// Time that one replication takes, by its estimated events [s]: rough, within a factor of some.
pub fn seconds(scenario: &Scenario) -> f64 {
    const PER_EVENT: f64 = 1e-6;
    estimate(scenario, &Played::least()).events * PER_EVENT
}

/// Replications that may take longer than this are not simulated only to measure them [s].
pub const MEASURED: f64 = 1.0;

/// What is played of a scenario.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Played {
    /// Policies, at least 1.
    pub policies: usize,
    /// They are compared, replication by replication.
    pub is_compared: bool,
    /// Replications of each, at least 1.
    pub replications: u64,
    /// Replications at once, at least 1.
    pub threads: usize,
}

impl Played {
    /// The least that can be.
    pub fn least() -> Played {
        Played {
            policies: 1,
            is_compared: false,
            replications: 1,
            threads: 1,
        }
    }

    /// What a scenario asks for, where its user asks for nothing else.
    pub fn usual(scenario: &Scenario) -> Played {
        Played {
            policies: scenario.policies.len(),
            replications: scenario.run.replications,
            threads: threads_of_machine(),
            ..Played::least()
        }
    }

    /// Memory of one number under one policy [bytes].
    fn bytes_per_number(&self) -> f64 {
        if self.replications > FEW as u64 || self.is_compared {
            BYTES_PER_CELL
        } else {
            BYTES_PER_NUMBER + BYTES_PER_RECORD * self.replications as f64
        }
    }
}

/// What a run would take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Memory [bytes].
    pub bytes: f64,
    /// Events of one replication.
    pub events: f64,
}

/// Estimates a run.
///
/// Cases are taken to be worked at full speed and exits to be memoryless; under a hard limit below
/// demand nobody leaves in time, so that open cases are bounded by all that ever came.
pub fn estimate(scenario: &Scenario, played: &Played) -> Estimate {
    let calendar = &scenario.calendar;
    let layout = Layout::new(
        calendar.reported().len(),
        scenario.teams.len(),
        scenario.stages.len(),
        scenario.grades.len(),
    );
    let months = calendar.horizon / DAYS_PER_MONTH;
    let children_per_family = scenario.referrals.family_size.mean_by(|n| *n as f64);
    let arrived = children_per_family
        * match &scenario.referrals.arrivals {
            Arrivals::Poisson {
                families_per_month,
                season,
                growth_per_year,
                surges,
                ..
            } => {
                let season = season.iter().copied().fold(1.0, f64::max);
                let growth = libm::pow(1.0 + growth_per_year.max(0.0), months / 12.0);
                let surge: f64 = surges.iter().map(|s| s.multiplier.max(1.0)).product();
                families_per_month * months * season * growth * surge
            }
            Arrivals::Replay { families } => families.len() as f64,
        };
    let opening = match &scenario.opening {
        Opening::Counts(counts) => counts.iter().map(|c| f64::from(*c)).sum(),
        Opening::Mix { total, .. } => f64::from(*total),
        Opening::Listed(cases) => cases.len() as f64,
    };
    let owed = scenario.returns.as_ref().map_or(0.0, |r| {
        let mean = r.delay.mean() / DAYS_PER_MONTH;
        scenario.closed_lately_per_month * r.probability * mean.min(1200.0)
    });
    let back = scenario
        .returns
        .as_ref()
        .map_or(0.0, |r| (r.probability * (1.0 + r.unmet_effect)).min(1.0));
    // With every family coming back, what bounds the number is how often time allows it.
    let delay = scenario
        .returns
        .as_ref()
        .map_or(f64::INFINITY, |r| r.delay.mean());
    let spells = (1.0 / (1.0 - back)).min(1.0 + calendar.horizon / delay.max(1.0));
    let (visits, days) = scenario
        .referrals
        .first_stage
        .iter()
        .map(|(stage, p)| {
            let (visits, days) = way(&scenario.stages, *stage);
            (p * visits, p * days)
        })
        .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let cases = arrived + opening + owed;
    let ever_open = (arrived * spells * days / calendar.horizon.max(1.0)).min(arrived);
    let pending = opening + owed + ever_open + arrived * back;
    let posts = scenario.post_count() as f64 + most_extra(scenario);
    let numbers = layout.len() as f64 * played.policies as f64;
    let threads = played.threads as f64;
    let leaving = scenario
        .grades
        .iter()
        .flat_map(|g| {
            g.leave
                .iter()
                .map(|l| l.per_year)
                .chain([g.absences_per_year])
        })
        .fold(0.0, f64::max);
    Estimate {
        bytes: numbers * played.bytes_per_number()
            + (pending + posts) * BYTES_PER_CASE * threads
            + layout.len() as f64 * BYTES_PER_RECORD * threads,
        events: cases * spells * (2.0 + 2.0 * visits)
            + posts * (months + (2.0 + leaving * 3.0) * months / 12.0),
    }
}

/// The most posts and extra workers that a policy adds.
fn most_extra(scenario: &Scenario) -> f64 {
    let of = |policy: &Policy| {
        let added = policy.staffing.iter().map(|change| match change.effect {
            Effect::Add { posts, .. } => f64::from(posts),
            _ => 0.0,
        });
        let relief = policy.phases.iter().flat_map(|phase| &phase.relief);
        let relief = relief.map(|relief| {
            let times = match relief.per {
                Per::Team => scenario.teams.len() as f64,
                Per::Service => 1.0,
            };
            f64::from(relief.workers) * times
        });
        added.sum::<f64>() + relief.fold(0.0, f64::max)
    };
    scenario.policies.iter().map(of).fold(0.0, f64::max)
}

/// Stages that a case passes and days that it stays, from one stage to leaving.
fn way(stages: &[Stage], from: usize) -> (f64, f64) {
    let mut at = vec![0.0; stages.len()];
    at[from] = 1.0;
    let (mut visits, mut days) = (0.0, 0.0);
    for _ in 0..STEPS {
        let mut next = vec![0.0; stages.len()];
        for (stage, share) in stages.iter().zip(&at).filter(|(_, p)| **p > 1e-9) {
            let rate = |mean: f64| 1.0 / mean.max(1e-9);
            let work = stage.work.as_ref().map_or(0.0, |w| rate(w.duration.mean()));
            let total = work
                + stage
                    .risks
                    .iter()
                    .map(|r| rate(r.duration.mean()))
                    .sum::<f64>();
            visits += share;
            if total <= 0.0 {
                continue;
            }
            days += share / total;
            let mut send = |to: Next, p: f64| {
                if let Next::Stage(to) = to {
                    next[to] += share * p;
                }
            };
            for (to, p) in stage.work.iter().flat_map(|w| w.then.iter()) {
                send(*to, p * work / total);
            }
            for risk in &stage.risks {
                send(risk.to, rate(risk.duration.mean()) / total);
            }
        }
        at = next;
        if at.iter().sum::<f64>() < 1e-6 {
            break;
        }
    }
    (visits, days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_without_end_is_no_figure() {
        assert_eq!(memory_in_words(12.4e9), "about 12 GiB of memory");
        assert_eq!(events_in_words(3e9), "about 3000 million events");
        for beyond in [1e40, f64::INFINITY, f64::NAN] {
            for words in [memory_in_words(beyond), events_in_words(beyond)] {
                assert!(words.contains("any machine"), "{words}");
            }
        }
    }
}
