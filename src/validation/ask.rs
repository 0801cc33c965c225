//! What is asked of a configuration: a number of each replication whose mean is known exactly.

use crate::metric::catalogue::Metric;
use crate::metric::layout::{Group, Layout};
use crate::model::calendar::DAYS_PER_MONTH;
use crate::model::law::Law;
use crate::policy::limit::Value;
use crate::scenario::sections::{Arrivals, Scenario};

/// One quantity with its exact mean.
pub(super) struct Ask {
    /// In words.
    pub(super) quantity: String,
    /// The exact mean over replications.
    pub(super) exact: f64,
    /// Reads it from the record of one replication; NaN: it has none there.
    pub(super) read: Read,
}

/// Reads a number from the record of one replication.
pub(super) type Read = Box<dyn Fn(&Reading<'_>) -> f64 + Send + Sync>;

impl Ask {
    /// Any number of a record.
    pub(super) fn new(
        quantity: impl Into<String>,
        exact: f64,
        read: impl Fn(&Reading<'_>) -> f64 + Send + Sync + 'static,
    ) -> Ask {
        Ask {
            quantity: quantity.into(),
            exact,
            read: Box::new(read),
        }
    }

    /// A metric over the whole horizon.
    pub(super) fn horizon(
        quantity: impl Into<String>,
        exact: f64,
        metric: Metric,
        group: Group,
    ) -> Ask {
        Ask::new(quantity, exact, move |r| r.horizon(metric, group))
    }

    /// A metric in one month.
    pub(super) fn month(
        quantity: impl Into<String>,
        exact: f64,
        month: usize,
        metric: Metric,
        group: Group,
    ) -> Ask {
        Ask::new(quantity, exact, move |r| r.month(month, metric, group))
    }

    /// Share of the months in which a number of the month is at least `least`.
    pub(super) fn share_at_least(
        quantity: impl Into<String>,
        exact: f64,
        least: f64,
        metric: Metric,
        group: Group,
    ) -> Ask {
        Ask::new(quantity, exact, move |r| {
            r.over_months(|month| f64::from(r.month(month, metric, group) > least - 0.5))
        })
    }

    /// The variance over replications of a metric in one month, as the mean square around its exact mean.
    pub(super) fn variance(
        quantity: impl Into<String>,
        exact: f64,
        mean: f64,
        month: usize,
        metric: Metric,
        group: Group,
    ) -> Ask {
        Ask::new(quantity, exact, move |r| {
            let off = r.month(month, metric, group) - mean;
            off * off
        })
    }
}

/// The record of one replication, under the first policy.
pub(super) struct Reading<'a> {
    pub(super) layout: &'a Layout,
    pub(super) record: &'a [f64],
}

impl Reading<'_> {
    fn at(&self, row: usize, metric: Metric, group: Group) -> f64 {
        self.layout
            .index(row, metric, group)
            .and_then(|at| self.record.get(at))
            .copied()
            .unwrap_or(f64::NAN)
    }

    /// A metric over the whole horizon; NaN where it has none.
    pub(super) fn horizon(&self, metric: Metric, group: Group) -> f64 {
        self.at(self.layout.horizon_row(), metric, group)
    }

    /// A metric in a month, from 0; NaN where it has none.
    pub(super) fn month(&self, month: usize, metric: Metric, group: Group) -> f64 {
        self.at(month, metric, group)
    }

    /// Mean over the months of a number of each.
    pub(super) fn over_months(&self, number: impl Fn(usize) -> f64) -> f64 {
        let months = self.layout.months();
        (0..months).map(number).sum::<f64>() / months as f64
    }

    /// Sum of a metric over the months from 0 through `month`.
    pub(super) fn through(&self, month: usize, metric: Metric, group: Group) -> f64 {
        (0..=month).map(|m| self.month(m, metric, group)).sum()
    }
}

/// Children referred a day, all areas and stages together; 0 for a replayed list.
pub(super) fn children_per_day(scenario: &Scenario) -> f64 {
    let Arrivals::Poisson {
        families_per_month, ..
    } = &scenario.referrals.arrivals
    else {
        return 0.0;
    };
    let size = scenario.referrals.family_size.mean_by(|n| *n as f64);
    families_per_month / DAYS_PER_MONTH * size
}

/// Share of the referrals that a team gets first: of its area, and of the stages that it takes.
pub(super) fn team_share(scenario: &Scenario, team: usize) -> f64 {
    let team = &scenario.teams[team];
    let stages = scenario.referrals.first_stage.iter();
    let of_stages: f64 = stages
        .filter(|(stage, _)| team.takes.contains(stage))
        .map(|(_, p)| p)
        .sum();
    area_share(scenario, team.area) * of_stages
}

/// Share of the referrals that belong to an area.
pub(super) fn area_share(scenario: &Scenario, area: usize) -> f64 {
    let areas = scenario.areas.iter();
    areas.filter(|(a, _)| **a == area).map(|(_, p)| p).sum()
}

/// Share of the referrals that begin in a stage.
pub(super) fn stage_share(scenario: &Scenario, stage: usize) -> f64 {
    let stages = scenario.referrals.first_stage.iter();
    stages.filter(|(s, _)| **s == stage).map(|(_, p)| p).sum()
}

/// Posts of a team.
pub(super) fn posts_of(scenario: &Scenario, team: usize) -> u32 {
    let groups = scenario.posts.iter().filter(|group| group.team == team);
    groups.map(|group| group.count as u32).sum()
}

/// Law of the work of a stage; nothing for a stage without work.
pub(super) fn work_of(scenario: &Scenario, stage: usize) -> Option<&Law> {
    Some(&scenario.stages.get(stage)?.work.as_ref()?.duration)
}

/// The limit of the first policy, in cases of a full-time worker.
pub(super) fn limit_of(scenario: &Scenario) -> Option<u32> {
    match scenario
        .policies
        .first()?
        .phases
        .first()?
        .service
        .limit
        .as_ref()?
        .value
    {
        Value::Each(value) => Some(value as u32),
        Value::ByGrade(_) | Value::Unlimited => None,
    }
}

/// Days that are reported.
pub(super) fn reported_days(scenario: &Scenario) -> f64 {
    scenario.calendar.horizon - scenario.calendar.start
}

/// End of a reported month, when its month-end figures are taken [days from the origin].
pub(super) fn census(scenario: &Scenario, month: usize) -> Option<f64> {
    Some(scenario.calendar.reported().get(month)?.ends)
}

/// The group of a team: the service where there is only one.
pub(super) fn group_of(scenario: &Scenario, team: usize) -> Group {
    if scenario.teams.len() > 1 {
        Group::Team(team)
    } else {
        Group::Service
    }
}
