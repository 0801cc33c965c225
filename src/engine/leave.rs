//! A stage ends: where the case goes, or that it closes.

use crate::engine::case::{NOBODY, State};
use crate::engine::play::{Moment, Play};
use crate::engine::stage::Age;
use crate::engine::sums::Sum;
use crate::engine::worker::Which;
use crate::engine::world::CLOSED;
use crate::model::pathway::DeadlineOf;
use crate::policy::limit::Limit;

impl Play<'_> {
    /// A stage ends by one of its clocks; the clocks of the case must stand still.
    #[inline]
    pub(super) fn leave_stage(&mut self, case: u32, which: Which) {
        let world = self.world;
        let now = self.now;
        let at = self.case(case);
        let (team, stage, was, work_due) = (at.team, at.stage, at.state, at.work_due);
        let next = match which {
            Which::Work => at.work_next,
            Which::Risk => at.risk_next,
            Which::Hastened(effect) => {
                let base = case as usize * world.effects.len();
                self.board.cases.hastened_next[base + effect as usize]
            }
            Which::Withdrawal => CLOSED,
        };
        if work_due < f64::INFINITY {
            self.judge_deadline(work_due, now < work_due);
        }
        if matches!(which, Which::Risk | Which::Hastened(_)) && next != CLOSED {
            self.board.observer.add(team, Sum::Escalations, 1.0);
        }
        if next == CLOSED {
            let sum = if which == Which::Withdrawal {
                Sum::Withdrawals
            } else {
                Sum::Closures
            };
            self.board.observer.add(team, sum, 1.0);
            self.close(case);
            return;
        }
        // One who helps out from another team keeps the case as far as that team takes its stages.
        let next_team = if was == State::Held && world.takes(team, next) {
            team
        } else {
            self.home(case, next)
        };
        let waits = f64::from(u8::from(was == State::Waiting));
        self.board.observer.change_stage(stage, now, -1.0, -waits);
        if next_team == team {
            self.board.observer.change_stage(next, now, 1.0, waits);
            if was == State::Waiting {
                self.leave_unit(case);
                self.judge_worker_due(case, false);
                self.enter_stage(case, next, Age::New);
                self.case_mut(case).worker_due = self.due(next, DeadlineOf::Allocation);
                self.join_unit(case);
                self.schedule_still(case);
            } else {
                self.enter_stage(case, next, Age::New);
                let worker = self.case(case).worker;
                self.restage(case);
                self.repace(worker);
                if self.board.rules[team as usize].weighs_stages {
                    self.replace(worker);
                }
                // A lighter stage makes room.
                let limit = self.choices(team).limit.as_ref();
                if limit.is_some_and(Limit::counts_stages) {
                    self.stir(team);
                }
            }
            return;
        }
        // Another team takes the stage: the case becomes unallocated there.
        if was == State::Waiting {
            self.judge_worker_due(case, false);
            self.leave_unit(case);
        } else {
            let worker = self.case(case).worker;
            self.let_go(case);
            self.rework(worker);
        }
        self.board.observer.change_cases(team, now, -1.0, -waits);
        self.board.observer.change_cases(next_team, now, 1.0, waits);
        self.board.observer.change_stage(next, now, 1.0, waits);
        self.case_mut(case).team = next_team;
        self.enter_stage(case, next, Age::New);
        if was == State::Waiting {
            // It has waited since it became unallocated, whichever team it waits for.
            self.case_mut(case).worker_due = self.due(next, DeadlineOf::Allocation);
            self.join_unit(case);
            self.schedule_still(case);
        } else {
            self.seek_worker(&[case]);
        }
    }

    /// A case leaves the service; its clocks must stand still.
    #[inline(always)]
    pub(super) fn close(&mut self, case: u32) {
        let now = self.now;
        let at = self.case(case);
        let (team, stage, was, worker) = (at.team, at.stage, at.state, at.worker);
        #[cfg(test)]
        self.note(crate::engine::play::What::Closed, case, NOBODY);
        self.judge_waiting(case, now);
        if was == State::Waiting {
            self.judge_worker_due(case, false);
            self.leave_unit(case);
        } else {
            self.let_go(case);
            self.rework(worker);
        }
        let waits = f64::from(u8::from(was == State::Waiting));
        self.board.observer.change_stage(stage, now, -1.0, -waits);
        self.board.observer.change_cases(team, now, -1.0, -waits);
        let at = self.case_mut(case);
        at.state = State::Closed;
        at.worker = NOBODY;
        at.since = now;
        let number = at.number;
        let slot = self.case_slot(case);
        if self.world.scenario.returns.is_some() {
            let end_of_day = now.floor() + 1.0;
            self.board
                .agenda
                .set(slot, end_of_day, Moment::Exit.of_case(None, number));
            if end_of_day <= self.world.scenario.calendar.horizon {
                return;
            }
        }
        self.board.agenda.clear(slot);
        self.board.cases.free(case);
    }
}
