//! Deadlines and the waiting mark: until when, and whether they were kept.

use crate::engine::play::Play;
use crate::engine::sums::RECORDS;
use crate::model::pathway::DeadlineOf;

impl Play<'_> {
    /// Until when a stage entered, or a worker needed, now must end, or be found; infinity without a deadline.
    #[inline]
    pub(super) fn due(&self, stage: u16, of: DeadlineOf) -> f64 {
        match self.world.stages[stage as usize].deadline {
            Some(deadline) if deadline.of == of => self
                .world
                .scenario
                .calendar
                .after_working_days(self.now, deadline.working_days),
            _ => f64::INFINITY,
        }
    }

    /// Notes whether a deadline was kept, in the month in which it was kept or passed.
    ///
    /// A deadline ends at 24:00 of its day, and is kept only by what happens strictly before: what happens at 00:00 of
    /// the next day, such as a meeting, belongs to the next day and is late.
    pub(super) fn judge_deadline(&mut self, due: f64, is_kept: bool) {
        let time = if is_kept { self.now } else { due - 1.0 };
        if let (Some(month), true) = (self.world.reported_month(time), RECORDS) {
            self.board.observer.deadlines[month][usize::from(!is_kept)] += 1;
        }
    }

    /// Notes the deadline for finding a worker: found now, or no longer needed.
    pub(super) fn judge_worker_due(&mut self, case: u32, is_found: bool) {
        let due = self.case(case).worker_due;
        if due < f64::INFINITY && (is_found || self.now >= due) {
            self.judge_deadline(due, self.now < due);
        }
        self.case_mut(case).worker_due = f64::INFINITY;
    }

    /// Judges a new referral against the waiting mark when it gets its first worker or leaves: in time only strictly
    /// before 24:00 of the last day of grace.
    #[inline]
    pub(super) fn judge_waiting(&mut self, case: u32, until: f64) {
        let at = self.case_mut(case);
        if at.waiting_mark.is_nan() {
            return;
        }
        let mark = std::mem::replace(&mut at.waiting_mark, f64::NAN);
        let referred = at.referred_at;
        let horizon = self.world.scenario.calendar.horizon;
        if let (Some(month), true) = (self.world.reported_month(referred), RECORDS) {
            let judged = &mut self.board.observer.still_waiting[month];
            judged[0] += 1;
            judged[1] += u32::from(until >= mark);
            // A mark past the end decides nothing, found early or not, or the month would look too good.
            judged[2] += u32::from(mark > horizon);
        }
    }
}
