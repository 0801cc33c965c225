//! Which metrics a scenario cannot have a number for, whatever happens in it.

use crate::metric::catalogue::Metric;
use crate::policy::Policy;
use crate::scenario::sections::Scenario;
use crate::scenario::target::Wrong;

/// Why a metric is missing in every replication of a scenario under a policy, and what to write.
///
/// * returns - nothing where it may have a number
pub fn missing(scenario: &Scenario, policy: &Policy, metric: Metric) -> Option<Wrong> {
    let key = metric.definition().key;
    let wrong = |what: String, remedy: &str| Some((what, remedy.to_owned()));
    let has_limit = || policy.phases.iter().any(|phase| phase.has_limit());
    match metric {
        Metric::Cost if scenario.cost.is_none() => wrong(
            format!("`{key}` has no number: the scenario has no prices"),
            "add a [cost] section to the scenario, or name another metric",
        ),
        Metric::Supervision if supervision(scenario).is_none() => wrong(
            format!("`{key}` has no number: the scenario does not say how long managers supervise"),
            "add `supervision_hours_per_week` to [managers], or name another metric",
        ),
        Metric::AboveGuidelineShare if scenario.guideline.is_none() => wrong(
            format!("`{key}` has no number: the scenario has no guideline"),
            "add a guideline to the scenario, or name another metric",
        ),
        Metric::AboveLimitShare | Metric::Drift if !has_limit() => wrong(
            format!(
                "`{key}` has no number under {:?}, which has no limit",
                policy.name
            ),
            "name policies that have a limit, or another metric",
        ),
        Metric::DeadlinesMet if scenario.stages.iter().all(|stage| stage.deadline.is_none()) => {
            wrong(
                format!("`{key}` has no number: no stage has a deadline"),
                "give a stage a `deadline`, or name another metric",
            )
        }
        _ => None,
    }
}

fn supervision(scenario: &Scenario) -> Option<f64> {
    scenario.managers.as_ref()?.supervision_hours_per_week
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::document::Document;

    fn document(more: &str) -> Document {
        let text = format!(
            "title = \"t\"\nstart = 2026-04-01\nmonths = 1\n{more}\n[referrals]\nfamilies_per_month = 1\n\
             first_stage = \"a\"\n[stages.a]\nhours_per_week = 1\nwork = \"30 days\"\nthen = \"closed\"\n\
             [grades.w]\n[[posts]]\ngrade = \"w\"\ncount = 1\n[policies.one]\nlimit = 1\n[policies.none]\n"
        );
        Document::parse("t", &text).unwrap()
    }

    #[test]
    fn what_a_scenario_has_no_number_for_is_known_before_it_is_simulated() {
        let document = document("");
        let scenario = document.scenario();
        let why = |policy: usize, metric: Metric| {
            missing(scenario, &scenario.policies[policy], metric).map(|(what, _)| what)
        };
        for metric in [
            Metric::Cost,
            Metric::Supervision,
            Metric::AboveGuidelineShare,
            Metric::DeadlinesMet,
        ] {
            assert!(why(0, metric).is_some(), "{metric:?}");
        }
        assert_eq!(why(0, Metric::Drift), None);
        assert!(why(1, Metric::Drift).unwrap().contains("\"none\""));
        assert_eq!(why(0, Metric::Unallocated), None);
    }
}
