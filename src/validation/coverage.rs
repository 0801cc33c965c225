//! How often an interval holds the exact mean: many experiments on systems whose mean is known.

use std::io;
use std::sync::atomic::AtomicBool;

use crate::experiment::plan::{Baseline, Plan, Wishes, layout};
use crate::experiment::run::{Watch, run};
use crate::experiment::stopping::Stopping;
use crate::metric::catalogue::Metric;
use crate::metric::layout::Layout;
use crate::model::calendar::DAYS_PER_YEAR;
use crate::scenario::document::Document;
use crate::scenario::sections::Scenario;
use crate::statistics::interval::{Interval, LEVEL, clopper_pearson, student_quantile};
use crate::statistics::moments::Moments;
use crate::statistics::sequence::FIRST_LOOK;
use crate::theory::erlang::Mmc;
use crate::theory::infinite::open_since;
use crate::validation::ask::{census, children_per_day, work_of};
use crate::validation::suite::SuiteError;

/// Numbers of replications that are fixed before, ahead of all those of an experiment.
const FIXED: [u64; 2] = [30, 100];
/// Probability with which a line of right intervals fails by chance, at most.
const FALSE_ALARM: f64 = 1e-4;

/// What is asked of a system.
struct Question {
    /// In words.
    what: &'static str,
    text: &'static str,
    metric: Metric,
    /// The precision at which an experiment ends.
    until: &'static str,
    /// Replications of one experiment at most.
    most: u64,
    /// True: of the second policy less the first; false: of the first alone.
    is_difference: bool,
    exact: fn(&Scenario) -> Option<f64>,
}

const OPEN_CASES: &str = include_str!("../../scenarios/coverage/open-cases.toml");
const QUEUE: &str = include_str!("../../scenarios/coverage/queue.toml");
const RARE: &str = include_str!("../../scenarios/coverage/rare.toml");

const QUESTIONS: [Question; 5] = [
    Question {
        what: "light: open cases where nobody waits (Poisson)",
        text: OPEN_CASES,
        metric: Metric::OpenCasesCensus,
        until: "open_cases_census +- 0.5",
        most: 1000,
        is_difference: false,
        exact: |scenario| {
            let last = scenario.calendar.reported().len() - 1;
            let stay = work_of(scenario, 0)?;
            Some(open_since(
                children_per_day(scenario),
                stay,
                census(scenario, last)?,
            ))
        },
    },
    Question {
        what: "skewed: cases that wait at load 0.5 (M/M/1, skewness 3.2)",
        text: QUEUE,
        metric: Metric::UnallocatedCensus,
        until: "unallocated_census +- 30%",
        most: 1000,
        is_difference: false,
        exact: |scenario| Some(queue(scenario)?.mean_queue()),
    },
    Question {
        what: "paired: open cases without a limit less those with one (M/M/infinity, M/M/1)",
        text: QUEUE,
        metric: Metric::OpenCasesCensus,
        until: "open_cases_census +- 0.2",
        most: 1000,
        is_difference: true,
        exact: |scenario| {
            let queue = queue(scenario)?;
            Some(queue.load() - queue.mean_open())
        },
    },
    Question {
        what: "rare: leavers, one replication in two hundred has one",
        text: RARE,
        metric: Metric::Leavers,
        until: "leavers +- 0.05",
        most: 6000,
        is_difference: false,
        exact: |scenario| leaves(scenario, 1.0),
    },
    Question {
        what: "rare and paired: leavers where leaving is four times as frequent, less those where it is not",
        text: RARE,
        metric: Metric::Leavers,
        until: "leavers +- 0.01",
        most: 4000,
        is_difference: true,
        exact: |scenario| Some(leaves(scenario, 4.0)? - leaves(scenario, 1.0)?),
    },
];

/// Probability that the only worker of [`RARE`] leaves.
fn leaves(scenario: &Scenario, times: f64) -> Option<f64> {
    const PER_YEAR: f64 = 0.06;
    let days = scenario.calendar.horizon - scenario.calendar.start;
    Some(-libm::expm1(-times * PER_YEAR / DAYS_PER_YEAR * days))
}

fn queue(scenario: &Scenario) -> Option<Mmc> {
    Mmc::new(1, children_per_day(scenario), work_of(scenario, 0)?.mean())
}

/// How often one kind of interval held the exact mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The interval, in words.
    pub interval: String,
    /// Experiments in which it held.
    pub held: u64,
    /// Experiments.
    pub n: u64,
    /// True where it is promised to hold 95 times in 100.
    pub is_promised: bool,
}

impl Line {
    /// True where it holds less often than promised, beyond chance.
    pub fn is_broken(&self) -> bool {
        let interval = clopper_pearson(self.held, self.n, 1.0 - 2.0 * FALSE_ALARM);
        self.is_promised && interval.is_some_and(|i| i.high < LEVEL)
    }
}

/// What a question came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Covered {
    /// The question, in words.
    pub what: &'static str,
    /// The precision at which experiments ended.
    pub until: &'static str,
    /// The exact mean.
    pub exact: f64,
    /// Replications of one experiment at most.
    pub most: u64,
    /// Mean number of replications at which they ended.
    pub stopped_after: f64,
    /// Experiments that had not ended after all their replications.
    pub unresolved: u64,
    /// Every kind of interval.
    pub lines: Vec<Line>,
}

/// Replications that a number of experiments play in all.
pub fn replications(experiments: u64) -> u64 {
    experiments * QUESTIONS.iter().map(|question| question.most).sum::<u64>()
}

/// Plays a number of experiments for each question. Where an experiment has m replications at most, experiment e
/// plays replications e m to (e + 1) m - 1 of the scenario's seed, so that all are independent.
///
/// # Errors
/// [`SuiteError`].
pub fn play(
    experiments: u64,
    threads: Option<usize>,
    stop: &AtomicBool,
    on_replication: &(dyn Fn() + Sync),
) -> Result<Vec<Covered>, SuiteError> {
    let watch = Watch {
        stop,
        on_replication,
    };
    QUESTIONS
        .iter()
        .map(|question| ask(question, experiments, threads, &watch))
        .collect()
}

fn ask(
    question: &Question,
    experiments: u64,
    threads: Option<usize>,
    watch: &Watch<'_>,
) -> Result<Covered, SuiteError> {
    let document = Document::parse("coverage", question.text).map_err(SuiteError::Scenario)?;
    let scenario = document.scenario();
    let exact = (question.exact)(scenario).ok_or(SuiteError::NoAnswer("coverage"))?;
    let wishes = Wishes {
        baseline: question.is_difference.then_some(Baseline::First),
        replications: Some(experiments * question.most),
        policies: match question.is_difference {
            true => Vec::new(),
            false => vec![scenario.policies[0].name.clone()],
        },
        until: vec![question.until.to_owned()],
        threads,
        ..Wishes::default()
    };
    let rule = Plan::new(scenario, false, &wishes).map_err(SuiteError::Plan)?;
    let plan = Plan {
        until: Vec::new(),
        baseline: None,
        ..rule.clone()
    };
    let layout = layout(scenario);
    let row = layout.months() - 1;
    let at = layout
        .index_of(row, question.metric, None)
        .ok_or(SuiteError::NoAnswer("coverage"))?;
    let most = question.most;
    let quantiles = quantiles(most);
    let mut tally = Tally::new(most);
    let mut experiment = Experiment::new(&rule, &layout);
    let summary = run(&document, &plan, watch, &mut |played| {
        let first = played.records[at];
        let value = if question.is_difference {
            played.records[layout.len() + at] - first
        } else {
            first
        };
        experiment.take(played.records, value, exact, &quantiles);
        if experiment.ordinary.n() == most {
            tally.count(&experiment);
            experiment = Experiment::new(&rule, &layout);
        }
        Ok(())
    })
    .map_err(SuiteError::Run)?;
    if summary.is_interrupted {
        return Err(SuiteError::Stopped);
    }
    Ok(Covered {
        what: question.what,
        until: question.until,
        exact,
        most,
        stopped_after: tally.stops as f64 / tally.n as f64,
        unresolved: tally.unresolved,
        lines: tally.lines(),
    })
}

/// Student's quantiles by the number of values: one of each, and not one at each look.
fn quantiles(most: u64) -> Vec<f64> {
    let quantile = |n: u64| match n {
        0 | 1 => f64::INFINITY,
        n => student_quantile(0.5 + LEVEL / 2.0, n - 1),
    };
    (0..=most).map(quantile).collect()
}

/// One experiment under way.
struct Experiment {
    stopping: Stopping,
    ordinary: Moments,
    /// Whether the ordinary interval held, for each of [`FIXED`], and now.
    fixed: [bool; FIXED.len()],
    holds: bool,
    /// Where it ended, and whether the ordinary interval and the sequence held there.
    end: Option<(u64, bool, bool)>,
    has_ordinary_missed: bool,
    has_sequence_missed: bool,
}

impl Experiment {
    fn new(rule: &Plan, layout: &Layout) -> Experiment {
        Experiment {
            stopping: Stopping::new(rule, layout, None),
            ordinary: Moments::new(),
            fixed: [false; FIXED.len()],
            holds: false,
            end: None,
            has_ordinary_missed: false,
            has_sequence_missed: false,
        }
    }

    fn take(&mut self, records: &[f64], value: f64, exact: f64, quantiles: &[f64]) {
        self.ordinary.push(value);
        let n = self.ordinary.n();
        self.holds = self
            .student(quantiles[n as usize])
            .is_some_and(|i| i.holds(exact));
        for (place, fixed) in self.fixed.iter_mut().zip(FIXED) {
            if n == fixed {
                *place = self.holds;
            }
        }
        let is_enough = self.stopping.take(n - 1, records);
        if n < FIRST_LOOK {
            return;
        }
        let sequence = self.stopping.intervals().next().flatten();
        let sequence_holds = sequence.is_none_or(|i| i.holds(exact));
        self.has_ordinary_missed |= !self.holds;
        self.has_sequence_missed |= !sequence_holds;
        if is_enough && self.end.is_none() {
            self.end = Some((n, self.holds, sequence_holds));
        }
    }

    fn student(&self, quantile: f64) -> Option<Interval> {
        let half = quantile * self.ordinary.standard_error()?;
        let mean = self.ordinary.mean()?;
        Some(Interval {
            low: mean - half,
            high: mean + half,
        })
    }
}

/// All experiments of a question.
struct Tally {
    n: u64,
    /// Replications of each.
    most: u64,
    fixed: [u64; FIXED.len()],
    at_most: u64,
    ended: u64,
    stops: u64,
    unresolved: u64,
    ordinary_at_end: u64,
    sequence_at_end: u64,
    ordinary_always: u64,
    sequence_always: u64,
}

impl Tally {
    fn new(most: u64) -> Tally {
        Tally {
            n: 0,
            most,
            fixed: [0; FIXED.len()],
            at_most: 0,
            ended: 0,
            stops: 0,
            unresolved: 0,
            ordinary_at_end: 0,
            sequence_at_end: 0,
            ordinary_always: 0,
            sequence_always: 0,
        }
    }

    fn count(&mut self, experiment: &Experiment) {
        self.n += 1;
        for (count, held) in self.fixed.iter_mut().zip(experiment.fixed) {
            *count += u64::from(held);
        }
        self.at_most += u64::from(experiment.holds);
        match experiment.end {
            Some((n, ordinary, sequence)) => {
                self.ended += 1;
                self.stops += n;
                self.ordinary_at_end += u64::from(ordinary);
                self.sequence_at_end += u64::from(sequence);
            }
            None => {
                self.unresolved += 1;
                self.stops += self.most;
            }
        }
        self.ordinary_always += u64::from(!experiment.has_ordinary_missed);
        self.sequence_always += u64::from(!experiment.has_sequence_missed);
    }

    fn lines(&self) -> Vec<Line> {
        let line = |interval: String, held: u64, n: u64, is_promised: bool| Line {
            interval,
            held,
            n,
            is_promised,
        };
        let most = self.most;
        let fixed = FIXED.into_iter().zip(self.fixed);
        let fixed = fixed.chain([(most, self.at_most)]).map(|(n, held)| {
            // Means of few skewed values are not normal: only the longest is held to its word.
            line(
                format!("ordinary, {n} replications fixed before"),
                held,
                self.n,
                n == most,
            )
        });
        let ends = [
            line(
                "ordinary, where --until stopped".into(),
                self.ordinary_at_end,
                self.ended,
                false,
            ),
            line(
                "sequence, where --until stopped".into(),
                self.sequence_at_end,
                self.ended,
                true,
            ),
        ];
        let always = [
            line(
                format!("ordinary, at every look from {FIRST_LOOK} to {most}"),
                self.ordinary_always,
                self.n,
                false,
            ),
            line(
                format!("sequence, at every look that it allows to {most}"),
                self.sequence_always,
                self.n,
                true,
            ),
        ];
        fixed.chain(ends).chain(always).collect()
    }
}

/// Prints the table; true where every promise is kept.
///
/// # Errors
/// Those of `out`.
pub fn report(out: &mut dyn io::Write, all: &[Covered]) -> io::Result<()> {
    writeln!(
        out,
        "How often a 95 % interval holds the exact mean, by the number of experiments"
    )?;
    writeln!(
        out,
        "\n  {:<52} {:>11} {:>8} {:>14}",
        "interval", "experiments", "holds", "95 %"
    )?;
    for covered in all {
        writeln!(out, "\n{}\n  exact mean {:.6}", covered.what, covered.exact)?;
        writeln!(
            out,
            "  --until \"{}\": stopped after {:.0} replications on average; {} unresolved after {}",
            covered.until, covered.stopped_after, covered.unresolved, covered.most
        )?;
        for line in &covered.lines {
            let mark = if line.is_broken() { " !" } else { "" };
            let share = 100.0 * line.held as f64 / line.n as f64;
            let ends = clopper_pearson(line.held, line.n, LEVEL).map_or_else(String::new, |i| {
                format!("{:.1} to {:.1}", 100.0 * i.low, 100.0 * i.high)
            });
            writeln!(
                out,
                "  {:<52} {:>11} {share:>6.1} % {ends:>14}{mark}",
                line.interval, line.n
            )?;
        }
    }
    writeln!(
        out,
        "\nPromised are 95 % of the ordinary interval after all replications, fixed before, and of the\n\
         sequence wherever one stops and at all looks at once. The ordinary interval promises nothing where\n\
         one looks again and again: its last line shows why. Few skewed values fall short as well."
    )?;
    let broken = broken(all);
    let lines: usize = all
        .iter()
        .map(|c| c.lines.iter().filter(|l| l.is_promised).count())
        .sum();
    let word = if broken == 0 { "Passed" } else { "FAILED" };
    writeln!(
        out,
        "{word}: {broken} of {lines} promises broken; a right interval is found broken by chance once in {:.0}.",
        1.0 / FALSE_ALARM
    )
}

/// Promises that are broken beyond chance.
pub fn broken(all: &[Covered]) -> usize {
    let lines = all.iter().flat_map(|covered| &covered.lines);
    lines.filter(|line| line.is_broken()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_broken_only_beyond_chance() {
        let line = |held: u64, is_promised: bool| Line {
            interval: "sequence".into(),
            held,
            n: 1000,
            is_promised,
        };
        // The standard error of 95 % of 1,000 is 0.7 %; four of them are 2.8 %.
        assert!(!line(930, true).is_broken());
        assert!(line(910, true).is_broken());
        assert!(!line(910, false).is_broken());
    }

    /// Null: every promise holds. 24 experiments at fixed seeds; each of the 15 lines of right intervals is found
    /// broken at most once in 10,000. An ordinary interval that holds at all looks seven times in ten does so
    /// in all 24 about twice in 10,000, for each of 5.
    #[test]
    fn a_few_experiments_of_each_question_keep_the_promises() {
        let go = AtomicBool::new(false);
        let all = play(24, Some(2), &go, &|| ()).unwrap();
        assert_eq!(all.len(), QUESTIONS.len());
        assert_eq!(broken(&all), 0, "{all:?}");
        for covered in &all {
            assert!(
                (100.0..covered.most as f64).contains(&covered.stopped_after),
                "{covered:?}"
            );
            // Looked at nine hundred times the ordinary interval misses much more often.
            let always = &covered.lines[5];
            assert!(always.held < always.n, "{covered:?}");
        }
        let mut text = Vec::new();
        report(&mut text, &all).unwrap();
        assert!(String::from_utf8(text).unwrap().contains("Passed: 0 of 15"));
    }

    #[test]
    fn an_interval_of_a_wrong_mean_is_found_out() {
        let go = AtomicBool::new(false);
        let watch = Watch {
            stop: &go,
            on_replication: &|| (),
        };
        let wrong = Question {
            exact: |_| Some(13.5),
            ..QUESTIONS[0]
        };
        let covered = ask(&wrong, 30, Some(2), &watch).unwrap();
        assert!(broken(&[covered]) > 0);
    }
}
