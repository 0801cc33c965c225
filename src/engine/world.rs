//! The scenario in the form that the loop wants: tables and indices, resolved once before any replication.

use crate::engine::roster::Roster;
use crate::engine::sums::{Grid, summable};
use crate::metric::layout::Layout;
use crate::model::calendar::DAYS_PER_MONTH;
use crate::model::law::{Discrete, Law};
use crate::model::normal::normal_quantile;
use crate::model::pathway::{Deadline, Next};
use crate::scenario::sections::{Arrivals, Scenario};

/// Stage number that stands for closed.
pub(super) const CLOSED: u16 = u16::MAX;

/// A stage of exponential clocks in which there is nothing to ask but how long: its work leads to one place, at most one
/// risk runs with the calendar, and it knows no withdrawal and no deadline of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plain {
    /// Mean of the work [days], and where it leads.
    pub(super) work_mean: f64,
    pub(super) work_next: u16,
    /// The same of the risk, if there is one.
    pub(super) risk: Option<(f64, u16)>,
}

impl Plain {
    fn of(stage: &StageTable) -> Option<Plain> {
        let (Law::Exponential { mean }, then) = stage.work.as_ref()? else {
            return None;
        };
        let risk = match stage.risks.as_slice() {
            [] => None,
            [(Law::Exponential { mean }, to, None)] => Some((*mean, *to)),
            _ => return None,
        };
        let is_plain = stage.withdraws.is_none() && stage.deadline.is_none();
        is_plain.then_some(Plain {
            work_mean: *mean,
            work_next: *then.only()?,
            risk,
        })
    }
}

/// A stage, resolved.
#[derive(Clone, Debug)]
#[repr(C)]
pub(super) struct StageTable {
    // What is asked of a case while it goes on comes before what is asked when it enters.
    /// Direct work that a case needs, and one whose elder sibling has the same worker [hours a week].
    pub(super) hours: f64,
    pub(super) sibling_hours: f64,
    /// What a case weighs [points], and in units of [`World::points`].
    pub(super) weight: f64,
    pub(super) weight_units: f64,
    pub(super) paced: bool,
    /// Unmet need hastens some of its risks.
    pub(super) is_hastened: bool,
    /// All its clocks are exponential: what is left of them at any age is what a new one has.
    pub(super) is_memoryless: bool,
    /// 0 is allocated first.
    pub(super) precedence: u8,
    /// 0 is served first; all 0 where workers serve all alike.
    pub(super) class: u8,
    pub(super) deadline: Option<Deadline>,
    pub(super) plain: Option<Plain>,
    pub(super) work: Option<(Law, Discrete<u16>)>,
    /// Law, next stage, and index of the unmet effect in [`World::effects`]; none: it runs with the calendar.
    pub(super) risks: Vec<(Law, u16, Option<usize>)>,
    pub(super) withdraws: Option<Law>,
    /// Laws of all its clocks but withdrawal: work, then risks.
    pub(super) laws: Vec<Law>,
}

/// What every replication of a scenario shares.
#[derive(Clone, Debug)]
pub struct World {
    /// The scenario that is played.
    pub scenario: Scenario,
    /// Where each number of a record stands.
    pub layout: Layout,
    pub(super) stages: Vec<StageTable>,
    /// The distinct unmet effects `k` of all risks but 0: clocks of one stage with the same `k` run alike.
    pub(super) effects: Vec<f64>,
    /// True where some clock keeps a worker's pace: work that is paced, or a risk that unmet need hastens.
    pub(super) has_pace: bool,
    /// Size and area of every family, where chance has no say in them: their stream need not even be begun.
    pub(super) certain_family: Option<(usize, usize)>,
    /// The unit in which points are summed.
    pub(super) points: Grid,
    /// Least weight of a stage [points].
    pub(super) least_weight: f64,
    /// Least direct work that a child of a unit adds to a worker who holds none of its family [hours a week].
    pub(super) least_hours: f64,
    /// Classes that a worker serves one after the other; 1 where all are served alike.
    pub(super) classes: usize,
    /// Days of the calendar year that each month belongs to, warm-up first [days]: a year costs the salary.
    pub(super) days_of_year: Vec<f64>,
    /// Team that takes a stage in an area, [area x stages + stage].
    team_of: Vec<u16>,
    /// Posts and worker slots, by policy.
    pub(super) rosters: Vec<Roster>,
    /// Families a day of month m before noise, per day on which families come.
    pub(super) arrival_rates: Vec<f64>,
    /// Level of disposition plus strain above which a worker is burnt out [SD].
    pub(super) burnout_level: f64,
    pub(super) buckets: usize,
    /// Index of the month that a day belongs to.
    month_of_day: Vec<u16>,
    /// When a referral of each day counts as still waiting [days].
    waiting_marks: Vec<f64>,
}

impl World {
    /// Prepares a checked scenario for play.
    pub fn new(scenario: Scenario) -> World {
        let months = scenario.calendar.reported().len();
        let layout = Layout::new(
            months,
            scenario.teams.len(),
            scenario.stages.len(),
            scenario.grades.len(),
        );
        let mut effects: Vec<f64> = scenario
            .stages
            .iter()
            .flat_map(|s| s.risks.iter().map(|r| r.unmet_effect))
            .filter(|k| *k != 0.0)
            .collect();
        effects.sort_by(f64::total_cmp);
        effects.dedup();
        let mut priorities: Vec<i32> = scenario.stages.iter().map(|s| s.priority).collect();
        priorities.sort_unstable_by(|a, b| b.cmp(a));
        priorities.dedup();
        let serves_by_priority = scenario.overload.serve_by_priority;
        let code = |next: &Next| match next {
            Next::Stage(stage) => *stage as u16,
            Next::Closed => CLOSED,
        };
        let points = Grid::of(scenario.stages.iter().map(|stage| stage.weight));
        let stages = scenario
            .stages
            .iter()
            .map(|stage| {
                let precedence = priorities
                    .iter()
                    .position(|p| *p == stage.priority)
                    .unwrap_or(0)
                    .min(255) as u8;
                let mut table = StageTable {
                    plain: None,
                    work: stage.work.as_ref().and_then(|work| {
                        let then = Discrete::new(
                            work.then.iter().map(|(next, p)| (code(next), p)).collect(),
                        )?;
                        Some((work.duration.clone(), then))
                    }),
                    paced: stage.work.as_ref().is_some_and(|work| work.paced),
                    risks: stage
                        .risks
                        .iter()
                        .map(|risk| {
                            let effect = effects.iter().position(|k| *k == risk.unmet_effect);
                            (risk.duration.clone(), code(&risk.to), effect)
                        })
                        .collect(),
                    is_hastened: false,
                    is_memoryless: {
                        let work = stage.work.iter().map(|work| &work.duration);
                        let mut laws = work.chain(stage.risks.iter().map(|risk| &risk.duration));
                        laws.all(|law| matches!(law, Law::Exponential { .. }))
                    },
                    laws: {
                        let work = stage.work.iter().map(|work| work.duration.clone());
                        let risks = stage.risks.iter().map(|risk| risk.duration.clone());
                        work.chain(risks).collect()
                    },
                    withdraws: stage.withdraws.clone(),
                    hours: summable(stage.hours_per_week),
                    sibling_hours: summable(
                        stage.hours_per_week * scenario.referrals.sibling_hours,
                    ),
                    weight: stage.weight,
                    weight_units: points.units(stage.weight),
                    precedence,
                    class: if serves_by_priority { precedence } else { 0 },
                    deadline: stage.deadline,
                };
                table.is_hastened = table.risks.iter().any(|(.., effect)| effect.is_some());
                table.plain = Plain::of(&table);
                table
            })
            .collect();
        let areas = scenario.area_names.len();
        let team_of = (0..areas)
            .flat_map(|area| (0..scenario.stages.len()).map(move |stage| (area, stage)))
            .map(|(area, stage)| scenario.team_of(area, stage) as u16)
            .collect();
        let rosters = scenario
            .policies
            .iter()
            .map(|policy| Roster::new(&scenario, policy))
            .collect();
        let mut month_of_day = Vec::new();
        for (index, month) in scenario.calendar.months.iter().enumerate() {
            month_of_day.resize(month.ends as usize, index as u16);
        }
        let mark_days = scenario.waiting_mark_working_days;
        let waiting_marks = (0..month_of_day.len())
            .map(|day| scenario.calendar.after_working_days(day as f64, mark_days))
            .collect();
        let arrival_rates = arrival_rates(&scenario);
        let buckets = buckets(&scenario, &arrival_rates);
        let size = scenario.referrals.family_size.only().copied();
        World {
            layout,
            certain_family: size.zip(scenario.areas.only().copied()),
            has_pace: !effects.is_empty()
                || scenario
                    .stages
                    .iter()
                    .any(|s| s.work.as_ref().is_some_and(|w| w.paced)),
            stages,
            effects,
            least_hours: scenario
                .stages
                .iter()
                .map(|stage| summable(stage.hours_per_week))
                .fold(f64::INFINITY, f64::min),
            points,
            least_weight: scenario
                .stages
                .iter()
                .map(|stage| stage.weight)
                .fold(f64::INFINITY, f64::min),
            classes: if serves_by_priority {
                priorities.len()
            } else {
                1
            },
            days_of_year: days_of_year(&scenario),
            team_of,
            rosters,
            arrival_rates,
            burnout_level: normal_quantile(1.0 - scenario.strain.burnout_base),
            buckets,
            month_of_day,
            waiting_marks,
            scenario,
        }
    }

    /// Team that takes a stage of a family of an area.
    pub(super) fn team_of(&self, area: u16, stage: u16) -> u16 {
        self.team_of[area as usize * self.stages.len() + stage as usize]
    }

    /// True where a team takes a stage.
    pub(super) fn takes(&self, team: u16, stage: u16) -> bool {
        self.scenario.teams[team as usize]
            .takes
            .contains(&(stage as usize))
    }

    /// Index among the reported months of the month that a time falls into; none in the warm-up or at
    /// and past the horizon.
    #[inline]
    pub(super) fn reported_month(&self, time: f64) -> Option<usize> {
        let month = *self.month_of_day.get(time as u32 as usize)? as usize;
        month.checked_sub(self.scenario.calendar.warm_up_months)
    }

    /// When a new referral counts as still waiting: at 24:00 of the last of its working days of grace [days].
    ///
    /// * `time` - when it comes, from the origin to the horizon [days]
    #[inline]
    pub(super) fn waiting_mark(&self, time: f64) -> f64 {
        match self.waiting_marks.get(time as u32 as usize) {
            Some(mark) => *mark,
            None => {
                let days = self.scenario.waiting_mark_working_days;
                self.scenario.calendar.after_working_days(time, days)
            }
        }
    }
}

/// Days of the calendar year of each month: 365 or 366.
fn days_of_year(scenario: &Scenario) -> Vec<f64> {
    let months = scenario.calendar.months.iter();
    months
        .map(|month| f64::from(month.last_day.days_in_year()))
        .collect()
}

/// Rates of each month in families per day on which families come, before noise.
fn arrival_rates(scenario: &Scenario) -> Vec<f64> {
    let Arrivals::Poisson {
        families_per_month,
        season,
        growth_per_year,
        surges,
        working_days_only,
        ..
    } = &scenario.referrals.arrivals
    else {
        return Vec::new();
    };
    let months = &scenario.calendar.months;
    months
        .iter()
        .map(|month| {
            let years = f64::from(month.since_start.max(0)) / 12.0;
            let growth = libm::pow(1.0 + growth_per_year, years);
            let surge: f64 = surges
                .iter()
                .filter(|surge| {
                    let since = month.since_start - surge.from_month;
                    since >= 0 && surge.months.is_none_or(|length| (since as u32) < length)
                })
                .map(|surge| surge.multiplier)
                .product();
            let daily = families_per_month / DAYS_PER_MONTH
                * season[usize::from(month.month_of_year) - 1]
                * growth
                * surge;
            if *working_days_only {
                let days = month.ends - month.begins;
                let working = f64::from(
                    scenario
                        .calendar
                        .working_days_between(month.begins, month.ends),
                );
                if working > 0.0 {
                    daily * days / working
                } else {
                    0.0
                }
            } else {
                daily
            }
        })
        .collect()
}

/// Buckets of the agenda: one for each event that is to be expected, so that most hold one entry or none.
fn buckets(scenario: &Scenario, rates: &[f64]) -> usize {
    let horizon = scenario.calendar.horizon;
    let families = match &scenario.referrals.arrivals {
        Arrivals::Poisson { .. } => rates.iter().sum::<f64>() / rates.len().max(1) as f64 * horizon,
        Arrivals::Replay { families } => families.len() as f64,
    };
    let events = families * 8.0 + scenario.post_count() as f64 * horizon / 60.0 + horizon;
    (events as usize).clamp(64, 1 << 22).next_power_of_two()
}
