//! Plays every configuration and holds what comes out against theory.

use std::fmt;
use std::sync::atomic::AtomicBool;

use crate::experiment::plan::{Plan, PlanError, Wishes};
use crate::experiment::run::{RunError, Watch, run};
use crate::scenario::document::Document;
use crate::scenario::problem::Problems;
use crate::statistics::interval::{student_quantile, z_score};
use crate::statistics::moments::Moments;
use crate::validation::ask::{Ask, Reading};
use crate::validation::configuration::Configuration;

/// Probability at most with which correct code fails the whole table by chance.
pub const FALSE_ALARM: f64 = 0.001;
/// Largest difference, relative for numbers above 1, that rounding and quadrature make of a number that
/// chance does not touch; no standard error in the table is as small.
const ROUNDING: f64 = 1e-9;

/// How long a suite plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Some tens of seconds.
    Quick,
    /// Some minutes.
    Full,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The quantity, in words.
    pub quantity: String,
    /// Its exact value.
    pub exact: f64,
    /// Mean over the replications that have it; NaN of none.
    pub simulated: f64,
    /// Standard error of that mean.
    pub standard_error: f64,
    /// How many standard errors apart they are. 0 where chance does not touch the number and it is right;
    /// infinite where it is wrong, or missing.
    pub z: f64,
    /// Replications that have it.
    pub n: u64,
}

/// What a configuration came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Name of the configuration.
    pub name: &'static str,
    /// What it is.
    pub system: &'static str,
    /// Replications played.
    pub replications: u64,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// Whether a whole table holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Lines of the table.
    pub lines: usize,
    /// Standard errors that no line may be away.
    pub bound: f64,
    /// Lines that are.
    pub beyond: usize,
    /// Lines away by more than 1.96, of which chance makes one in twenty.
    pub beyond_two: usize,
}

/// Why a configuration could not be played.
#[derive(Debug)]
pub enum SuiteError {
    /// Its scenario is wrong.
    Scenario(Problems),
    /// Theory has no answer to it.
    NoAnswer(&'static str),
    /// No run can be planned.
    Plan(PlanError),
    /// The run came to nothing.
    Run(RunError<Problems>),
    /// It was stopped.
    Stopped,
}

impl fmt::Display for SuiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SuiteError::Scenario(problems) => write!(f, "{}", problems.render(false)),
            SuiteError::NoAnswer(name) => {
                write!(f, "the theory of configuration {name} has no answer to it")
            }
            SuiteError::Plan(error) => write!(f, "{error}"),
            SuiteError::Run(error) => write!(f, "{error}"),
            SuiteError::Stopped => write!(f, "the suite was stopped before its end"),
        }
    }
}

impl std::error::Error for SuiteError {}

/// Plays one configuration with the seed of its scenario.
///
/// The same scenario and number of replications under `casecap run` play the same replications.
///
/// * `threads` - nothing: one for each core
/// * `stop` - once true, the suite ends with [`SuiteError::Stopped`]
/// * `on_replication` - called after each replication, from any thread
///
/// # Errors
/// [`SuiteError`].
pub fn play(
    configuration: &Configuration,
    effort: Effort,
    threads: Option<usize>,
    stop: &AtomicBool,
    on_replication: &(dyn Fn() + Sync),
) -> Result<Answer, SuiteError> {
    let document =
        Document::parse(configuration.name, configuration.text).map_err(SuiteError::Scenario)?;
    let asks = (configuration.asks)(document.scenario())
        .ok_or(SuiteError::NoAnswer(configuration.name))?;
    let wishes = Wishes {
        replications: Some(configuration.replications(effort)),
        threads,
        ..Wishes::default()
    };
    let plan = Plan::new(document.scenario(), &wishes).map_err(SuiteError::Plan)?;
    let layout = crate::experiment::plan::layout(document.scenario());
    let mut moments = vec![Moments::new(); asks.len()];
    let watch = Watch {
        stop,
        on_replication,
    };
    let summary = run(&document, &plan, &watch, &mut |played| {
        let reading = Reading {
            layout: &layout,
            record: &played.records[..layout.len()],
        };
        for (ask, moments) in asks.iter().zip(&mut moments) {
            moments.push((ask.read)(&reading));
        }
        Ok(())
    })
    .map_err(SuiteError::Run)?;
    if summary.replications < plan.replications {
        return Err(SuiteError::Stopped);
    }
    Ok(Answer {
        name: configuration.name,
        system: configuration.system,
        replications: plan.replications,
        lines: asks
            .iter()
            .zip(&moments)
            .map(|(ask, moments)| line(ask, moments))
            .collect(),
    })
}

impl Configuration {
    /// Replications of an effort.
    pub fn replications(&self, effort: Effort) -> u64 {
        match effort {
            Effort::Quick => self.quick,
            Effort::Full => self.full,
        }
    }
}

fn line(ask: &Ask, moments: &Moments) -> Line {
    let simulated = moments.mean().unwrap_or(f64::NAN);
    let standard_error = moments.standard_error().unwrap_or(f64::NAN);
    let is_same = (simulated - ask.exact).abs() <= ROUNDING * ask.exact.abs().max(1.0);
    let z = if is_same {
        0.0
    } else {
        z_score(simulated, ask.exact, standard_error).unwrap_or(f64::INFINITY)
    };
    Line {
        quantity: ask.quantity.clone(),
        exact: ask.exact,
        simulated,
        standard_error,
        z,
        n: moments.n(),
    }
}

/// Judges a table.
///
/// The bound is that of Bonferroni: each line fails by chance with [`FALSE_ALARM`] over the number of
/// lines at most, by Student's law with the freedom of the line that has the fewest replications; so
/// whatever the lines have to do with each other, the table fails by chance with [`FALSE_ALARM`] at most.
/// That a mean over replications is normal holds the better the more there are.
pub fn judge(answers: &[Answer]) -> Verdict {
    let lines: Vec<&Line> = answers.iter().flat_map(|answer| &answer.lines).collect();
    let fewest = lines.iter().map(|line| line.n).min().unwrap_or(0);
    let tail = FALSE_ALARM / (2.0 * lines.len().max(1) as f64);
    let bound = student_quantile(1.0 - tail, fewest.saturating_sub(1).max(1));
    let beyond = |bound: f64| lines.iter().filter(|line| is_beyond(line.z, bound)).count();
    Verdict {
        lines: lines.len(),
        bound,
        beyond: beyond(bound),
        beyond_two: beyond(1.96),
    }
}

/// True where a z-score is beyond a bound, or is no number.
pub(super) fn is_beyond(z: f64, bound: f64) -> bool {
    z.is_nan() || z.abs() > bound
}
