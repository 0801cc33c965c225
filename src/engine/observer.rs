//! What is written down while a replication plays: sums over the month, exact in time.
//!
//! Levels (how many are open, wait, are in post) are integrated whenever they change; rates of a
//! worker whenever they change; counts are counted. Sums are kept for each team; the service is their sum
//! in order of team, but for ratios of levels, which are integrated for the service itself.

use crate::engine::tally::Waits;
use crate::engine::world::World;
use crate::policy::manager::managers;

/// Whether anything is written down. It always is, but where a bench measures what that costs: see
/// `benches/recording.sh`.
pub(super) const RECORDS: bool = !cfg!(unrecorded);

/// A quantity to the nearest 2^-36, so that levels that rise and fall by such return to exactly what they were:
/// up to 131,072 of them add up without a rounding.
pub(super) fn summable(quantity: f64) -> f64 {
    const PARTS: f64 = (1u64 << 36) as f64;
    (quantity * PARTS).round() / PARTS
}

/// What is summed for each team. Integrals are in the unit of the level x days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Sum {
    // Integrals of levels.
    Open,
    Waiting,
    WaitingNeed,
    Vacant,
    Covered,
    FilledPosts,
    FteInPost,
    FtePermanent,
    FteAgency,
    // Integrals of ratios of levels.
    Caseload,
    CaseloadDays,
    CaseloadInPost,
    InPostDays,
    CaseloadPost,
    PostDays,
    // Integrals over workers.
    HeadDays,
    PermanentDays,
    AbsentDays,
    PresentDays,
    Ratio,
    Overloaded,
    Supply,
    Unused,
    Need,
    Delivered,
    Overtime,
    Strain,
    BurntOut,
    Attributable,
    Salaries,
    // Counts.
    Referrals,
    Allocations,
    Transfers,
    Closures,
    Escalations,
    Returns,
    Withdrawals,
    Leavers,
    AgencyLeavers,
    Starters,
    Overshoot,
    OverLimit,
    HoursGiven,
    ToilPaidOut,
    WaitDays,
    Waits,
    ScreenedOut,
    Declined,
    // Integrals of what stands for long.
    Established,
    ManagerDays,
    ManagerHeld,
    ManagerHours,
    Lapsed,
    /// How many sums there are.
    Count,
}

/// Number of sums of a team.
const SUMS: usize = Sum::Count as usize;

/// What is summed for each grade, over workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum GradeSum {
    HeadDays,
    FteDays,
    PresentDays,
    Ratio,
    BurntOut,
    Count,
}

const GRADE_SUMS: usize = GradeSum::Count as usize;

/// Sums over a stretch of time.
#[derive(Clone, Debug)]
pub(super) struct Sums {
    teams: Vec<[f64; SUMS]>,
    /// Ratios of levels of the whole service; other entries unused.
    service: [f64; SUMS],
    grades: Vec<[f64; GRADE_SUMS]>,
    /// Integrals of open and of waiting cases, [stage].
    stages: Vec<[f64; 2]>,
}

impl Default for Sums {
    fn default() -> Sums {
        Sums {
            teams: Vec::new(),
            service: [0.0; SUMS],
            grades: Vec::new(),
            stages: Vec::new(),
        }
    }
}

impl Sums {
    fn reset(&mut self, teams: usize, grades: usize, stages: usize) {
        self.teams.clear();
        self.teams.resize(teams, [0.0; SUMS]);
        self.service = [0.0; SUMS];
        self.grades.clear();
        self.grades.resize(grades, [0.0; GRADE_SUMS]);
        self.stages.clear();
        self.stages.resize(stages, [0.0; 2]);
    }

    fn zero(&mut self) {
        let (teams, grades, stages) = (self.teams.len(), self.grades.len(), self.stages.len());
        self.reset(teams, grades, stages);
    }

    fn add(&mut self, other: &Sums) {
        for (sums, others) in self.teams.iter_mut().zip(&other.teams) {
            sums.iter_mut()
                .zip(others)
                .for_each(|(sum, more)| *sum += more);
        }
        self.service
            .iter_mut()
            .zip(&other.service)
            .for_each(|(sum, more)| *sum += more);
        for (sums, others) in self.grades.iter_mut().zip(&other.grades) {
            sums.iter_mut()
                .zip(others)
                .for_each(|(sum, more)| *sum += more);
        }
        for (sums, others) in self.stages.iter_mut().zip(&other.stages) {
            sums.iter_mut()
                .zip(others)
                .for_each(|(sum, more)| *sum += more);
        }
    }

    /// One sum, of a team or, without one, of the service.
    pub(super) fn of(&self, team: Option<usize>, sum: Sum) -> f64 {
        match team {
            Some(team) => self.teams[team][sum as usize],
            None if is_ratio(sum) => self.service[sum as usize],
            None => self.teams.iter().map(|sums| sums[sum as usize]).sum(),
        }
    }

    pub(super) fn of_grade(&self, grade: usize, sum: GradeSum) -> f64 {
        self.grades[grade][sum as usize]
    }

    /// Integrals of open and of waiting cases of a stage [case days].
    pub(super) fn of_stage(&self, stage: usize) -> [f64; 2] {
        self.stages[stage]
    }
}

/// Sums that the service does not get by adding up its teams.
fn is_ratio(sum: Sum) -> bool {
    matches!(
        sum,
        Sum::Caseload
            | Sum::CaseloadDays
            | Sum::CaseloadInPost
            | Sum::InPostDays
            | Sum::CaseloadPost
            | Sum::PostDays
            | Sum::ManagerDays
    )
}

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
    fn integrate_cases(&mut self, now: f64, sums: &mut [f64; SUMS]) {
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
    fn integrate_allocated(&mut self, now: f64) {
        let days = now - self.cases_since;
        if RECORDS && days > 0.0 {
            self.cases_since = now;
            self.allocated_days += (self.open - self.waiting) * days;
        }
    }

    fn integrate_need(&mut self, now: f64, sums: &mut [f64; SUMS]) {
        sums[Sum::WaitingNeed as usize] += self.waiting_need * (now - self.need_since);
        self.need_since = now;
    }

    /// Integrates the numbers of staff, and of cases for each of them, up to now.
    fn integrate_staff(&mut self, now: f64, sums: &mut [f64; SUMS]) {
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
    /// * `span` - posts for each manager; infinity without managers
    fn integrate(&mut self, now: f64, span: f64, sums: &mut [f64; SUMS]) {
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

/// Everything that is written down in one replication.
#[derive(Clone, Debug, Default)]
pub(super) struct Observer {
    pub(super) month: Sums,
    pub(super) total: Sums,
    pub(super) service: Level,
    pub(super) teams: Vec<Level>,
    pub(super) standing: Standing,
    pub(super) standings: Vec<Standing>,
    /// Posts for each manager; infinity without managers.
    span: f64,
    /// Open and waiting cases of each stage, and from when they have been so many.
    stages: Vec<([f64; 2], f64)>,
    /// Waits of the month's allocations [days], and of all since the start.
    pub(super) waits: Waits,
    pub(super) all_waits: Waits,
    /// All transfers: time [days from the origin], slot and number of the case.
    pub(super) transfers: Vec<(f64, u32, u32)>,
    /// For each reported month: deadlines kept and broken.
    pub(super) deadlines: Vec<[u32; 2]>,
    /// For each reported month: referrals judged, those still waiting, and those whose mark lies past the end.
    pub(super) still_waiting: Vec<[u32; 3]>,
    /// People in post at any time since the start, and those of them burnt out at least once.
    pub(super) people: u32,
    pub(super) burnt_people: u32,
}

impl Observer {
    /// Empties it for a new replication.
    pub(super) fn reset(&mut self, world: &World) {
        let scenario = &world.scenario;
        let (teams, grades, stages) = (
            scenario.teams.len(),
            scenario.grades.len(),
            scenario.stages.len(),
        );
        self.month.reset(teams, grades, stages);
        self.total.reset(teams, grades, stages);
        self.service = Level::default();
        self.teams.clear();
        self.teams.resize(teams, Level::default());
        self.standing = Standing::default();
        self.standings.clear();
        self.standings.resize(teams, Standing::default());
        self.span = scenario.managers.map_or(f64::INFINITY, |m| m.span);
        self.stages.clear();
        self.stages.resize(stages, ([0.0; 2], 0.0));
        self.waits.clear();
        self.all_waits.clear();
        self.transfers.clear();
        let months = scenario.calendar.reported().len();
        self.deadlines.clear();
        self.deadlines.resize(months, [0; 2]);
        self.still_waiting.clear();
        self.still_waiting.resize(months, [0; 3]);
        self.people = 0;
        self.burnt_people = 0;
    }

    /// Adds to a count or an integral of a team.
    #[inline]
    pub(super) fn add(&mut self, team: u16, sum: Sum, amount: f64) {
        if RECORDS {
            self.month.teams[team as usize][sum as usize] += amount;
        }
    }

    pub(super) fn sums_of_team(&mut self, team: u16) -> &mut [f64; SUMS] {
        &mut self.month.teams[team as usize]
    }

    pub(super) fn sums_of_grade(&mut self, grade: u16) -> &mut [f64; GRADE_SUMS] {
        &mut self.month.grades[grade as usize]
    }

    /// Changes how many cases are open, and how many of them wait, in a team and in the service.
    #[inline]
    pub(super) fn change_cases(&mut self, team: u16, now: f64, open: f64, waiting: f64) {
        let level = &mut self.teams[team as usize];
        level.integrate_cases(now, &mut self.month.teams[team as usize]);
        level.open += open;
        level.waiting += waiting;
        // The service's own sums keep its ratios alone.
        self.service.integrate_allocated(now);
        self.service.open += open;
        self.service.waiting += waiting;
    }

    /// Changes the work that the cases without a worker need, in a team and in the service [hours a week].
    pub(super) fn change_waiting_need(&mut self, team: u16, now: f64, by: f64) {
        if by == 0.0 {
            return;
        }
        let level = &mut self.teams[team as usize];
        level.integrate_need(now, &mut self.month.teams[team as usize]);
        level.waiting_need += by;
        self.service.waiting_need += by;
    }

    /// Integrates the staff of a team and of the service up to now, then changes it.
    pub(super) fn change_staff(&mut self, team: u16, now: f64, change: impl Fn(&mut Level)) {
        let level = &mut self.teams[team as usize];
        level.integrate_staff(now, &mut self.month.teams[team as usize]);
        change(level);
        self.service.integrate_staff(now, &mut self.month.service);
        change(&mut self.service);
    }

    /// Integrates what stands for long in a team and in the service up to now, then changes it.
    pub(super) fn stand(&mut self, team: u16, now: f64, change: impl Fn(&mut Standing)) {
        let standing = &mut self.standings[team as usize];
        standing.integrate(now, self.span, &mut self.month.teams[team as usize]);
        change(standing);
        self.standing
            .integrate(now, self.span, &mut self.month.service);
        change(&mut self.standing);
    }

    /// Changes how many are open and how many wait in a stage.
    #[inline]
    pub(super) fn change_stage(&mut self, stage: u16, now: f64, open: f64, waiting: f64) {
        let (counts, since) = &mut self.stages[stage as usize];
        if RECORDS {
            let sums = &mut self.month.stages[stage as usize];
            let days = now - *since;
            sums[0] += counts[0] * days;
            sums[1] += counts[1] * days;
        }
        counts[0] += open;
        counts[1] += waiting;
        *since = now;
    }

    /// Open cases of a stage now.
    pub(super) fn open_in_stage(&self, stage: usize) -> f64 {
        self.stages[stage].0[0]
    }

    /// Brings all levels up to now, without a change.
    pub(super) fn settle(&mut self, now: f64) {
        for team in 0..self.teams.len() as u16 {
            self.change_staff(team, now, |_| {});
            self.teams[team as usize].integrate_need(now, &mut self.month.teams[team as usize]);
            self.stand(team, now, |_| {});
        }
        for stage in 0..self.stages.len() as u16 {
            self.change_stage(stage, now, 0.0, 0.0);
        }
    }

    /// Ends a month: its sums go to the total, if it is reported, and a new month begins.
    pub(super) fn turn_month(&mut self, is_reported: bool) {
        if is_reported {
            self.total.add(&self.month);
            self.all_waits.extend(&self.waits);
        }
        self.month.zero();
        self.waits.clear();
    }
}
