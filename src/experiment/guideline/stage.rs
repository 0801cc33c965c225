//! Plays settings of a scenario.

use std::sync::atomic::AtomicBool;

use crate::engine::guard::{Endless, Unfinished};
use crate::engine::replication::replicate;
use crate::engine::world::World;
use crate::experiment::guideline::pool::{Desk, Trial};
use crate::experiment::run::Worlds;
use crate::experiment::target::{Verdict, judge};
use crate::experiment::varied::varied;
use crate::scenario::document::Document;
use crate::scenario::problem::Problems;
use crate::scenario::requirement::Requirement;
use crate::scenario::vary::setting::Setting;

/// Why a replication of a setting has no verdict.
#[derive(Clone, Debug)]
pub enum JudgeError {
    /// Its world cannot be made.
    Setting(Problems),
    /// Time stands still in it.
    Endless {
        /// Its number.
        replication: u64,
        /// What happens again and again.
        endless: Endless,
    },
}

impl From<Problems> for JudgeError {
    fn from(problems: Problems) -> JudgeError {
        JudgeError::Setting(problems)
    }
}

/// Settings of one scenario under one policy.
pub struct Stage<'a> {
    document: &'a Document,
    policy: usize,
    seed: u64,
    requirements: &'a [Requirement],
    /// By number in the pool; nothing once a setting is decided.
    built: Vec<Option<Built>>,
}

/// A setting that can be played.
enum Built {
    /// All its replications have one world.
    One(Box<World>),
    /// Each draws its own.
    Each(Box<Document>),
}

impl<'a> Stage<'a> {
    /// A stage without settings.
    ///
    /// * `policy` - place among the scenario's policies
    pub fn new(
        document: &'a Document,
        policy: usize,
        seed: u64,
        requirements: &'a [Requirement],
    ) -> Stage<'a> {
        Stage {
            document,
            policy,
            seed,
            requirements,
            built: Vec::new(),
        }
    }

    /// Builds the next setting.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add(&mut self, settings: &[Setting]) -> Result<(), Problems> {
        let document = varied(self.document, settings)?;
        let built = match document.is_uncertain() {
            true => Built::Each(Box::new(document)),
            false => Built::One(Box::new(World::new(document.world(self.seed, 0)?))),
        };
        self.built.push(Some(built));
        Ok(())
    }

    /// Builds the next setting as it is in one world.
    ///
    /// * `document` - with the setting in it
    /// * `world` - number of the draw of what is not known
    ///
    /// # Errors
    /// What does not fit together in this world.
    pub fn add_in_world(&mut self, document: &Document, world: u64) -> Result<(), Problems> {
        let world = World::new(document.world(self.seed, world)?);
        self.built.push(Some(Built::One(Box::new(world))));
        Ok(())
    }

    /// Forgets a setting that is not played any more.
    pub fn leave(&mut self, setting: usize) {
        if let Some(built) = self.built.get_mut(setting) {
            *built = None;
        }
    }
}

impl Trial for Stage<'_> {
    type Error = JudgeError;

    /// Where numbers are uncertain each replication draws a world of its own, so that replications are independent.
    fn judge(
        &self,
        setting: usize,
        replication: u64,
        desk: &mut Desk,
        verdicts: &mut [Verdict],
        stop: &AtomicBool,
    ) -> Result<bool, JudgeError> {
        let Some(Some(built)) = self.built.get(setting) else {
            return Ok(true);
        };
        let drawn;
        let world = match built {
            Built::One(world) => world.as_ref(),
            Built::Each(document) => {
                drawn = Worlds::world(document.as_ref(), self.seed, replication)?;
                &drawn
            }
        };
        desk.record.resize(world.layout.len(), f64::NAN);
        let played = replicate(
            world,
            self.policy,
            self.seed,
            replication,
            &mut desk.arena,
            &mut desk.record,
            stop,
        );
        match played {
            Ok(()) => {}
            Err(Unfinished::Stopped) => return Ok(false),
            Err(Unfinished::Endless(endless)) => {
                return Err(JudgeError::Endless {
                    replication,
                    endless,
                });
            }
        }
        for (requirement, verdict) in self.requirements.iter().zip(verdicts) {
            *verdict = judge(&requirement.target, &world.layout, &desk.record);
        }
        Ok(true)
    }
}
