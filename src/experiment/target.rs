//! Whether a replication meets a target.

use crate::metric::layout::{Group, Layout};
use crate::scenario::target::{Target, When};

/// True where one replication meets a target.
///
/// * `record` - (layout.len(),) the record of the replication
/// * returns - false where the number is missing, in any month that counts; with a single team the
///   team's number is the service's
pub fn is_met(target: &Target, layout: &Layout, record: &[f64]) -> bool {
    let holds = |row: usize| {
        let of_team = target
            .team
            .and_then(|team| layout.index(row, target.metric, Group::Team(team)));
        of_team
            .or_else(|| layout.index(row, target.metric, Group::Service))
            .and_then(|at| record.get(at))
            .is_some_and(|value| target.comparison.holds(*value, target.bound))
    };
    match target.when {
        When::At(month) => month < layout.months() && holds(month),
        When::From(month) => month < layout.months() && (month..layout.months()).all(holds),
        When::Horizon => holds(layout.horizon_row()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::catalogue::Metric;
    use crate::scenario::target::Comparison;

    fn target(when: When, team: Option<usize>) -> Target {
        Target {
            text: "unallocated <= 5".to_owned(),
            metric: Metric::Unallocated,
            team,
            comparison: Comparison::AtMost,
            bound: 5.0,
            when,
        }
    }

    fn record(layout: &Layout, group: Group, values: &[f64]) -> Vec<f64> {
        let mut record = vec![f64::NAN; layout.len()];
        for (row, value) in values.iter().enumerate() {
            record[layout.index(row, Metric::Unallocated, group).unwrap()] = *value;
        }
        record
    }

    #[test]
    fn a_target_looks_at_its_month_its_months_or_the_horizon() {
        let layout = Layout::new(3, 1, 1, 1);
        let record = record(&layout, Group::Service, &[9.0, 5.0, 4.0, 6.0]);
        assert!(!is_met(&target(When::At(0), None), &layout, &record));
        assert!(is_met(&target(When::At(1), None), &layout, &record));
        assert!(is_met(&target(When::From(1), None), &layout, &record));
        assert!(!is_met(&target(When::From(0), None), &layout, &record));
        assert!(!is_met(&target(When::Horizon, None), &layout, &record));
        assert!(!is_met(&target(When::From(3), None), &layout, &record));
    }

    #[test]
    fn a_missing_number_meets_nothing() {
        let layout = Layout::new(1, 1, 1, 1);
        let record = record(&layout, Group::Service, &[]);
        assert!(!is_met(&target(When::At(0), None), &layout, &record));
    }

    #[test]
    fn a_team_is_judged_by_its_own_number_and_a_single_team_by_the_service() {
        let two = Layout::new(1, 2, 1, 1);
        let of_second = record(&two, Group::Team(1), &[3.0]);
        assert!(is_met(&target(When::At(0), Some(1)), &two, &of_second));
        assert!(!is_met(&target(When::At(0), Some(0)), &two, &of_second));
        let one = Layout::new(1, 1, 1, 1);
        let of_service = record(&one, Group::Service, &[3.0]);
        assert!(is_met(&target(When::At(0), Some(0)), &one, &of_service));
    }
}
