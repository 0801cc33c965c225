//! Month-end figures: what stands at 24:00 of a month's last day, in the service, each team and each grade.
//!
//! Stocks are counted at the instant at which the month's flows end, so that they reconcile: opening cases and what came
//! in, less what went out, are the closing cases.

use crate::engine::case::{NOBODY, State};
use crate::engine::play::Play;
use crate::engine::tally::{
    Census, MISSING, deviation, median, nearest_rank, over, share_out, sort_counts,
};
use crate::metric::catalogue::{Kind, Metric};
use crate::metric::distribution::Distribution;
use crate::metric::layout::{Column, Group};
use crate::model::calendar::DAYS_PER_YEAR;
use crate::policy::limit::is_within;

impl Play<'_> {
    /// Takes the census of a reported month into its row of the record.
    pub(super) fn take_census(&mut self, month: usize, record: &mut [f64]) {
        self.guard
            .spend(self.board.workers.len() + self.board.cases.list.len() / 64);
        for worker in 0..self.board.workers.len() as u32 {
            self.accrue(worker);
        }
        let mut caseloads = std::mem::take(&mut self.board.sorted);
        let mut family_loads = std::mem::take(&mut self.board.other_sorted);
        caseloads.clear();
        family_loads.clear();
        let mut counted = std::mem::take(&mut self.board.counted);
        self.count_all(&mut counted);
        for worker in self.board.workers.iter().filter(|w| !w.lines.is_empty()) {
            caseloads.push(worker.lines.len() as f64);
            family_loads.push(f64::from(worker.families));
        }
        sort_counts(&mut caseloads, &mut self.board.tallied);
        sort_counts(&mut family_loads, &mut self.board.tallied);
        let world = self.world;
        let columns = world.layout.columns();
        let row = &mut record[month * columns.len()..(month + 1) * columns.len()];
        let teams = world.scenario.teams.len();
        for (cell, column) in row.iter_mut().zip(columns) {
            if column.metric.definition().kind != Kind::MonthEnd {
                continue;
            }
            *cell = match column.group {
                Group::Service => self.census_value(column, &counted[0], &caseloads, &family_loads),
                Group::Team(team) => self.census_value(column, &counted[1 + team], &[], &[]),
                Group::Grade(grade) => {
                    self.census_value(column, &counted[1 + teams + grade], &[], &[])
                }
                Group::Stage(stage) => self.board.observer.open_in_stage(stage),
            };
        }
        if month + 1 == world.layout.months() {
            let bins = world.layout.bins(Distribution::Caseload);
            let idle = counted[0].heads - counted[0].heads_with_case;
            share_out(
                Distribution::Caseload,
                idle as usize,
                &caseloads,
                &mut record[bins],
            );
        }
        self.board.counted = counted;
        self.board.sorted = caseloads;
        self.board.other_sorted = family_loads;
    }

    /// Counts workers and waiting cases: of the service, then of each team, then of each grade.
    fn count_all(&self, counted: &mut Vec<Census>) {
        let scenario = &self.world.scenario;
        let teams = scenario.teams.len();
        counted.clear();
        counted.resize(1 + teams + scenario.grades.len(), Census::default());
        let grades = scenario.grades.len();
        for (number, worker) in self.board.workers.iter().enumerate() {
            if worker.is_present {
                let own = self.count_worker(number as u32);
                counted[0].add(&own);
                if teams > 1 {
                    counted[1 + worker.team as usize].add(&own);
                }
                if grades > 1 {
                    counted[1 + teams + worker.grade as usize].add(&own);
                }
            }
        }
        // All that is counted of the workers of a single team, or grade, is what is counted of the service.
        if teams == 1 {
            counted[1] = counted[0].clone();
        }
        if grades == 1 {
            counted[1 + teams] = counted[0].clone();
        }
        for (team, queue) in self.board.queues.iter().enumerate() {
            for unit in queue.iter() {
                let mut at = self.board.cases.eldest(unit);
                while at != NOBODY {
                    let case = self.case(at);
                    if case.state == State::Waiting && case.unit == unit {
                        for slot in [0, 1 + team] {
                            counted[slot].add_waiting(self.now - case.waiting_since);
                        }
                    }
                    at = case.sibling;
                }
            }
        }
    }

    fn count_worker(&self, number: u32) -> Census {
        let scenario = &self.world.scenario;
        let worker = self.worker(number);
        let cases = worker.lines.len() as f64;
        let share = |is: bool| f64::from(u8::from(is));
        let grade = &scenario.grades[worker.grade as usize];
        let own_share = self.board.terms.direct_share(worker.team, worker.grade);
        let is_burnt_out = worker.strain > worker.burnout_from;
        let guideline = scenario.guideline.unwrap_or(f64::INFINITY);
        let (load, limit) = (self.load_of(number), self.limit_of(number));
        let is_above_limit = !is_within(load, limit);
        let mut census = Census {
            heads: 1.0,
            fte_in_post: worker.fte,
            hours: worker.hours,
            direct_hours: worker.hours * own_share.unwrap_or(grade.direct_share),
            toil: worker.toil,
            strain: worker.strain,
            burnt_out: share(is_burnt_out),
            attributable: share(is_burnt_out && worker.burnout_from >= 0.0),
            above_guideline: share(!is_within(cases, guideline * worker.fte)),
            above_limit: share(is_above_limit),
            ..Census::default()
        };
        if is_above_limit {
            census.drift = (load - limit - worker.excused).max(0.0);
            // As many cases as the drift is, were they all of the worker's mean load.
            census.drift_cases = over(census.drift * cases, load);
        }
        if !worker.is_absent {
            census.supply = worker.nominal_supply;
        }
        if cases > 0.0 {
            census.heads_with_case = 1.0;
            census.fte_with_case = worker.fte;
            census.cases = cases;
            census.families = f64::from(worker.families);
            census.need = worker.need;
            census.highest = cases;
            census.points = self.world.points.quantity(worker.points);
        }
        census
    }

    /// The number of a metric that is taken at the census.
    fn census_value(
        &self,
        column: &Column,
        census: &Census,
        caseloads: &[f64],
        families: &[f64],
    ) -> f64 {
        let scenario = &self.world.scenario;
        let level = match column.group {
            Group::Team(team) => &self.board.observer.teams[team],
            _ => &self.board.observer.service,
        };
        let team = match column.group {
            Group::Team(team) => Some(team),
            _ => None,
        };
        match column.metric {
            Metric::CaseloadMean => over(census.cases, census.fte_with_case),
            Metric::CaseloadInPost => over(census.cases, census.fte_in_post),
            Metric::CaseloadEstablished => over(census.cases, self.established(team)),
            Metric::CaseloadMedian => median(caseloads),
            Metric::CaseloadP90 => nearest_rank(caseloads, 0.9),
            Metric::CaseloadHighest => over(
                census.highest * census.heads_with_case,
                census.heads_with_case,
            ),
            Metric::CaseloadSd => deviation(caseloads),
            Metric::FamiliesMean => over(census.families, census.fte_with_case),
            Metric::FamiliesMedian => median(families),
            Metric::FamiliesP90 => nearest_rank(families, 0.9),
            Metric::FamiliesHighest => families.last().copied().unwrap_or(MISSING),
            Metric::FamiliesSd => deviation(families),
            Metric::PointsPerWorker => over(census.points, census.fte_with_case),
            Metric::HoursPerWorker => over(census.need, census.fte_with_case),
            Metric::AboveLimitShare if self.phase.has_limit() => {
                over(census.above_limit, census.heads)
            }
            Metric::AboveGuidelineShare if scenario.guideline.is_some() => {
                over(census.above_guideline, census.heads)
            }
            Metric::Drift if self.phase.has_limit() => census.drift,
            Metric::DriftCases if self.phase.has_limit() => census.drift_cases,
            Metric::ToilOwed => over(census.toil, census.heads),
            Metric::StrainMean => over(census.strain, census.heads),
            Metric::BurntOutShare => over(census.burnt_out, census.heads),
            Metric::BurntOutAttributable => over(census.attributable, census.heads),
            Metric::BurntOutEver => over(
                f64::from(self.board.observer.burnt_people),
                f64::from(self.board.observer.people),
            ),
            Metric::UnallocatedCensus => census.waiting,
            Metric::QueueAgeMean => over(census.waiting_days, census.waiting),
            Metric::QueueAgeLongest => census.longest_wait,
            Metric::WorkerChanges => {
                let transfers = &self.board.observer.transfers;
                let first =
                    transfers.partition_point(|(time, ..)| *time <= self.now - DAYS_PER_YEAR);
                let is_open = |(_, slot, number): &&(f64, u32, u32)| {
                    let case = self.case(*slot);
                    case.number == *number && matches!(case.state, State::Waiting | State::Held)
                };
                over(
                    transfers[first..].iter().filter(is_open).count() as f64,
                    level.open,
                )
            }
            Metric::OpenCasesCensus => level.open,
            Metric::CapacityGap => {
                let per_worker = scenario.full_time_hours * over(census.direct_hours, census.hours);
                let gap = census.need + level.waiting_need - census.supply;
                over(gap, per_worker)
            }
            _ => MISSING,
        }
    }
}
