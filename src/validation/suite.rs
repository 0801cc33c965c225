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
/// Part of it that is given to Student's law. Means of a few skewed replications stray further down than
/// it says: of 40 lognormal numbers with a coefficient of variation of 0.35, a queue at 0.96, once in
/// 100,000 beyond 6.2 where the law says once in 3,500,000.
const STUDENTS_PART: f64 = 0.1;
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
    let plan = Plan::new(document.scenario(), document.is_uncertain(), &wishes)
        .map_err(SuiteError::Plan)?;
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
/// The bound is that of Bonferroni: each line fails by chance with its share of a tenth of [`FALSE_ALARM`],
/// by Student's law with the freedom of the line that has the fewest replications. So whatever the lines
/// have to do with each other, the table fails by chance with less than [`FALSE_ALARM`]; the other nine
/// tenths are for numbers that are not normal.
pub fn judge(answers: &[Answer]) -> Verdict {
    let lines: Vec<&Line> = answers.iter().flat_map(|answer| &answer.lines).collect();
    let fewest = lines.iter().map(|line| line.n).min().unwrap_or(0);
    let tail = STUDENTS_PART * FALSE_ALARM / (2.0 * lines.len().max(1) as f64);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::quadrature::integrate;
    use crate::validation::configuration::CONFIGURATIONS;
    use crate::validation::{pathway, queue};

    fn line_of(z: f64, n: u64) -> Line {
        Line {
            quantity: "open".into(),
            exact: 1.0,
            simulated: 1.0,
            standard_error: 0.1,
            z,
            n,
        }
    }

    fn table(lines: Vec<Line>) -> Vec<Answer> {
        vec![Answer {
            name: "one",
            system: "M/M/1",
            replications: 40,
            lines,
        }]
    }

    #[test]
    fn the_bound_leaves_each_line_its_share_of_a_tenth_of_the_false_alarms() {
        let verdict = judge(&table((0..300).map(|_| line_of(0.0, 40)).collect()));
        let v = 39.0_f64;
        let density = |x: f64| {
            let constant = libm::lgamma((v + 1.0) / 2.0) - libm::lgamma(v / 2.0);
            libm::exp(constant) / libm::sqrt(v * std::f64::consts::PI)
                * libm::pow(1.0 + x * x / v, -(v + 1.0) / 2.0)
        };
        let beyond = 2.0 * integrate(density, verdict.bound, 200.0, 1e-14);
        assert!((beyond * 300.0 / 1e-4 - 1.0).abs() < 1e-3, "{beyond}");
    }

    #[test]
    fn a_line_that_is_wrong_missing_or_far_off_fails_the_table() {
        for z in [9.0, -9.0, f64::INFINITY, f64::NAN] {
            let verdict = judge(&table(vec![line_of(0.5, 40), line_of(z, 40)]));
            assert_eq!((verdict.beyond, verdict.lines), (1, 2));
        }
        assert_eq!(judge(&table(vec![line_of(1.0, 40)])).beyond, 0);
    }

    fn altered(
        name: &str,
        asks: fn(&crate::scenario::sections::Scenario) -> Option<Vec<Ask>>,
    ) -> usize {
        let configuration = CONFIGURATIONS.iter().find(|c| c.name == name).unwrap();
        let wrong = Configuration {
            asks,
            quick: 40,
            ..*configuration
        };
        let go = AtomicBool::new(false);
        let answer = play(&wrong, Effort::Quick, Some(1), &go, &|| ()).unwrap();
        judge(&[answer]).beyond
    }

    #[test]
    fn an_answer_that_is_off_by_a_tenth_is_found_out() {
        // Null: none; the true answers pass at this seed, the wrong ones lie tens of errors away.
        assert_eq!(altered("noise", pathway::noise), 0);
        let off = altered("noise", |scenario| {
            let mut asks = pathway::noise(scenario)?;
            asks.iter_mut().for_each(|ask| ask.exact *= 1.1);
            Some(asks)
        });
        assert!(off > 0);
    }

    #[test]
    fn a_number_that_chance_does_not_touch_must_be_right() {
        let exact = Ask::new("three", 3.0, |_| 3.0);
        let mut three = Moments::new();
        three.push(3.0 + 1e-12);
        three.push(3.0 + 1e-12);
        assert_eq!(line(&exact, &three).z, 0.0);
        let other = Ask::new("four", 4.0, |_| 3.0);
        assert_eq!(line(&other, &three).z, f64::INFINITY);
        assert_eq!(line(&exact, &Moments::new()).z, f64::INFINITY);
    }

    #[test]
    fn a_suite_that_is_told_to_stop_says_so() {
        let told = AtomicBool::new(true);
        let played = play(&CONFIGURATIONS[0], Effort::Quick, Some(1), &told, &|| ());
        assert!(matches!(played, Err(SuiteError::Stopped)));
    }

    #[test]
    fn a_scenario_outside_the_theory_has_no_answer() {
        let configuration = CONFIGURATIONS.iter().find(|c| c.name == "noise").unwrap();
        let without_limit = Configuration {
            asks: queue::places,
            ..*configuration
        };
        let go = AtomicBool::new(false);
        let played = play(&without_limit, Effort::Quick, Some(1), &go, &|| ());
        assert!(matches!(played, Err(SuiteError::NoAnswer("noise"))));
    }
}
