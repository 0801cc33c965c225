//! The clocks of a case: running with a worker or standing still.

use crate::engine::case::{Case, State};
use crate::engine::lines::Firsts;
use crate::engine::play::{Moment, Play};
use crate::engine::worker::{Clock, Which, Worker};
use crate::engine::world::StageTable;

/// Lets the clocks of a case run with its worker's.
///
/// * `hastened` - effects of the risks that unmet need hastens, what is left of them, [case x effects + effect], and
///   the number of the case
/// * `firsts` - what ends first of each kind of clock at each worker
/// * returns - when the first of those that run with the calendar ends
#[inline(always)]
pub(super) fn run(
    at: &mut Case,
    holder: &mut Worker,
    table: &StageTable,
    clock: &Clock,
    (effects, hastened, case): (&[f64], &[f64], u32),
    firsts: &mut Firsts,
    now: f64,
) -> f64 {
    at.is_running = true;
    at.risk_left += now;
    let mut time = at.risk_left;
    if table.paced {
        let reading = clock.work_at(now) + at.work_left;
        let first = &mut firsts.of(at.worker)[0];
        holder.lines.start_work(at.line, reading, first);
    } else {
        at.work_left += now;
        time = time.min(at.work_left);
    }
    at.unmet -= clock.unmet_at(now);
    if !table.is_hastened {
        return time;
    }
    for (effect, k) in effects.iter().enumerate() {
        let left = hastened[case as usize * effects.len() + effect];
        let reading = now + k * clock.unmet_at(now) + left;
        let of = (effect, effects.len());
        let first = &mut firsts.of(at.worker)[1 + effect];
        holder.lines.start_hastened(at.line, of, reading, first);
    }
    time
}

/// Speed of the work on a manager's desk; an unpaced stage runs as with any present worker, unless nothing is done.
fn managed_speed(stage: &StageTable, speed: f64) -> f64 {
    if stage.paced || speed == 0.0 {
        speed
    } else {
        1.0
    }
}

impl Play<'_> {
    /// Lets the clocks of a case that stands still run up to now: risks as with all need unmet, and, without a
    /// worker, withdrawal.
    pub(super) fn settle_case(&mut self, case: u32) {
        let now = self.now;
        let world = self.world;
        let effects = world.effects.len();
        let at = &mut self.board.cases.list[case as usize];
        let days = now - at.since;
        at.since = now;
        if days <= 0.0 {
            return;
        }
        let table = &world.stages[at.stage as usize];
        let unmet_need = 1.0 - at.still_speed;
        at.unmet += days * unmet_need;
        if at.state == State::Waiting {
            at.withdraws_in -= days;
        }
        if at.is_managed {
            let speed = managed_speed(table, at.still_speed);
            at.work_left = (at.work_left - days * speed).max(0.0);
        }
        at.risk_left = (at.risk_left - days).max(0.0);
        if !table.is_hastened {
            return;
        }
        let base = case as usize * effects;
        for (left, k) in self.board.cases.hastened_left[base..base + effects]
            .iter_mut()
            .zip(&self.board.effects)
        {
            *left = (*left - days * (1.0 + k * unmet_need)).max(0.0);
        }
    }

    /// True where no clock of a case without a worker, settled up to now, ends in this very instant: one that does
    /// takes the case away before anybody is given it.
    #[inline]
    pub(super) fn outlasts_the_instant(&self, case: u32) -> bool {
        let at = self.case(case);
        let outlasts = self.now + at.withdraws_in > self.now && self.now + at.risk_left > self.now;
        if !outlasts || !self.world.stages[at.stage as usize].is_hastened {
            return outlasts;
        }
        let effects = self.world.effects.len();
        let base = case as usize * effects;
        let unmet_need = 1.0 - at.still_speed;
        let hastened = &self.board.cases.hastened_left[base..base + effects];
        hastened
            .iter()
            .zip(&self.board.effects)
            .all(|(left, k)| self.now + left / (1.0 + k * unmet_need) > self.now)
    }

    /// The first clock of a case that stands still to end, and when.
    fn next_still(&self, case: u32) -> (f64, Which) {
        let at = self.case(case);
        let table = &self.world.stages[at.stage as usize];
        let mut first = (f64::INFINITY, Which::Work);
        if at.state == State::Waiting && at.withdraws_in < f64::INFINITY {
            first = (at.since + at.withdraws_in.max(0.0), Which::Withdrawal);
        }
        if at.is_managed {
            let speed = managed_speed(table, at.still_speed);
            let time = at.since + at.work_left / speed;
            if time < first.0 {
                first = (time, Which::Work);
            }
        }
        let time = at.since + at.risk_left;
        if time < first.0 {
            first = (time, Which::Risk);
        }
        if !table.is_hastened {
            return first;
        }
        let base = case as usize * self.world.effects.len();
        let unmet_need = 1.0 - at.still_speed;
        for (effect, k) in self.board.effects.iter().enumerate() {
            let left = self.board.cases.hastened_left[base + effect];
            let time = at.since + left / (1.0 + k * unmet_need);
            if time < first.0 {
                first = (time, Which::Hastened(effect as u32));
            }
        }
        first
    }

    /// Enters the next change of a case that stands still: an exit, or the end of its handover.
    pub(super) fn schedule_still(&mut self, case: u32) {
        let (time, _) = self.next_still(case);
        let at = self.case(case);
        let (number, worker, handover_ends) = (at.number, at.worker, at.handover_ends);
        let slot = self.case_slot(case);
        if at.state == State::Held {
            let post = self.post_of(worker);
            if !self.worker(worker).is_absent && handover_ends < time && handover_ends > self.now {
                let order = Moment::HandoverEnd.of_case(Some(post), number);
                self.board.agenda.set(slot, handover_ends, order);
            } else {
                self.board
                    .agenda
                    .set(slot, time, Moment::Exit.of_case(Some(post), number));
            }
        } else {
            self.board
                .agenda
                .set(slot, time, Moment::Exit.of_case(None, number));
        }
    }

    /// A case whose own slot is due: its handover ends, or it leaves its stage.
    pub(super) fn case_due(&mut self, case: u32, moment: u8) {
        let at = self.case(case);
        if moment == Moment::HandoverEnd as u8 {
            let worker = at.worker;
            self.end_handover(case);
            self.start_clocks(case);
            self.rework(worker);
            return;
        }
        let which = if !at.is_running {
            let (_, which) = self.next_still(case);
            self.settle_case(case);
            which
        } else {
            let is_paced = self.world.stages[at.stage as usize].paced;
            let which = if !is_paced && at.work_left <= at.risk_left {
                Which::Work
            } else {
                Which::Risk
            };
            self.stop_clocks(case);
            which
        };
        self.leave_stage(case, which);
    }

    /// Starts the clocks of a case with its worker's: those that keep its pace stand in the worker's lines, and the
    /// first of those that run with the calendar in the case's own slot.
    pub(super) fn start_clocks(&mut self, case: u32) {
        self.settle_case(case);
        self.run_clocks(case);
    }

    /// The same for a case that is settled already.
    pub(super) fn run_clocks(&mut self, case: u32) {
        let (world, now) = (self.world, self.now);
        let slot = self.case_slot(case);
        let board = &mut *self.board;
        let at = &mut board.cases.list[case as usize];
        let holder = &mut board.workers[at.worker as usize];
        let table = &world.stages[at.stage as usize];
        let clock = &board.clocks[at.worker as usize * world.classes + table.class as usize];
        let hastened = board.cases.hastened_left.as_slice();
        let time = run(
            at,
            holder,
            table,
            clock,
            (&board.effects, hastened, case),
            &mut board.firsts,
            now,
        );
        let order = Moment::Exit.of_case(Some(holder.post), at.number);
        board.agenda.set(slot, time, order);
    }

    /// Stops the clocks of a case that run with its worker's, and notes what is left of each.
    #[inline]
    pub(super) fn stop_clocks(&mut self, case: u32) {
        let now = self.now;
        let world = self.world;
        let effects = world.effects.len();
        let at = &mut self.board.cases.list[case as usize];
        if !at.is_running {
            self.settle_case(case);
            return;
        }
        let line = at.line;
        let worker = &mut self.board.workers[at.worker as usize];
        let firsts = &mut self.board.firsts;
        let table = &world.stages[at.stage as usize];
        let clock = &self.board.clocks[at.worker as usize * world.classes + table.class as usize];
        at.is_running = false;
        at.since = now;
        at.risk_left = (at.risk_left - now).max(0.0);
        at.work_left = if table.paced {
            let ends = worker.lines.stop_work(line, &mut firsts.of(at.worker)[0]);
            (ends - clock.work_at(now)).max(0.0)
        } else {
            (at.work_left - now).max(0.0)
        };
        at.unmet += clock.unmet_at(now);
        if !table.is_hastened {
            return;
        }
        let base = case as usize * effects;
        for (effect, k) in self.board.effects.iter().enumerate() {
            let of = (effect, effects);
            let first = &mut firsts.of(at.worker)[1 + effect];
            let ends = worker.lines.stop_hastened(line, of, first);
            let left = ends - now - k * clock.unmet_at(now);
            self.board.cases.hastened_left[base + effect] = left.max(0.0);
        }
    }
}
