//! Cases that find a worker in the instant in which they need one, without a place on the list.
//!
//! Most do. Where nobody waits in the team, nothing else is due in the instant and the first of the least loaded has
//! room, the list and the round at the end of the instant would come to the same; what they would write down is
//! written down here.

use crate::engine::play::Play;
use crate::engine::sums::Sum;
use crate::model::pathway::DeadlineOf;
use crate::policy::limit::Measure;
use crate::policy::meeting::Meeting;

impl Play<'_> {
    /// Cases of one family, new to their teams, get a worker at once or begin to wait; their clocks must stand still.
    pub(super) fn seek_worker(&mut self, cases: &[u32]) {
        match (self.taker_at_once(cases), cases) {
            // One case, as most are, without a loop.
            (Some((worker, adds)), [case]) => self.place_at_once(&[*case], worker, adds),
            (Some((worker, adds)), cases) => self.place_together(cases, worker, adds),
            (None, [case]) => self.start_waiting(*case),
            (None, cases) => self.start_waiting_together(cases),
        }
    }

    /// Who takes the cases, and what the first and all of them add there; nobody where the list may decide otherwise.
    #[inline(always)]
    fn taker_at_once(&mut self, cases: &[u32]) -> Option<(u32, (f64, f64))> {
        let board = &*self.board;
        let first = &board.cases.list[*cases.first()? as usize];
        let (team, spell) = (first.team, first.spell);
        let rules = &board.rules[team as usize];
        let is_alone = rules.is_plain
            && !self.is_stirred
            && self.phase.meeting == Meeting::AtOnce
            && board.queues[team as usize].is_empty()
            && board.cases.families[first.family as usize].children as usize == cases.len()
            && (spell == 0 || !self.returns_to_same_worker())
            && match cases {
                [case] => self.outlasts_the_instant(*case),
                cases => self.all_outlast_the_instant(cases, team),
            };
        if !is_alone {
            return None;
        }
        let (measure, is_held_to) = (rules.measure, rules.is_held_to);
        let worker = self.first_on_ladder(team)?;
        // One child that is counted adds one, whatever is measured but points and hours.
        let adds = match (cases, measure) {
            ([_], Measure::Cases | Measure::Families) => (1.0, 1.0),
            _ => self.adds_alone(cases.iter().copied(), measure),
        };
        if is_held_to {
            let place = &self.board.places[worker as usize];
            let limit = self.choices(team).limit.as_ref()?;
            if !limit.holds(place.load, place.limit, adds.0, adds.1) {
                return None;
            }
        }
        let is_last = !self.board.agenda.has_more_at(self.now);
        is_last.then_some((worker, adds))
    }

    /// True where all of several cases wait for the same team and none ends in this very instant.
    #[inline(never)]
    fn all_outlast_the_instant(&self, cases: &[u32], team: u16) -> bool {
        cases
            .iter()
            .all(|case| self.case(*case).team == team && self.outlasts_the_instant(*case))
    }

    pub(super) fn returns_to_same_worker(&self) -> bool {
        let returns = self.world.scenario.returns.as_ref();
        returns.is_some_and(|returns| returns.to_same_worker)
    }

    #[inline(never)]
    fn place_together(&mut self, cases: &[u32], worker: u32, adds: (f64, f64)) {
        self.place_at_once(cases, worker, adds);
    }

    #[inline(always)]
    fn place_at_once(&mut self, cases: &[u32], worker: u32, adds: (f64, f64)) {
        let now = self.now;
        let before = self.board.places[worker as usize];
        let team = self.worker(worker).team;
        self.board.last_taker[team as usize] = self.roster.rungs[worker as usize] + 1;
        for case in cases {
            #[cfg(test)]
            self.note(
                crate::engine::play::What::Waits,
                *case,
                crate::engine::case::NOBODY,
            );
            let sequence = self.sequence;
            self.sequence += 1;
            let at = self.case_mut(*case);
            at.since = now;
            at.waiting_since = now;
            at.is_split = false;
            at.waits += 1;
            at.sequence = sequence;
            let stage = at.stage;
            self.judge_waiting(*case, now);
            if self.world.stages[stage as usize].deadline.is_some() {
                let due = self.due(stage, DeadlineOf::Allocation);
                self.case_mut(*case).worker_due = due;
                self.judge_worker_due(*case, true);
            }
            self.board.observer.add(team, Sum::Waits, 1.0);
            self.board.observer.waits.push_zero();
            self.give(*case, worker);
        }
        self.rework(worker);
        if before.load + adds.1 > before.limit {
            self.count_excess(worker, before, adds, cases.len());
        }
    }
}
