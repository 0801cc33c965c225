//! Levels: how many there are now, integrated whenever they change.

use crate::engine::sums::{RECORDS, SUMS, Sum};
use crate::policy::manager::managers;

/// How many there are now, of a team or of the service.
///
/// Cases come and go with almost every event, staff seldom: each is integrated when it changes itself. The ratios of
/// cases to staff need no look at either in between, since the case days of a stretch of unchanged staff are summed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Level {
    pub(super) open: f64,
    pub(super) waiting: f64,
    /// Case days with a worker since the staff last changed, and up to when cases are integrated.
    allocated_days: f64,
    cases_since: f64,
    /// Direct work that cases without a worker need [hours a week].
    pub(super) waiting_need: f64,
    need_since: f64,
    /// Workers with at least one case, by head and in fte.
    pub(super) heads_with_case: f64,
    pub(super) fte_with_case: f64,
    pub(super) fte_permanent: f64,
    pub(super) fte_agency: f64,
    /// Vacant posts, and those of them with agency cover, in fte.
    pub(super) vacant: f64,
    pub(super) covered: f64,
    pub(super) filled_posts: f64,
    pub(super) posts_with_worker: f64,
    staff_since: f64,
}

impl Level {
    /// Integrates the numbers of cases up to now.
    #[inline]
    pub(super) fn integrate_cases(&mut self, now: f64, sums: &mut [f64; SUMS]) {
        let days = now - self.cases_since;
        if RECORDS && days > 0.0 {
            self.cases_since = now;
            sums[Sum::Open as usize] += self.open * days;
            sums[Sum::Waiting as usize] += self.waiting * days;
            self.allocated_days += (self.open - self.waiting) * days;
        }
    }

    /// Integrates the number of cases with a worker up to now, and no others.
    #[inline]
    pub(super) fn integrate_allocated(&mut self, now: f64) {
        let days = now - self.cases_since;
        if RECORDS && days > 0.0 {
            self.cases_since = now;
            self.allocated_days += (self.open - self.waiting) * days;
        }
    }

    pub(super) fn integrate_need(&mut self, now: f64, sums: &mut [f64; SUMS]) {
        sums[Sum::WaitingNeed as usize] += self.waiting_need * (now - self.need_since);
        self.need_since = now;
    }

    /// Integrates the numbers of staff, and of cases for each of them, up to now.
    pub(super) fn integrate_staff(&mut self, now: f64, sums: &mut [f64; SUMS]) {
        self.integrate_cases(now, sums);
        let days = now - self.staff_since;
        if !RECORDS || days <= 0.0 {
            return;
        }
        self.staff_since = now;
        let allocated_days = std::mem::take(&mut self.allocated_days);
        let fte = self.fte_permanent + self.fte_agency;
        sums[Sum::Vacant as usize] += self.vacant * days;
        sums[Sum::Covered as usize] += self.covered * days;
        sums[Sum::FilledPosts as usize] += self.filled_posts * days;
        sums[Sum::FteInPost as usize] += fte * days;
        sums[Sum::FtePermanent as usize] += self.fte_permanent * days;
        sums[Sum::FteAgency as usize] += self.fte_agency * days;
        if self.heads_with_case > 0.0 {
            sums[Sum::Caseload as usize] += allocated_days / self.fte_with_case;
            sums[Sum::CaseloadDays as usize] += days;
        }
        if fte > 0.0 {
            sums[Sum::CaseloadInPost as usize] += allocated_days / fte;
            sums[Sum::InPostDays as usize] += days;
        }
        if self.posts_with_worker > 0.0 {
            sums[Sum::CaseloadPost as usize] += allocated_days / self.posts_with_worker;
            sums[Sum::PostDays as usize] += days;
        }
    }

    /// Cases with a worker.
    pub(super) fn allocated(&self) -> f64 {
        self.open - self.waiting
    }
}

/// What stands for long, of a team or of the service.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    /// Posts, filled or not, in full-time equivalents and by number.
    pub(super) established: f64,
    pub(super) posts: f64,
    /// Cases on managers' desks, and the direct work that they get there [hours a week].
    pub(super) manager_held: f64,
    pub(super) manager_hours: f64,
    /// Teams in which the limit has lapsed.
    pub(super) lapsed: f64,
    since: f64,
}

impl Standing {
    /// Integrates what stands for long up to now.
    ///
    /// * `span` - posts for each manager; infinity without managers
    pub(super) fn integrate(&mut self, now: f64, span: f64, sums: &mut [f64; SUMS]) {
        let days = now - self.since;
        if !RECORDS || days <= 0.0 {
            return;
        }
        self.since = now;
        sums[Sum::Established as usize] += self.established * days;
        sums[Sum::ManagerDays as usize] += managers(self.posts, span) * days;
        sums[Sum::ManagerHeld as usize] += self.manager_held * days;
        sums[Sum::ManagerHours as usize] += self.manager_hours * days;
        sums[Sum::Lapsed as usize] += self.lapsed * days;
    }
}
