//! Families in the books: their keys, and how their children enter, open and go away for a time.

use crate::engine::case::State;
use crate::engine::play::{Moment, Play};
use crate::engine::stage::Age;
use crate::engine::sums::Sum;
use crate::random::draw::draw;
use crate::random::stream::{Kind, Stream};
use crate::scenario::sections::FAMILY_LIMIT;

/// Key of a child: kind of its family, number of the family, place in it.
pub(super) fn child(kind: Kind, family: u64, place: usize) -> u64 {
    ((kind as u64) << 40) | (family * FAMILY_LIMIT as u64 + place as u64)
}

impl Play<'_> {
    pub(super) fn add_family(&mut self, area: usize) -> u32 {
        self.board.cases.add_family(area as u16)
    }

    #[inline(always)]
    pub(super) fn add_case(&mut self, family: u32, identity: u64) -> u32 {
        let case = self.board.cases.add_case(family, identity, self.now);
        if self.board.units.len() <= case as usize {
            self.board
                .units
                .resize(case as usize + 1, Default::default());
            let slots = self.unit_slot(case) as usize + 1;
            self.board.agenda.grow(slots);
        }
        case
    }

    /// A spell begins: the case enters its first stage and needs a worker.
    #[inline(always)]
    pub(super) fn open(&mut self, case: u32, stage: u16, counted_as: Sum) {
        let now = self.now;
        let team = self.home(case, stage);
        let at = self.case_mut(case);
        at.team = team;
        at.entries = 0;
        at.was_allocated = false;
        at.unmet = 0.0;
        at.spell_begins = now;
        at.since = now;
        self.enter_stage(case, stage, Age::New);
        #[cfg(test)]
        self.note(
            crate::engine::play::What::Opened,
            case,
            crate::engine::case::NOBODY,
        );
        self.board.observer.add(team, counted_as, 1.0);
        self.board.observer.change_cases(team, now, 1.0, 0.0);
        self.board.observer.change_stage(stage, now, 1.0, 0.0);
    }

    /// When, and at which stage, a family that is turned away comes again; nothing where it does not before the end.
    pub(super) fn comes_again(&self, stream: &mut Stream) -> Option<(f64, u16)> {
        let back = self.phase.threshold.as_ref()?.comes_back.as_ref()?;
        let comes = back.comes(stream.uniform());
        let time = self.now + draw(&back.delay, stream);
        let horizon = self.world.scenario.calendar.horizon;
        (comes && time <= horizon).then_some((time, back.stage as u16))
    }

    /// A child is away until its family comes again, with the eldest of those who do.
    pub(super) fn send_away(&mut self, case: u32, eldest: u32, stage: u16) {
        let at = self.case_mut(case);
        at.state = State::Away;
        at.unit = eldest;
        at.again_at = Some(stage);
    }

    pub(super) fn schedule_return(&mut self, eldest: u32, time: f64) {
        let number = self.case(eldest).number;
        let slot = self.case_slot(eldest);
        self.board
            .agenda
            .set(slot, time, Moment::Exit.of_case(None, number));
    }
}
