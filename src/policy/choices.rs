//! What holds in one team, and what holds in the service, from one date to the next.

use crate::policy::allocation::{Allocation, Load};
use crate::policy::discussion::Discussion;
use crate::policy::limit::Limit;
use crate::policy::manager::ManagerHolds;
use crate::policy::meeting::Meeting;
use crate::policy::order::Order;
use crate::policy::relief::Relief;
use crate::policy::threshold::Threshold;

/// What may differ from team to team.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// How much a worker may hold; absent: no limit.
    pub limit: Option<Limit>,
    /// (stages,) stages that are given out at once, with their siblings, whatever the limit, the meeting and the
    /// discussion; empty: none.
    pub never_queue: Vec<bool>,
    /// Who is given a case.
    pub allocation: Allocation,
    /// Whether the worker asked may decline; absent: cases are put on the desk.
    pub discussion: Option<Discussion>,
    /// Who waits first in line.
    pub order: Order,
    /// Wait after which a unit that has fitted nobody may go to any team that takes its stage [working days]; absent:
    /// never. It goes to the least loaded whom it fits there, without a discussion; its wait counts in its own team, and
    /// it comes home when it needs another worker.
    pub lend_after_working_days: Option<u32>,
}

impl Choices {
    /// No limit: the least loaded is given a case, without a discussion.
    pub fn without_limit() -> Choices {
        Choices {
            limit: None,
            never_queue: Vec::new(),
            allocation: Allocation::LeastLoaded { by: Load::Cases },
            discussion: None,
            order: Order::default(),
            lend_after_working_days: None,
        }
    }

    /// True where cases of a stage are never left waiting.
    pub fn is_never_queued(&self, stage: usize) -> bool {
        self.never_queue.get(stage).copied().unwrap_or(false)
    }
}

/// The choices that hold from one date to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// From 00:00 of this day [days from the origin]; the first phase of a policy: from the beginning.
    pub from: f64,
    /// When cases are given out.
    pub meeting: Meeting,
    /// How often the figures are refreshed that `suspended_when`, `threshold` and `relief` look at [days]; absent:
    /// they are live.
    pub monitoring_days: Option<u32>,
    /// What managers hold; absent: nothing.
    pub manager_holds: Option<ManagerHolds>,
    /// When referrals are turned away; absent: never.
    pub threshold: Option<Threshold>,
    /// When extra help comes; absent: never.
    pub relief: Option<Relief>,
    /// The choices of a team that has none of its own.
    pub service: Choices,
    /// (teams,) or empty: a team's own choices.
    pub teams: Vec<Option<Choices>>,
}

impl Phase {
    /// From the beginning, without a limit: each case goes at once to the least loaded worker.
    pub fn without_limit() -> Phase {
        Phase {
            from: 0.0,
            meeting: Meeting::AtOnce,
            monitoring_days: None,
            manager_holds: None,
            threshold: None,
            relief: None,
            service: Choices::without_limit(),
            teams: Vec::new(),
        }
    }

    /// The choices that hold in a team.
    pub fn of_team(&self, team: usize) -> &Choices {
        match self.teams.get(team) {
            Some(Some(own)) => own,
            _ => &self.service,
        }
    }

    /// True where any team has a limit.
    pub fn has_limit(&self) -> bool {
        self.every_choices().any(|choices| choices.limit.is_some())
    }

    /// The service's choices and all teams' own.
    pub fn every_choices(&self) -> impl Iterator<Item = &Choices> {
        std::iter::once(&self.service).chain(self.teams.iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with_limit(cases: f64) -> Choices {
        Choices {
            limit: Some(Limit::of_cases(cases)),
            ..Choices::without_limit()
        }
    }

    #[test]
    fn a_team_has_its_own_choices_or_those_of_the_service() {
        let phase = Phase {
            service: with_limit(20.0),
            teams: vec![None, Some(with_limit(12.0)), Some(Choices::without_limit())],
            ..Phase::without_limit()
        };
        let limits: Vec<Option<Limit>> = (0..4).map(|t| phase.of_team(t).limit.clone()).collect();
        let of = |cases| Some(Limit::of_cases(cases));
        assert_eq!(limits, [of(20.0), of(12.0), None, of(20.0)]);
        assert!(phase.has_limit() && !Phase::without_limit().has_limit());
        assert_eq!(phase.every_choices().count(), 3);
        let urgent = Choices {
            never_queue: vec![false, true],
            ..Choices::without_limit()
        };
        let queued: Vec<bool> = (0..3).map(|stage| urgent.is_never_queued(stage)).collect();
        assert_eq!(queued, [false, true, false]);
    }

    proptest! {
        #[test]
        fn a_phase_has_a_limit_exactly_where_some_team_has(
            service: bool, own in proptest::collection::vec(proptest::option::of(proptest::bool::ANY), 0..5),
        ) {
            let one = |limited| if limited { with_limit(9.0) } else { Choices::without_limit() };
            let phase = Phase {
                service: one(service),
                teams: own.iter().map(|limited| limited.map(one)).collect(),
                ..Phase::without_limit()
            };
            let any_team = (0..own.len()).any(|team| phase.of_team(team).limit.is_some());
            prop_assert_eq!(phase.has_limit(), any_team || service);
            for (team, limited) in own.iter().enumerate() {
                prop_assert_eq!(phase.of_team(team).limit.is_some(), limited.unwrap_or(service));
            }
        }
    }
}
