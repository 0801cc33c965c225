//! From what was written down to the numbers of the record, one rule for each metric.

use crate::engine::case::{NOBODY, State};
use crate::engine::observer::{GradeSum, Sum, Sums};
use crate::engine::play::Play;
use crate::metric::catalogue::{Kind, Metric};
use crate::metric::layout::{Column, Group};
use crate::model::calendar::{DAYS_PER_MONTH, DAYS_PER_YEAR};
use crate::policy::limit::is_within;

/// A missing number.
const MISSING: f64 = f64::NAN;

/// What a census finds in the service, a team or a grade.
#[derive(Clone, Debug, Default)]
pub(super) struct Census {
    heads: f64,
    heads_with_case: f64,
    fte_in_post: f64,
    fte_with_case: f64,
    cases: f64,
    families: f64,
    points: f64,
    need: f64,
    highest: f64,
    above_limit: f64,
    above_guideline: f64,
    drift: f64,
    strain: f64,
    burnt_out: f64,
    attributable: f64,
    toil: f64,
    supply: f64,
    hours: f64,
    direct_hours: f64,
    waiting: f64,
    waiting_days: f64,
    longest_wait: f64,
}

fn over(amount: f64, base: f64) -> f64 {
    if base > 0.0 { amount / base } else { MISSING }
}

/// The value that a share of the sorted numbers does not exceed (nearest rank); missing without any.
fn nearest_rank(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64 - 1e-9).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied().unwrap_or(MISSING)
}

fn median(sorted: &[f64]) -> f64 {
    match sorted.len() {
        0 => MISSING,
        n if n % 2 == 1 => sorted[n / 2],
        n => 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]),
    }
}

fn deviation(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return MISSING;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    libm::sqrt(values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0))
}

impl Play<'_> {
    /// Takes the census of a reported month into its row of the record.
    pub(super) fn take_census(&mut self, month: usize, record: &mut [f64]) {
        for worker in 0..self.board.workers.len() as u32 {
            self.accrue(worker);
        }
        let mut service = Census::default();
        let mut caseloads = std::mem::take(&mut self.board.sorted);
        let mut family_loads = std::mem::take(&mut self.board.other_sorted);
        caseloads.clear();
        family_loads.clear();
        self.count_group(Group::Service, &mut service);
        for worker in self.board.workers.iter().filter(|w| !w.lines.is_empty()) {
            caseloads.push(worker.lines.len() as f64);
            family_loads.push(f64::from(worker.families));
        }
        caseloads.sort_unstable_by(f64::total_cmp);
        family_loads.sort_unstable_by(f64::total_cmp);
        let world = self.world;
        let columns = world.layout.columns();
        let row = &mut record[month * columns.len()..(month + 1) * columns.len()];
        // Columns of one metric stand together, those of one group do not: each other group is counted once.
        let groups = 1 + world.scenario.teams.len() + world.scenario.grades.len();
        let mut counted = std::mem::take(&mut self.board.counted);
        counted.clear();
        counted.resize(groups, None);
        for (cell, column) in row.iter_mut().zip(columns) {
            if column.metric.definition().kind != Kind::MonthEnd {
                continue;
            }
            let slot = match column.group {
                Group::Service => None,
                Group::Team(team) => Some(1 + team),
                Group::Grade(grade) => Some(1 + world.scenario.teams.len() + grade),
                Group::Stage(stage) => {
                    *cell = self.board.observer.open_in_stage(stage);
                    continue;
                }
            };
            *cell = match slot {
                None => self.census_value(column, &service, &caseloads, &family_loads),
                Some(slot) => {
                    let census = counted[slot].get_or_insert_with(|| {
                        let mut census = Census::default();
                        self.count_group(column.group, &mut census);
                        census
                    });
                    self.census_value(column, census, &[], &[])
                }
            };
        }
        self.board.counted = counted;
        self.board.sorted = caseloads;
        self.board.other_sorted = family_loads;
    }

    /// Counts workers and waiting cases of a group.
    fn count_group(&self, group: Group, census: &mut Census) {
        let scenario = &self.world.scenario;
        let guideline = scenario.guideline.unwrap_or(f64::INFINITY);
        for (number, worker) in self.board.workers.iter().enumerate() {
            let belongs = match group {
                Group::Team(team) => worker.team as usize == team,
                Group::Grade(grade) => worker.grade as usize == grade,
                _ => true,
            };
            if !worker.is_present || !belongs {
                continue;
            }
            let cases = worker.lines.len() as f64;
            let grade = &scenario.grades[worker.grade as usize];
            census.heads += 1.0;
            census.fte_in_post += worker.fte;
            census.hours += worker.hours;
            census.direct_hours += worker.hours * grade.direct_share;
            census.toil += worker.toil;
            census.strain += worker.strain;
            let is_burnt_out = worker.strain > worker.burnout_from;
            census.burnt_out += f64::from(u8::from(is_burnt_out));
            census.attributable += f64::from(u8::from(is_burnt_out && worker.burnout_from >= 0.0));
            if !worker.is_absent {
                census.supply += worker.nominal_supply;
            }
            if cases > 0.0 {
                census.heads_with_case += 1.0;
                census.fte_with_case += worker.fte;
                census.cases += cases;
                census.families += f64::from(worker.families);
                census.need += worker.need;
                census.highest = census.highest.max(cases);
                census.points += self.points_of(number as u32);
            }
            census.above_guideline +=
                f64::from(u8::from(!is_within(cases, guideline * worker.fte)));
            let limit = self.limit_of(number as u32);
            if !is_within(cases, limit) {
                census.above_limit += 1.0;
                census.drift += (cases - limit - worker.excused).max(0.0);
            }
        }
        for (team, queue) in self.board.queues.iter().enumerate() {
            if matches!(group, Group::Team(meant) if meant != team)
                || matches!(group, Group::Grade(_))
            {
                continue;
            }
            for unit in queue.iter() {
                let mut at = self.board.cases.eldest(unit);
                while at != NOBODY {
                    let case = self.case(at);
                    if case.state == State::Waiting && case.unit == unit {
                        let days = self.now - case.waiting_since;
                        census.waiting += 1.0;
                        census.waiting_days += days;
                        census.longest_wait = census.longest_wait.max(days);
                    }
                    at = case.sibling;
                }
            }
        }
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
            Metric::AboveLimitShare if self.policy.limit.is_some() => {
                over(census.above_limit, census.heads)
            }
            Metric::AboveGuidelineShare if scenario.guideline.is_some() => {
                over(census.above_guideline, census.heads)
            }
            Metric::Drift if self.policy.limit.is_some() => census.drift,
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

    /// Full-time-equivalent posts of a team or of the service, filled or not.
    fn established(&self, team: Option<usize>) -> f64 {
        let posts = 0..self.world.posts() as u32;
        posts
            .filter(|post| {
                team.is_none_or(|team| self.world.post_team[*post as usize] as usize == team)
            })
            .map(|post| self.post_fte(post))
            .sum()
    }

    /// Ends a month: brings all sums up to now and writes the month's row, if it is reported.
    pub(super) fn end_month(&mut self, month: Option<usize>, days: f64, record: &mut [f64]) {
        for worker in 0..self.board.workers.len() as u32 {
            self.accrue(worker);
        }
        let now = self.now;
        self.board.observer.settle(now);
        if let Some(month) = month {
            let mut waits = std::mem::take(&mut self.board.observer.waits);
            waits.sort_unstable_by(f64::total_cmp);
            self.write_row(
                month,
                &self.board.observer.month,
                days,
                nearest_rank(&waits, 0.9),
                record,
            );
            self.board.observer.waits = waits;
        }
        self.board.observer.turn_month(month.is_some());
    }

    fn write_row(&self, row: usize, sums: &Sums, days: f64, wait_p90: f64, record: &mut [f64]) {
        let columns = self.world.layout.columns();
        let cells = &mut record[row * columns.len()..(row + 1) * columns.len()];
        for (cell, column) in cells.iter_mut().zip(columns) {
            if column.metric.definition().kind == Kind::MonthEnd {
                continue;
            }
            *cell = match (column.group, column.metric) {
                (Group::Stage(stage), Metric::OpenCases) => sums.of_stage(stage)[0] / days,
                (Group::Stage(stage), _) => sums.of_stage(stage)[1] / days,
                (Group::Grade(grade), metric) => grade_value(sums, grade, metric, days),
                (Group::Service, Metric::WaitP90) => wait_p90,
                (Group::Service, metric) => self.value(sums, None, metric, days),
                (Group::Team(team), metric) => self.value(sums, Some(team), metric, days),
            };
        }
    }

    /// The number of a metric that is an average, a total or a ratio.
    fn value(&self, sums: &Sums, team: Option<usize>, metric: Metric, days: f64) -> f64 {
        let scenario = &self.world.scenario;
        let of = |sum: Sum| sums.of(team, sum);
        let mean = |sum: Sum| sums.of(team, sum) / days;
        match metric {
            Metric::CaseloadMeanAverage => over(of(Sum::Caseload), of(Sum::CaseloadDays)),
            Metric::CaseloadInPostAverage => over(of(Sum::CaseloadInPost), of(Sum::InPostDays)),
            Metric::CasesPerFilledPost => over(of(Sum::CaseloadPost), of(Sum::PostDays)),
            Metric::FamilyOvershoot => of(Sum::Overshoot),
            Metric::AllocatedOverLimit => of(Sum::OverLimit),
            Metric::WorkloadRatio => over(of(Sum::Ratio), of(Sum::PresentDays)),
            Metric::OverloadedShare => over(of(Sum::Overloaded), of(Sum::PresentDays)),
            Metric::Slack => over(of(Sum::Unused), of(Sum::Supply)),
            Metric::Overtime => over(of(Sum::Overtime), of(Sum::HeadDays)),
            Metric::HoursGiven => of(Sum::HoursGiven),
            Metric::StrainMeanAverage => over(of(Sum::Strain), of(Sum::HeadDays)),
            Metric::BurntOutShareAverage => over(of(Sum::BurntOut), of(Sum::HeadDays)),
            Metric::BurntOutAttributableAverage => over(of(Sum::Attributable), of(Sum::HeadDays)),
            Metric::Unallocated => mean(Sum::Waiting),
            Metric::WaitMean => over(of(Sum::WaitDays), of(Sum::Waits)),
            Metric::Referrals => of(Sum::Referrals),
            Metric::Allocations => of(Sum::Allocations),
            Metric::Closures => of(Sum::Closures),
            Metric::Escalations => of(Sum::Escalations),
            Metric::Returns => of(Sum::Returns),
            Metric::Withdrawals => of(Sum::Withdrawals),
            Metric::Transfers => of(Sum::Transfers),
            Metric::OpenCases => mean(Sum::Open),
            Metric::AllocatedCases => mean(Sum::Open) - mean(Sum::Waiting),
            Metric::DirectHours => over(of(Sum::Delivered), of(Sum::Open)),
            Metric::NeedMet => {
                let share = over(of(Sum::Delivered), of(Sum::Need) + of(Sum::WaitingNeed));
                // Without a pace above 1 no more than the need is delivered; what is above is rounding.
                if scenario.overload.speed_max <= 1.0 && share > 1.0 {
                    1.0
                } else {
                    share
                }
            }
            Metric::Supervision => match scenario.managers {
                Some(managers) => match managers.supervision_hours_per_week {
                    Some(hours) => {
                        let number = (self.world.posts() as f64 / managers.span).ceil();
                        over(
                            number * hours / 7.0 * DAYS_PER_MONTH * days,
                            of(Sum::HeadDays),
                        )
                    }
                    None => MISSING,
                },
                None => MISSING,
            },
            Metric::Leavers => of(Sum::Leavers),
            Metric::Turnover => over(of(Sum::Leavers) * DAYS_PER_YEAR, of(Sum::PermanentDays)),
            Metric::AgencyLeavers => of(Sum::AgencyLeavers),
            Metric::ToilPaidOut => of(Sum::ToilPaidOut),
            Metric::Starters => of(Sum::Starters),
            Metric::VacancyRate => over(mean(Sum::Vacant), self.established(team)),
            Metric::VacancyCovered => over(of(Sum::Covered), of(Sum::Vacant)),
            Metric::AgencyShare => over(of(Sum::FteAgency), of(Sum::FteInPost)),
            Metric::AbsenceRate => over(of(Sum::AbsentDays), of(Sum::PermanentDays)),
            Metric::InPost => mean(Sum::FteInPost),
            Metric::InPostPermanent => mean(Sum::FtePermanent),
            Metric::FilledPosts => mean(Sum::FilledPosts),
            Metric::Cost => match scenario.cost {
                Some(cost) => {
                    of(Sum::Salaries) / DAYS_PER_YEAR
                        + of(Sum::Starters) * cost.per_hire
                        + of(Sum::HoursGiven) * cost.per_overtime_hour
                        + of(Sum::ToilPaidOut) * cost.per_toil_hour
                        + of(Sum::Waiting) * cost.per_unallocated_day
                }
                None => MISSING,
            },
            // Judged at the end, for the month they belong to.
            _ => MISSING,
        }
    }

    /// Ends the replication: the row of the whole horizon, and what is judged late.
    pub(super) fn finish(&mut self, record: &mut [f64]) {
        for case in 0..self.board.cases.list.len() as u32 {
            let at = self.case(case);
            if !matches!(at.state, State::Waiting | State::Held) {
                continue;
            }
            let (work_due, worker_due) = (at.work_due, at.worker_due);
            for due in [work_due, worker_due] {
                if due <= self.now {
                    self.judge_deadline(due, false);
                }
            }
            self.judge_waiting(case, f64::INFINITY);
        }
        let world = self.world;
        let layout = &world.layout;
        let mut waits = std::mem::take(&mut self.board.observer.all_waits);
        waits.sort_unstable_by(f64::total_cmp);
        let days = world.scenario.calendar.horizon - world.scenario.calendar.start;
        let row = layout.horizon_row();
        self.write_row(
            row,
            &self.board.observer.total,
            days,
            nearest_rank(&waits, 0.9),
            record,
        );
        self.board.observer.all_waits = waits;
        let columns = layout.columns().len();
        for (at, column) in layout.columns().iter().enumerate() {
            if column.metric.definition().kind == Kind::MonthEnd {
                let months = (0..layout.months()).map(|month| record[month * columns + at]);
                let known = months.clone().filter(|value| !value.is_nan());
                let count = known.clone().count();
                record[row * columns + at] = over(known.sum(), count as f64);
            }
        }
        let mut kept = [0, 0];
        let mut judged = [0, 0];
        for month in 0..layout.months() {
            let deadlines = self.board.observer.deadlines[month];
            kept = [kept[0] + deadlines[0], kept[1] + deadlines[1]];
            self.put(
                record,
                month,
                Metric::DeadlinesMet,
                share(deadlines[0], deadlines[0] + deadlines[1]),
            );
            let [all, late, open] = self.board.observer.still_waiting[month];
            if open == 0 {
                judged = [judged[0] + all, judged[1] + late];
                self.put(record, month, Metric::StillWaiting, share(late, all));
            }
        }
        self.put(
            record,
            row,
            Metric::DeadlinesMet,
            share(kept[0], kept[0] + kept[1]),
        );
        self.put(
            record,
            row,
            Metric::StillWaiting,
            share(judged[1], judged[0]),
        );
    }

    fn put(&self, record: &mut [f64], row: usize, metric: Metric, value: f64) {
        if let Some(index) = self.world.layout.index(row, metric, Group::Service) {
            record[index] = value;
        }
    }
}

fn share(part: u32, whole: u32) -> f64 {
    over(f64::from(part), f64::from(whole))
}

fn grade_value(sums: &Sums, grade: usize, metric: Metric, days: f64) -> f64 {
    let of = |sum: GradeSum| sums.of_grade(grade, sum);
    match metric {
        Metric::WorkloadRatio => over(of(GradeSum::Ratio), of(GradeSum::PresentDays)),
        Metric::BurntOutShareAverage => over(of(GradeSum::BurntOut), of(GradeSum::HeadDays)),
        Metric::InPost => of(GradeSum::FteDays) / days,
        _ => MISSING,
    }
}
