//! Asks a question of a scenario.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use crate::engine::guard::Endless;
use crate::experiment::guideline::answer::{Answer, Note, Row};
use crate::experiment::guideline::assumption::assumptions;
use crate::experiment::guideline::plausible::Plausible;
use crate::experiment::guideline::pool::{Desk, Pool, Setting, Standing, Trial};
use crate::experiment::guideline::price::price;
use crate::experiment::guideline::question::Question;
use crate::experiment::guideline::search::{self, Edge, Seen};
use crate::experiment::guideline::stage::{JudgeError, Stage};
use crate::experiment::run::Watch;
use crate::experiment::target::Verdict;
use crate::experiment::varied::varied;
use crate::scenario::document::Document;
use crate::scenario::problem::Problems;
use crate::scenario::size;

/// Replications after which an undecided setting is left for later, at least.
const CLOSE_AFTER: u64 = 512;

/// Why there is no answer.
#[derive(Debug)]
pub enum GuidelineError {
    /// A setting, or a world of one, cannot be made.
    Setting(Problems),
    /// The threads could not be started.
    Threads(rayon::ThreadPoolBuildError),
    /// Time stands still in a replication.
    Endless {
        /// Its number.
        replication: u64,
        /// What happens again and again.
        endless: Endless,
    },
}

impl fmt::Display for GuidelineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GuidelineError::Setting(problems) => write!(f, "{problems}"),
            GuidelineError::Endless {
                replication,
                endless,
            } => write!(f, "replication {replication} has no end: {endless}"),
            GuidelineError::Threads(error) => {
                write!(f, "the threads could not be started: {error}")
            }
        }
    }
}

impl std::error::Error for GuidelineError {}

impl From<JudgeError> for GuidelineError {
    fn from(error: JudgeError) -> GuidelineError {
        match error {
            JudgeError::Setting(problems) => GuidelineError::Setting(problems),
            JudgeError::Endless {
                replication,
                endless,
            } => GuidelineError::Endless {
                replication,
                endless,
            },
        }
    }
}

impl From<Problems> for GuidelineError {
    fn from(problems: Problems) -> GuidelineError {
        GuidelineError::Setting(problems)
    }
}

/// Asks a question: decides each setting of the grid and looks for the edges, until all is decided, the budget is spent
/// or it is stopped.
///
/// * `plausible` - what worlds draw; nothing where the question asks for none
///
/// # Errors
/// [`GuidelineError`]: a setting between the ends of an edge that cannot be played, or a world that cannot be drawn.
pub fn run(
    document: &Document,
    question: &Question,
    plausible: Option<&Plausible>,
    watch: &Watch<'_>,
) -> Result<Answer, GuidelineError> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(question.threads)
        .build()
        .map_err(GuidelineError::Threads)?;
    let mut asking = Asking::new(document, question, plausible)?;
    let desks: Vec<Mutex<Desk>> = (0..question.threads).map(|_| Mutex::default()).collect();
    let (mut is_interrupted, mut notes) = (false, Vec::new());
    let mut is_first = true;
    while let Some(open) = asking.open()? {
        let left = question.budget.saturating_sub(asking.pool.spent);
        let grants = asking.pool.grants(&open, u64::MAX, left);
        if grants.is_empty() {
            break;
        }
        let (pool, stage) = (&mut asking.pool, &asking.stage);
        if !threads.install(|| pool.play(&grants, stage, &desks, watch))? {
            is_interrupted = true;
            break;
        }
        if std::mem::take(&mut is_first) {
            notes = self::notes(&asking.pool, question);
        }
        asking.leave();
    }
    let mut answer = Answer {
        notes,
        is_interrupted,
        ..asking.answer()?
    };
    if let Some(plausible) = plausible {
        let draws = (0..question.worlds as u64)
            .map(|world| plausible.draws(question.seed, world))
            .collect::<Result<Vec<_>, Problems>>()?;
        let places = answer.numbers();
        answer.assumptions = assumptions(plausible, &draws, &places, answer.none(), question.seed);
    }
    Ok(answer)
}

/// Time that one replication of one setting takes, measured at the ends and in the middle of the grid.
///
/// * `seconds` - about how long it may look [s]
/// * returns - mean [s]; nothing where nothing could be played
///
/// # Errors
/// Where a setting or a world cannot be made.
pub fn pilot(
    document: &Document,
    question: &Question,
    seconds: f64,
) -> Result<Option<f64>, GuidelineError> {
    /// Replications of a setting at most.
    const MOST: u64 = 200;
    let last = question.settings().saturating_sub(1);
    let mut places = vec![0, last / 2, last];
    places.dedup();
    let requirements = &question.requirements;
    let mut stage = Stage::new(document, question.policy, question.seed, requirements);
    let mut desk = Desk::default();
    let mut verdicts = vec![Verdict::Missed; requirements.len()];
    let (mut spent, mut played) = (0.0, 0_u64);
    let expected = size::seconds(document.scenario());
    if expected > size::MEASURED {
        return Ok(Some(expected));
    }
    for (setting, place) in places.iter().enumerate() {
        stage.add(&question.grid_settings(*place))?;
        // The first fills the memory, and is not counted.
        let never = AtomicBool::new(false);
        stage.judge(setting, 0, &mut desk, &mut verdicts, &never)?;
        let began = Instant::now();
        for replication in 1..MOST {
            stage.judge(setting, replication, &mut desk, &mut verdicts, &never)?;
            played += 1;
            if began.elapsed().as_secs_f64() * places.len() as f64 > seconds {
                break;
            }
        }
        spent += began.elapsed().as_secs_f64();
    }
    Ok((played > 0).then(|| spent / played as f64))
}

/// A question that is being asked.
struct Asking<'a> {
    document: &'a Document,
    question: &'a Question,
    pool: Pool,
    stage: Stage<'a>,
    /// (rows x levels,) the number in the pool of each value of an edge that was looked at.
    probes: Vec<Vec<Option<usize>>>,
    /// Replications after which an undecided setting is left for later.
    close_after: u64,
}

impl<'a> Asking<'a> {
    fn new(
        document: &'a Document,
        question: &'a Question,
        plausible: Option<&Plausible>,
    ) -> Result<Asking<'a>, Problems> {
        let levels = question.against.as_ref().map_or(0, |a| a.levels.len());
        let many = question.settings() * (1 + question.worlds) + 2 * question.rows();
        let mut asking = Asking {
            document,
            question,
            pool: Pool::new(question.rules()),
            stage: Stage::new(
                document,
                question.policy,
                question.seed,
                &question.requirements,
            ),
            probes: vec![vec![None; levels]; question.rows()],
            close_after: (question.budget / (4 * many as u64)).max(CLOSE_AFTER),
        };
        for place in 0..question.settings() {
            asking.stage.add(&question.grid_settings(place))?;
            asking.pool.add();
        }
        let uncertain = plausible.map_or(document, |plausible| &plausible.document);
        let documents = (0..question.settings())
            .filter(|_| question.worlds > 0)
            .map(|place| varied(uncertain, &question.grid_settings(place)))
            .collect::<Result<Vec<Document>, Problems>>()?;
        for world in 0..question.worlds {
            for document in &documents {
                asking.stage.add_in_world(document, world as u64)?;
                asking.pool.add();
            }
        }
        Ok(asking)
    }

    fn seen(&self, row: usize, level: usize) -> Seen {
        let Some(setting) = self.probes[row][level] else {
            return Seen::New;
        };
        let setting = &self.pool.settings[setting];
        match setting.standing() {
            Standing::Meets => Seen::Holds,
            Standing::Fails => Seen::Fails,
            Standing::Open if setting.played >= self.close_after => Seen::Close,
            Standing::Open => Seen::Open,
        }
    }

    /// The settings that play next; nothing where all is decided.
    fn open(&mut self) -> Result<Option<Vec<usize>>, Problems> {
        let levels = self.probes.first().map_or(0, Vec::len);
        let is_open = |pool: &Pool, at: usize| pool.settings[at].standing() == Standing::Open;
        let mut open: Vec<usize> = (0..self.question.settings() * (1 + self.question.worlds))
            .filter(|at| is_open(&self.pool, *at))
            .collect();
        let mut later: Vec<usize> = Vec::new();
        for row in 0..self.probes.len() {
            let wanted = search::wanted(levels, &|level| self.seen(row, level));
            for level in wanted {
                let setting = match self.probes[row][level] {
                    Some(setting) => setting,
                    None => {
                        let settings = self.question.edge_settings(row, level);
                        self.stage.add(&settings)?;
                        let setting = self.pool.add();
                        self.probes[row][level] = Some(setting);
                        setting
                    }
                };
                open.push(setting);
            }
            // What was left for later counts where it is an end, or lies in the gap.
            let edge = search::edge(levels, &|level| self.seen(row, level));
            let counts = |level: usize| match edge {
                Edge::Unknown => true,
                Edge::Between { holds, fails } => {
                    holds.min(fails) < level && level < holds.max(fails)
                }
                Edge::All | Edge::Nowhere => false,
            };
            let of_row = (0..levels).filter(|level| counts(*level));
            later.extend(of_row.filter_map(|level| self.probes[row][level]));
        }
        let (now, close): (Vec<usize>, Vec<usize>) = open
            .into_iter()
            .partition(|at| self.pool.settings[*at].played < self.close_after);
        if !now.is_empty() {
            return Ok(Some(now));
        }
        later.extend(close);
        later.retain(|at| is_open(&self.pool, *at));
        later.sort_unstable();
        later.dedup();
        Ok((!later.is_empty()).then_some(later))
    }

    /// Frees the memory of what is decided.
    fn leave(&mut self) {
        for (at, setting) in self.pool.settings.iter().enumerate() {
            if setting.standing() != Standing::Open {
                self.stage.leave(at);
            }
        }
    }

    fn answer(self) -> Result<Answer, Problems> {
        let levels = self.probes.first().map_or(0, Vec::len);
        let mut rows = Vec::with_capacity(self.probes.len());
        for (row, probes) in self.probes.iter().enumerate() {
            let seen = |level| self.seen(row, level);
            let edge = search::edge(levels, &seen);
            let nearest = match edge {
                Edge::Between { holds, .. } => Some(holds),
                // Nothing asks for more than the range has.
                Edge::All | Edge::Nowhere | Edge::Unknown => None,
            };
            let price = nearest
                .map(|level| varied(self.document, &self.question.edge_settings(row, level)))
                .transpose()?
                .map(|after| price(self.document, &after));
            let looked = probes.iter().enumerate();
            rows.push(Row {
                probes: looked
                    .filter_map(|(level, at)| Some((level, self.pool.settings[(*at)?].clone())))
                    .collect(),
                contradictions: search::contradictions(levels, &seen),
                edge,
                price,
            });
        }
        let settings = &self.pool.settings;
        let of_worlds = settings.chunks(self.question.settings()).skip(1);
        let most = settings.iter().map(|s| s.played).max().unwrap_or(0);
        Ok(Answer {
            grid: settings[..self.question.settings()].to_vec(),
            worlds: of_worlds
                .take(self.question.worlds)
                .map(<[Setting]>::to_vec)
                .collect(),
            assumptions: Vec::new(),
            rows,
            spent: self.pool.spent,
            equal: most * settings.len() as u64,
            played: settings.len(),
            notes: Vec::new(),
            is_interrupted: false,
        })
    }
}

/// Requirements that the first round met everywhere, or nowhere.
fn notes(pool: &Pool, question: &Question) -> Vec<Note> {
    let grid = &pool.settings[..question.settings()];
    let all = |requirement: usize, is: fn(&Setting, usize) -> bool| {
        grid.iter().all(|setting| is(setting, requirement))
    };
    let mut notes = Vec::new();
    for requirement in 0..question.requirements.len() {
        let always = all(requirement, |setting, at| {
            let counts = setting.tallies[at].counts;
            counts.n > 0 && counts.successes == counts.n
        });
        let never = all(requirement, |setting, at| {
            let counts = setting.tallies[at].counts;
            counts.n > 0 && counts.successes == 0
        });
        if always || never {
            notes.push(Note {
                requirement,
                always,
                replications: grid
                    .iter()
                    .map(|setting| setting.tallies[requirement].counts.n)
                    .max()
                    .unwrap_or(0),
            });
        }
    }
    notes
}
