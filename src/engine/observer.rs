//! What is written down while a replication plays: sums over the month, exact in time.
//!
//! Levels (how many are open, wait, are in post) are integrated whenever they change; rates of a
//! worker whenever they change; counts are counted. Sums are kept for each team; the service is their sum
//! in order of team, but for ratios of levels, which are integrated for the service itself.

use crate::engine::level::{Level, Standing};
use crate::engine::sums::{GRADE_SUMS, RECORDS, SUMS, Sum, Sums};
use crate::engine::tally::Waits;
use crate::engine::world::World;

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
