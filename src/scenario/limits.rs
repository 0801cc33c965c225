//! The limit of a policy or a team: its number, what goes with it, and what makes no sense in it.

use crate::model::law::Law;
use crate::policy::limit::{Level, Limit, Measure, Mix, Most, Tolerance, Value};
use crate::policy::trigger::{Per, Trigger};
use crate::scenario::fit::Service;
use crate::scenario::key::Of;
use crate::scenario::problem::{Problem, Severity};
use crate::scenario::view::View;

/// A workload ratio above which a limit in hours is most likely meant in another measure.
const HIGH_RATIO: f64 = 3.0;

/// The limit of a table.
///
/// * `is_discussed` - whether workers may decline, so that cases may wait without a number too
/// * returns - nothing where a value is missing or wrong; what is wrong between values is told
pub fn limit(
    view: &View<'_>,
    service: &Service<'_>,
    is_discussed: bool,
    problems: &mut Vec<Problem>,
) -> Option<Limit> {
    let mut limit = Limit::of_cases(0.0);
    limit.measure = match view.text("measure")?.as_str() {
        "families" => Measure::Families,
        "points" => Measure::Points,
        "hours" => Measure::Hours,
        _ => Measure::Cases,
    };
    limit.level = match view.text("level")?.as_str() {
        "team-mean" => Level::TeamMean,
        "service-mean" => Level::ServiceMean,
        _ => Level::Worker,
    };
    let value = value(view);
    let mix: Option<Vec<Mix>> = view
        .list("mix")
        .iter()
        .map(|view| mix(view, problems))
        .collect();
    let patience: Option<Option<Law>> = view.where_written("patience", |v, key| v.law(key));
    let tolerates = view.where_written("tolerates", |v, key| {
        let inner = v.section(key)?;
        Some(Tolerance {
            cases: inner.number("cases")?,
            per: per(&inner)?,
        })
    });
    let overshoot = view.where_written("family_overshoot", |v, key| v.number(key));
    let suspended = match view.section("suspended_when") {
        Some(inner) => trigger(&inner, "vacancy_above", problems).map(Some),
        None => Some(None),
    };
    limit.split_after_working_days = view.working_days("split_after")?;
    (limit.value, limit.mix) = (value?, mix?);
    (limit.patience, limit.tolerates) = (patience?, tolerates?);
    (limit.family_overshoot, limit.suspended_when) = (overshoot?, suspended?);
    check(view, &limit, is_discussed, problems);
    check_measure(view, &limit, service, problems);
    Some(limit)
}

fn value(view: &View<'_>) -> Option<Value> {
    if let Some(grades) = view.section("by_grade") {
        let mut values = vec![None; view.names.grades.len()];
        for name in grades.named_keys() {
            values[view.names.index(Of::Grade, name)?] = Some(grades.number(name)?);
        }
        return Some(match values.iter().all(Option::is_none) {
            true => Value::Unlimited,
            false => Value::ByGrade(values),
        });
    }
    if view.has("value") {
        return view.number("value").map(Value::Each);
    }
    Some(Value::Unlimited)
}

fn mix(view: &View<'_>, problems: &mut Vec<Problem>) -> Option<Mix> {
    let stages = view.flags("stages");
    if stages.as_ref().is_some_and(|s| !s.contains(&true)) {
        let what = "this mix names no stage".to_owned();
        let remedy = "name the stages that it counts, or remove it";
        problems.push(view.problem(Severity::Error, "stages", what, remedy));
    }
    let most = if view.has("share_of_points") {
        Most::ShareOfPoints(view.number("share_of_points")?)
    } else {
        Most::Cases(view.number("most")?)
    };
    Some(Mix {
        stages: stages?,
        most,
    })
}

/// Whose figures a rule counts.
pub fn per(view: &View<'_>) -> Option<Per> {
    Some(match view.text("per")?.as_str() {
        "team" => Per::Team,
        _ => Per::Service,
    })
}

/// A rule with a level above which it begins and one below which it ends.
///
/// * `above` - key of the upper level; the lower is `until_below`, without which the rule holds just while the figure
///   is above the upper
pub fn trigger(view: &View<'_>, above: &str, problems: &mut Vec<Problem>) -> Option<Trigger> {
    let upper = view.number(above);
    let until_below = match view.has("until_below") {
        true => view.number("until_below"),
        false => upper.map(f64::next_up),
    };
    if view.has("until_below") && until_below.is_some_and(|lower| lower <= 0.0) {
        let what = "nothing lies below 0: once begun, this would never end".to_owned();
        let remedy = "write a number above 0, or leave `until_below` out";
        problems.push(view.problem(Severity::Error, "until_below", what, remedy));
    }
    if let (true, Some(upper), Some(lower)) = (view.has("until_below"), upper, until_below)
        && lower > upper
    {
        let what = format!("this ends below {lower}, and begins only above {upper}");
        let remedy = format!("`until_below` must be at most `{above}`");
        problems.push(view.problem(Severity::Error, "until_below", what, &remedy));
    }
    Some(Trigger {
        above: upper?,
        until_below: until_below?,
        per: per(view)?,
    })
}

/// What does nothing, or makes no sense, in a limit.
fn check(view: &View<'_>, limit: &Limit, is_discussed: bool, problems: &mut Vec<Problem>) {
    let has_number = limit.value != Value::Unlimited;
    let binds = has_number || !limit.mix.is_empty();
    if !binds && limit.patience.is_none() && limit.tolerates.is_none() {
        let what = "this limit says nothing".to_owned();
        let remedy = "give it a `value`, `by_grade` or a `mix`, or remove it";
        problems.push(view.problem(Severity::Error, "", what, remedy));
        return;
    }
    let mut warn = |key: &str, what: &str, remedy: &str| {
        if view.has(key) {
            problems.push(view.problem(Severity::Warning, key, what.to_owned(), remedy));
        }
    };
    let remedy = "give the limit a `value` or `by_grade`, or remove it";
    if !binds && !is_discussed {
        for key in ["patience", "tolerates"] {
            let what = format!("`{key}` does nothing in a limit without a number or a mix");
            warn(key, &what, remedy);
        }
    }
    if !binds {
        let what = "`suspended_when` lifts nothing: this limit has no number";
        warn("suspended_when", what, remedy);
    }
    if !has_number {
        for key in ["level", "family_overshoot", "split_after"] {
            let what = format!("`{key}` does nothing in a limit without a number");
            warn(key, &what, remedy);
        }
    } else if limit.family_overshoot.is_none() {
        let what = "`split_after` does nothing without `family_overshoot`";
        warn(
            "split_after",
            what,
            "give `family_overshoot`, or remove `split_after`",
        );
    }
    let points = limit.measure == Measure::Points && has_number;
    for view in view.list("mix").iter().filter(|_| !points) {
        if view.has("share_of_points") {
            let what = "a share of points needs a limit in points with a number".to_owned();
            let remedy = "write measure = \"points\" and a value in the limit, or `most` here";
            problems.push(view.problem(Severity::Error, "share_of_points", what, remedy));
        }
    }
}

/// Whether the number fits what it counts.
fn check_measure(
    view: &View<'_>,
    limit: &Limit,
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) {
    let greatest = match &limit.value {
        Value::Unlimited => None,
        Value::Each(value) => Some(*value),
        Value::ByGrade(values) => values.iter().flatten().copied().reduce(f64::max),
    };
    if let Some(ratio) = greatest.filter(|v| limit.measure == Measure::Hours && *v > HIGH_RATIO) {
        let what = format!(
            "a limit in hours is a workload ratio, and {ratio} lets workers be asked for {ratio} times their time"
        );
        let remedy = "write 1 for as much as they have time for, or another measure";
        problems.push(view.problem(Severity::Warning, "measure", what, remedy));
    }
    let mut weights = service.stages.iter().map(|stage| stage.weight);
    let all_alike = weights.next().is_some_and(|w| w == 1.0) && weights.all(|w| w == 1.0);
    if limit.measure == Measure::Points && all_alike {
        let what = "every stage weighs 1 point, so that this counts cases".to_owned();
        let remedy = "give stages a `weight`, or leave the measure out";
        problems.push(view.problem(Severity::Warning, "measure", what, remedy));
    }
}
