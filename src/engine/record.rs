//! From what was written down to the numbers of the record, one rule for each metric.

use crate::engine::case::State;
use crate::engine::play::Play;
use crate::engine::sums::{GradeSum, Sum, Sums};
use crate::engine::tally::{MISSING, over};
use crate::metric::catalogue::{Kind, Metric};
use crate::metric::distribution::Distribution;
use crate::metric::layout::Group;
use crate::model::calendar::{DAYS_PER_MONTH, DAYS_PER_YEAR};

impl Play<'_> {
    /// Full-time-equivalent posts of a team or of the service now, filled or not.
    pub(super) fn established(&self, team: Option<usize>) -> f64 {
        let observer = &self.board.observer;
        match team {
            Some(team) => observer.standings[team].established,
            None => observer.standing.established,
        }
    }

    /// Ends a month: brings all sums up to now and writes the month's row, if it is reported.
    pub(super) fn end_month(&mut self, month: Option<usize>, days: f64, record: &mut [f64]) {
        for worker in 0..self.board.workers.len() as u32 {
            self.accrue(worker);
        }
        let now = self.now;
        self.board.observer.settle(now);
        if let Some(month) = month {
            let observer = &mut self.board.observer;
            let wait_p90 = observer.waits.nearest_rank(0.9);
            self.write_row(month, &self.board.observer.month, days, wait_p90, record);
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
            Metric::FamilyOvershootCases => of(Sum::OvershootCases),
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
            Metric::UnallocatedReported => (mean(Sum::Waiting) - mean(Sum::ManagerHeld)).max(0.0),
            Metric::ManagerHeld => mean(Sum::ManagerHeld),
            Metric::ScreenedOut => of(Sum::ScreenedOut),
            Metric::Declined => of(Sum::Declined),
            Metric::LimitLapsed => {
                let teams = team.map_or(scenario.teams.len(), |_| 1);
                mean(Sum::Lapsed) / teams as f64
            }
            Metric::WaitMean => over(of(Sum::WaitDays), of(Sum::Waits)),
            Metric::Referrals => of(Sum::Referrals),
            Metric::Allocations => of(Sum::Allocations),
            Metric::Closures => of(Sum::Closures),
            Metric::Escalations => of(Sum::Escalations),
            Metric::Returns => of(Sum::Returns),
            Metric::CameAgain => of(Sum::CameAgain),
            Metric::Withdrawals => of(Sum::Withdrawals),
            Metric::Transfers => of(Sum::Transfers),
            Metric::OpenCases => mean(Sum::Open),
            Metric::AllocatedCases => mean(Sum::Open) - mean(Sum::Waiting),
            Metric::DirectHours => over(of(Sum::Delivered) + of(Sum::ManagerHours), of(Sum::Open)),
            Metric::NeedMet => {
                let delivered = of(Sum::Delivered) + of(Sum::ManagerHours);
                let share = over(delivered, of(Sum::Need) + of(Sum::WaitingNeed));
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
                        let left = of(Sum::ManagerDays) * hours - of(Sum::ManagerHours);
                        over(left.max(0.0) / 7.0 * DAYS_PER_MONTH, of(Sum::HeadDays))
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
            Metric::VacancyRate => over(of(Sum::Vacant), of(Sum::Established)),
            Metric::VacancyCovered => over(of(Sum::Covered), of(Sum::Vacant)),
            Metric::AgencyShare => over(of(Sum::FteAgency), of(Sum::FteInPost)),
            Metric::AbsenceRate => over(of(Sum::AbsentDays), of(Sum::PermanentDays)),
            Metric::InPost => mean(Sum::FteInPost),
            Metric::InPostPermanent => mean(Sum::FtePermanent),
            Metric::FilledPosts => mean(Sum::FilledPosts),
            Metric::Cost => match scenario.cost {
                Some(cost) => {
                    of(Sum::Salaries)
                        + of(Sum::Starters) * cost.per_hire
                        + of(Sum::OvertimePaid) * cost.per_overtime_hour
                        + of(Sum::ToilMoney)
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
        let wait_p90 = self.board.observer.all_waits.nearest_rank(0.9);
        let days = world.scenario.calendar.horizon - world.scenario.calendar.start;
        let row = layout.horizon_row();
        self.write_row(row, &self.board.observer.total, days, wait_p90, record);
        let bins = world.layout.bins(Distribution::Wait);
        self.board.observer.all_waits.share_out(&mut record[bins]);
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
