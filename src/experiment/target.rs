//! Whether a replication meets a target.

use crate::metric::layout::Layout;
use crate::scenario::target::{Target, When};

/// How one replication stands to a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Met,
    /// It does not.
    #[default]
    Missed,
    /// Some number that it needs is missing, so that nothing is said; counted as not met.
    Undefined,
}

/// How one replication stands to a target.
///
/// * `record` - (layout.len(),) the record of the replication
/// * returns - undefined where the number is missing in any month that counts, whatever the others
///   say; with a single team the team's number is the service's
pub fn judge(target: &Target, layout: &Layout, record: &[f64]) -> Verdict {
    let value = |row: usize| {
        layout
            .index_of(row, target.metric, target.team)
            .and_then(|at| record.get(at))
            .copied()
            .filter(|value| !value.is_nan())
    };
    let months = layout.months();
    let rows = match target.when {
        When::At(month) => month..months.min(month + 1),
        When::From(month) => month..months,
        When::Horizon => layout.horizon_row()..layout.horizon_row() + 1,
    };
    let mut verdict = if rows.is_empty() {
        Verdict::Undefined
    } else {
        Verdict::Met
    };
    for row in rows {
        match value(row) {
            None => return Verdict::Undefined,
            Some(value) if target.comparison.holds(value, target.bound) => {}
            Some(_) => verdict = Verdict::Missed,
        }
    }
    verdict
}

/// What several targets come to together: undefined where one of them is.
pub fn together(verdicts: &[Verdict]) -> Verdict {
    if verdicts.contains(&Verdict::Undefined) {
        Verdict::Undefined
    } else if verdicts.contains(&Verdict::Missed) {
        Verdict::Missed
    } else {
        Verdict::Met
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::catalogue::Metric;
    use crate::metric::layout::Group;
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
        let judged = |when: When| judge(&target(when, None), &layout, &record);
        assert_eq!(judged(When::At(0)), Verdict::Missed);
        assert_eq!(judged(When::At(1)), Verdict::Met);
        assert_eq!(judged(When::From(1)), Verdict::Met);
        assert_eq!(judged(When::From(0)), Verdict::Missed);
        assert_eq!(judged(When::Horizon), Verdict::Missed);
        assert_eq!(judged(When::From(3)), Verdict::Undefined);
    }

    #[test]
    fn a_missing_number_leaves_a_target_undefined() {
        let layout = Layout::new(3, 1, 1, 1);
        let record = record(&layout, Group::Service, &[9.0, f64::NAN, 4.0]);
        let judged = |when: When| judge(&target(when, None), &layout, &record);
        assert_eq!(judged(When::At(1)), Verdict::Undefined);
        assert_eq!(judged(When::From(0)), Verdict::Undefined);
        assert_eq!(judged(When::Horizon), Verdict::Undefined);
        assert_eq!(judged(When::From(2)), Verdict::Met);
    }

    #[test]
    fn a_team_is_judged_by_its_own_number_and_a_single_team_by_the_service() {
        let two = Layout::new(1, 2, 1, 1);
        let of_second = record(&two, Group::Team(1), &[3.0]);
        let of_team = |team| target(When::At(0), Some(team));
        assert_eq!(judge(&of_team(1), &two, &of_second), Verdict::Met);
        assert_eq!(judge(&of_team(0), &two, &of_second), Verdict::Undefined);
        let one = Layout::new(1, 1, 1, 1);
        let of_service = record(&one, Group::Service, &[3.0]);
        assert_eq!(judge(&of_team(0), &one, &of_service), Verdict::Met);
    }
}
