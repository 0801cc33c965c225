//! Grades, posts, teams, and how people come and go.

use crate::model::law::Discrete;
use crate::model::post::{Grade, LeaveStep, PostGroup, Promotion, RampStep};
use crate::scenario::problem::{Problem, Severity};
use crate::scenario::sections::{Absence, Agency, Attraction, Intake, Recruitment, Team};
use crate::scenario::shape::month_of_year;
use crate::scenario::share::as_share;
use crate::scenario::view::View;

/// The grades, in the order of the file.
pub fn grades(
    view: &View<'_>,
    full_time_hours: f64,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Grade>> {
    if view.named().is_empty() {
        let what = "a scenario needs at least one grade of worker".to_owned();
        let remedy = "write [grades.\"social worker\"]";
        problems.push(view.problem(Severity::Error, "", what, remedy));
    }
    let read: Vec<Option<Grade>> = view
        .named()
        .iter()
        .map(|(name, view)| grade(name, view, full_time_hours, problems))
        .collect();
    read.into_iter().collect()
}

fn grade(
    name: &str,
    view: &View<'_>,
    full_time_hours: f64,
    problems: &mut Vec<Problem>,
) -> Option<Grade> {
    let ramp: Option<Vec<RampStep>> = view
        .list("ramp")
        .iter()
        .map(|step| {
            Some(RampStep {
                from_month: step.number("from_month")?,
                output: step.number("output")?,
                limit: step.number("limit")?,
            })
        })
        .collect();
    let mut leave: Option<Vec<LeaveStep>> = view
        .list("leave_per_year")
        .iter()
        .map(|step| {
            Some(LeaveStep {
                from_year: step.number("from_year")?,
                per_year: step.number("per_year")?,
            })
        })
        .collect();
    if let Some(per_year) = view.number("leave_per_year").filter(|rate| *rate > 0.0) {
        leave = Some(vec![LeaveStep {
            from_year: 0.0,
            per_year,
        }]);
    }
    let rises = |from: &[f64]| {
        from.first().is_none_or(|first| *first == 0.0) && from.windows(2).all(|w| w[0] < w[1])
    };
    let ramp_from: Vec<f64> = ramp.iter().flatten().map(|s| s.from_month).collect();
    let leave_from: Vec<f64> = leave.iter().flatten().map(|s| s.from_year).collect();
    for (key, from) in [("ramp", ramp_from), ("leave_per_year", leave_from)] {
        if !rises(&from) {
            let what =
                "these steps must begin at 0 and each must begin after the one before".to_owned();
            problems.push(view.problem(
                Severity::Error,
                key,
                what,
                "put them in order of time, the first from 0",
            ));
        }
    }
    let becomes = view.section("becomes").map(|becomes| {
        Some(Promotion {
            grade: becomes.name("grade")?,
            after_months: becomes.number("after_months")?,
        })
    });
    Some(Grade {
        name: name.to_owned(),
        hours_per_week: if view.has("hours_per_week") {
            view.number("hours_per_week")?
        } else {
            full_time_hours
        },
        direct_share: view.number("direct_share")?,
        ramp: ramp?,
        leave: leave?,
        notice: view.law("notice")?,
        absences_per_year: view.number("absences_per_year")?,
        becomes: becomes.flatten(),
        cost_per_year: view.number("cost_per_year"),
    })
}

/// Problems of the grades among themselves.
pub fn check_grades(
    view: &View<'_>,
    grades: &[Grade],
    agency: Option<usize>,
    has_absence: bool,
    problems: &mut Vec<Problem>,
) {
    for (at, (name, view)) in view.named().iter().enumerate() {
        let mut walked = vec![at];
        while let Some(next) = grades[walked[walked.len() - 1]].becomes {
            let is_new = !walked.contains(&next.grade);
            walked.push(next.grade);
            if !is_new {
                break;
            }
        }
        if walked.len() > 1 && walked[walked.len() - 1] == at {
            let names: Vec<&str> = walked.iter().map(|g| grades[*g].name.as_str()).collect();
            let what = format!("`becomes` runs in a circle: {}", names.join(" -> "));
            let remedy = "let the last of these grades stay what it is";
            problems.push(view.problem(Severity::Error, "becomes", what, remedy));
        }
        if agency == Some(at) && grades[at].becomes.is_some() {
            let what = format!("the agency grade \"{name}\" cannot become another grade");
            problems.push(view.problem(Severity::Error, "becomes", what, "remove `becomes`"));
        }
        if grades[at].becomes.is_some_and(|b| Some(b.grade) == agency) {
            let what = "a permanent worker cannot become an agency worker".to_owned();
            problems.push(view.problem(Severity::Error, "becomes", what, "name a permanent grade"));
        }
        let fastest = grades[at].leave.iter().map(|step| step.per_year);
        let fastest = fastest.fold(0.0, f64::max);
        if fastest > 1.0 && agency != Some(at) {
            let what = format!(
                "\"{name}\" leave at {fastest} a year: after {:.1} months on average",
                12.0 / fastest
            );
            let remedy = if fastest <= 100.0 {
                format!("did you mean {}?", as_share(fastest))
            } else {
                "write 0.12 where one in eight leaves each year".to_owned()
            };
            problems.push(view.problem(Severity::Warning, "leave_per_year", what, &remedy));
        }
        if grades[at].absences_per_year > 0.0 && !has_absence {
            let what = format!("\"{name}\" has absences, and nothing says how long they last");
            let remedy = "write [absence] with a law of the spell";
            problems.push(view.problem(Severity::Error, "absences_per_year", what, remedy));
        }
    }
}

/// The posts, in the order of the file.
pub fn posts(
    whole: &View<'_>,
    agency: Option<usize>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<PostGroup>> {
    let groups: Vec<Option<PostGroup>> = whole
        .list("posts")
        .iter()
        .map(|view| {
            let count: Option<usize> = view.whole("count");
            let filled: Option<usize> = if view.has("filled") {
                view.whole("filled")
            } else {
                count
            };
            if let Some((count, filled)) = count.zip(filled).filter(|(c, f)| f > c) {
                let what = format!("{filled} posts are filled of {count}");
                let remedy = "`filled` must be at most `count`";
                problems.push(view.problem(Severity::Error, "filled", what, remedy));
            }
            let team = if view.has("team") {
                view.name("team")
            } else if view.names.teams.len() == 1 {
                Some(0)
            } else {
                let what = "these posts need a team".to_owned();
                let remedy = format!(
                    "write team = one of: {}",
                    crate::text::listed(&view.names.teams)
                );
                problems.push(view.problem(Severity::Error, "", what, &remedy));
                None
            };
            let grade = view.name("grade");
            if grade.is_some() && grade == agency {
                let what = "agency workers have no posts of their own".to_owned();
                let remedy = "they cover vacant posts; give these posts a permanent grade";
                problems.push(view.problem(Severity::Error, "grade", what, remedy));
            }
            Some(PostGroup {
                team: team?,
                grade: grade?,
                count: count?,
                filled: filled?,
                months_in_post: view.law("months_in_post")?,
            })
        })
        .collect();
    groups.into_iter().collect()
}

/// The teams; one in each area where the file has none.
pub fn teams(whole: &View<'_>, problems: &mut Vec<Problem>) -> Option<Vec<Team>> {
    let names = whole.names;
    let all: Vec<usize> = (0..names.stages.len()).collect();
    let Some(view) = whole.section("teams").filter(|v| !v.named().is_empty()) else {
        let one = |(area, name): (usize, &String)| Team {
            name: name.clone(),
            area,
            takes: all.clone(),
        };
        return Some(names.areas.iter().enumerate().map(one).collect());
    };
    let read: Vec<Option<Team>> = view
        .named()
        .iter()
        .map(|(name, view)| {
            let area = if view.has("area") {
                view.name("area")
            } else if names.areas.len() == 1 {
                Some(0)
            } else {
                names.areas.iter().position(|a| a == name)
            };
            if area.is_none() && !view.has("area") {
                let what = format!("the team \"{name}\" needs an area");
                let remedy = format!("write area = one of: {}", crate::text::listed(&names.areas));
                problems.push(view.problem(Severity::Error, "", what, &remedy));
            }
            Some(Team {
                name: (*name).to_owned(),
                area: area?,
                takes: if view.has("takes") {
                    view.names("takes")?
                } else {
                    all.clone()
                },
            })
        })
        .collect();
    let teams: Vec<Team> = read.into_iter().collect::<Option<_>>()?;
    for (area, area_name) in names.areas.iter().enumerate() {
        for (stage, stage_name) in names.stages.iter().enumerate() {
            let takers: Vec<&str> = teams
                .iter()
                .filter(|t| t.area == area && t.takes.contains(&stage))
                .map(|t| t.name.as_str())
                .collect();
            let place = if names.areas.len() > 1 {
                format!(" in {area_name}")
            } else {
                String::new()
            };
            let what = match takers.as_slice() {
                [_] => continue,
                [] => format!("no team takes \"{stage_name}\"{place}"),
                many => format!("{} all take \"{stage_name}\"{place}", many.join(" and ")),
            };
            let remedy = "in each area exactly one team must take each stage";
            problems.push(whole.problem(Severity::Error, "teams", what, remedy));
        }
    }
    Some(teams)
}

/// The areas and their shares of the referrals.
pub fn areas(whole: &View<'_>) -> Option<Discrete<usize>> {
    if whole.has("areas") {
        whole.shares("areas")
    } else {
        Some(Discrete::certain(0))
    }
}

/// Sickness.
pub fn absence(view: &View<'_>) -> Option<Absence> {
    Some(Absence {
        spell: view.law("spell")?,
        cover_after_days: view.number("cover_after"),
    })
}

/// How vacancies are filled.
pub fn recruitment(
    view: &View<'_>,
    agency: Option<usize>,
    problems: &mut Vec<Problem>,
) -> Option<Recruitment> {
    let mut intakes = Vec::new();
    for intake in view.list("intakes") {
        let grade = intake.name("grade");
        if grade.is_some() && grade == agency {
            let what = "an intake brings permanent workers, not agency workers".to_owned();
            problems.push(intake.problem(Severity::Error, "grade", what, "name a permanent grade"));
        }
        intakes.push(Intake {
            month_of_year: month_of_year(&intake.text("month")?)?,
            people: intake.whole("people")?,
            grade: grade?,
        });
    }
    let grade = view.shares("grade");
    if grade
        .iter()
        .flat_map(Discrete::iter)
        .any(|(g, _)| Some(*g) == agency)
    {
        let what = "newcomers are permanent workers, not agency workers".to_owned();
        problems.push(view.problem(Severity::Error, "grade", what, "name permanent grades only"));
    }
    let attraction = view.section("attraction").map(|attraction| {
        Some(Attraction {
            b_per_case: attraction.number("b_per_case")?,
            reference: attraction.number("reference")?,
        })
    });
    Some(Recruitment {
        time_to_fill: view.law("time_to_fill")?,
        grade,
        intakes,
        attraction: attraction.flatten(),
    })
}

/// Agency cover.
pub fn agency(view: &View<'_>) -> Option<Agency> {
    Some(Agency {
        grade: view.name("grade")?,
        lead: view.law("lead")?,
        max_share: view.number("max_share")?,
        overlap_days: view.number("overlap")?,
    })
}
