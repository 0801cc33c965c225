//! Entering a stage: its clocks are drawn.

use crate::engine::play::Play;
use crate::engine::world::{CLOSED, Plain, StageTable};
use crate::model::law::Law;
use crate::model::pathway::DeadlineOf;
use crate::random::draw::{choose, draw, exponential, joint_equilibrium, rest_beyond};
use crate::random::stream::{Kind, Purpose, Stream};

/// How old a stay in a stage is when its clocks are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Age {
    /// It begins now.
    New,
    /// Of that many days at full speed.
    Days(f64),
    /// As an inspector finds it who comes at a random instant.
    Settled,
}

/// What is left of the work of a stage, and of the first of its risks that run with the calendar [days]; and where each
/// leads.
struct Clocks {
    work: (f64, u16),
    risk: (f64, u16),
}

impl Play<'_> {
    #[inline]
    fn stage_stream(&self, case: u32) -> Stream {
        let at = self.case(case);
        let occasion = (u64::from(at.spell) << 32) | u64::from(at.entries);
        self.luck
            .stream(Kind::Child, at.identity, occasion, Purpose::Stage)
    }

    /// Draws the clocks of a stage for a case that enters it, standing still until they are started.
    #[inline]
    pub(super) fn enter_stage(&mut self, case: u32, stage: u16, age: Age) {
        let table = &self.world.stages[stage as usize];
        let mut stream = self.stage_stream(case);
        if let Some(plain) = &table.plain {
            self.enter_plain(case, stage, plain, stream);
            return;
        }
        // Without a memory, what is left at any age is what a new clock has.
        let clocks = if age == Age::New || table.is_memoryless {
            self.draw_clocks(case, table, &mut stream, |_, law, stream| draw(law, stream))
        } else {
            self.draw_old_clocks(case, table, &mut stream, age)
        };
        let withdraws_in = table
            .withdraws
            .as_ref()
            .map_or(f64::INFINITY, |law| draw(law, &mut stream));
        let work_due = if age == Age::New {
            self.due(stage, DeadlineOf::Work)
        } else {
            f64::INFINITY
        };
        let at = self.case_mut(case);
        at.stage = stage;
        at.entries += 1;
        (at.work_left, at.work_next) = clocks.work;
        (at.risk_left, at.risk_next) = clocks.risk;
        at.withdraws_in = withdraws_in;
        at.work_due = work_due;
    }

    /// The same for a stage in which there is nothing to ask but how long: the same numbers in the same order.
    #[inline(always)]
    fn enter_plain(&mut self, case: u32, stage: u16, plain: &Plain, mut stream: Stream) {
        let work_left = plain.work_mean * exponential(&mut stream);
        let (risk_left, risk_next) = match plain.risk {
            Some((mean, to)) => (mean * exponential(&mut stream), to),
            None => (f64::INFINITY, CLOSED),
        };
        let at = self.case_mut(case);
        at.stage = stage;
        at.entries += 1;
        (at.work_left, at.work_next) = (work_left, plain.work_next);
        (at.risk_left, at.risk_next) = (risk_left, risk_next);
        at.withdraws_in = f64::INFINITY;
        at.work_due = f64::INFINITY;
    }

    /// The same for the clocks of a stay that has lasted some time.
    fn draw_old_clocks(
        &mut self,
        case: u32,
        table: &StageTable,
        stream: &mut Stream,
        age: Age,
    ) -> Clocks {
        let mut settled = std::mem::take(&mut self.board.settled);
        let lived = match age {
            Age::Settled => {
                settled.clear();
                settled.resize(table.laws.len(), 0.0);
                joint_equilibrium(&table.laws, &mut settled, stream)
            }
            _ => 0.0,
        };
        let clocks = self.draw_clocks(case, table, stream, |clock, law, stream| match age {
            Age::New => draw(law, stream),
            Age::Days(days) => rest_beyond(law, days, stream),
            Age::Settled => settled[clock] - lived,
        });
        self.board.settled = settled;
        clocks
    }

    /// Draws what is left of the clocks of a stage, and where each leads.
    ///
    /// * `left` - what is left of a clock, by its number and its law
    #[inline]
    fn draw_clocks(
        &mut self,
        case: u32,
        table: &StageTable,
        stream: &mut Stream,
        left: impl Fn(usize, &Law, &mut Stream) -> f64,
    ) -> Clocks {
        let effects = self.world.effects.len();
        let base = case as usize * effects;
        if table.is_hastened {
            self.board.cases.hastened_left[base..base + effects].fill(f64::INFINITY);
        }
        let mut work = (f64::INFINITY, CLOSED);
        if let Some((law, then)) = &table.work {
            work.0 = left(0, law, stream);
            work.1 = *choose(then, stream);
        }
        let before = usize::from(table.work.is_some());
        let mut risk = (f64::INFINITY, CLOSED);
        for (number, (law, to, effect)) in table.risks.iter().enumerate() {
            let ends_in = left(before + number, law, stream);
            // Risks with the same effect run alike, so only the first of them can ever end the stage.
            match effect {
                None if ends_in < risk.0 => risk = (ends_in, *to),
                None => {}
                Some(effect) => {
                    let first = &mut self.board.cases.hastened_left[base + effect];
                    if ends_in < *first {
                        *first = ends_in;
                        self.board.cases.hastened_next[base + effect] = *to;
                    }
                }
            }
        }
        Clocks { work, risk }
    }
}
