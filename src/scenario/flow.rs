//! Referrals, returns and the cases open at the origin.

use std::collections::BTreeMap;

use crate::model::calendar::{Calendar, Month};
use crate::model::law::Discrete;
use crate::scenario::key::Of;
use crate::scenario::listing::{ARRIVALS, CASES, Listing};
use crate::scenario::problem::{Problem, Severity};
use crate::scenario::sections::{
    Arrivals, FAMILY_LIMIT, ListedCase, Opening, Referrals, ReplayedFamily, Return, Surge,
};
use crate::scenario::share::as_share;
use crate::scenario::view::View;

/// The referrals.
pub fn referrals(
    view: &View<'_>,
    calendar: &Calendar,
    problems: &mut Vec<Problem>,
) -> Option<Referrals> {
    let family_size = view.shares("family_size");
    let arrivals = if view.has("replay") {
        for key in [
            "season",
            "growth_per_year",
            "surges",
            "overdispersion",
            "working_days_only",
        ] {
            if view.has(key) {
                let what = format!("`{key}` does nothing beside a replayed list");
                problems.push(view.problem(Severity::Error, key, what, "remove it, or `replay`"));
            }
        }
        replay(view, calendar, problems)
    } else {
        poisson(view, calendar, family_size.as_ref(), problems)
    };
    Some(Referrals {
        arrivals: arrivals?,
        family_size: family_size?,
        sibling_hours: view.number("sibling_hours")?,
        first_stage: view.shares("first_stage")?,
    })
}

fn poisson(
    view: &View<'_>,
    calendar: &Calendar,
    family_size: Option<&Discrete<usize>>,
    problems: &mut Vec<Problem>,
) -> Option<Arrivals> {
    let rate = match view.number("children_per_month") {
        Some(children) => Some(children / family_size?.mean_by(|n| *n as f64)),
        None => view.number("families_per_month"),
    };
    let surges = view
        .list("surges")
        .iter()
        .filter_map(|surge| surge_of(surge, calendar, problems))
        .collect();
    let growth = view.number("growth_per_year");
    if let Some(growth) = growth.filter(|growth| *growth > 1.0) {
        let what = format!(
            "referrals grow to {:.0} times as many in a year",
            1.0 + growth
        );
        let remedy = format!("did you mean {}?", as_share(growth));
        problems.push(view.problem(Severity::Warning, "growth_per_year", what, &remedy));
    }
    Some(Arrivals::Poisson {
        families_per_month: rate?,
        season: view.season("season")?,
        growth_per_year: growth?,
        surges,
        overdispersion: view.number("overdispersion")?,
        working_days_only: view.flag("working_days_only")?,
    })
}

fn surge_of(view: &View<'_>, calendar: &Calendar, problems: &mut Vec<Problem>) -> Option<Surge> {
    let first = view.month("from")?;
    let day = calendar.day_of(first).map(f64::from);
    let month = calendar.months.iter().find(|m| Some(m.begins) == day);
    let Some(month) = month.filter(|m| m.since_start >= 0) else {
        let (what, remedy) = match day {
            Some(day) if day < calendar.start => (
                format!(
                    "this surge begins in {}, before the start",
                    first.strftime("%B %Y")
                ),
                "begin it at the start, with the months that are then left",
            ),
            _ => (
                format!(
                    "this surge begins in {}, after the end",
                    first.strftime("%B %Y")
                ),
                "begin it earlier, or play more months",
            ),
        };
        problems.push(view.problem(Severity::Error, "from", what, remedy));
        return None;
    };
    Some(Surge {
        from_month: month.since_start,
        months: view.whole("months"),
        multiplier: view.number("multiplier")?,
    })
}

fn replay(view: &View<'_>, calendar: &Calendar, problems: &mut Vec<Problem>) -> Option<Arrivals> {
    let library = view.reader.library;
    let node = view.table?.get("replay")?;
    let source = library.find(&library.beside(node.span.source, node.as_text()?))?;
    let path = view.path_of("replay");
    let named = (path.as_str(), node.span);
    let listing = Listing::read(library, source, view.names, named, ARRIVALS, 1, problems)?;
    let before = problems.len();
    let (mut outside, mut first_outside) = (0, None);
    let mut families = listing.each(problems, |row, told| {
        let (date, children) = (row.date("date", told), row.children(told));
        let stage = row.name("stage", Of::Stage, told);
        let area = row.name("area", Of::Area, told);
        let Some(date) = date.ok()? else {
            let what = "this family has no date".to_owned();
            row.wrong(what, "write 2026-04-01", told);
            return None;
        };
        let day = calendar.day_of(date).map_or(f64::NAN, f64::from);
        if !(day >= 0.0 && day < calendar.horizon) {
            outside += 1;
            first_outside = first_outside.take().or_else(|| {
                let remedy = "play from earlier or for longer, if they are to come";
                Some((date, row.problem(String::new(), remedy)))
            });
            return None;
        }
        Some(ReplayedFamily {
            time: day,
            row: u32::try_from(row.number).ok()?,
            children: children.ok()?,
            stage: stage.ok()?,
            area: area.ok()?,
        })
    });
    families.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.row.cmp(&b.row)));
    let is_sound = problems.len() == before;
    let last_day = calendar.months.last()?.last_day;
    let play = format!("the play, {} to {last_day}", calendar.origin);
    match (first_outside, families.last()) {
        (Some((_, problem)), None) if is_sound => problems.push(Problem {
            what: format!("no row of this list lies within {play}"),
            ..problem
        }),
        (Some((date, problem)), _) => problems.push(Problem {
            severity: Severity::Warning,
            what: match outside {
                1 => format!("1 row lies outside {play}, and is left out: {date}"),
                n => format!("{n} rows lie outside {play}, and are left out; the first is {date}"),
            },
            ..problem
        }),
        (None, _) => {}
    }
    if let Some(last) = families.last().filter(|_| is_sound) {
        let after = |m: &&Month| m.begins > last.time;
        let months = calendar.months.iter().filter(after).count();
        if months > 0 {
            let date = calendar
                .origin
                .saturating_add(jiff::Span::new().days(last.time as i64));
            let plural = if months == 1 { "" } else { "s" };
            let what = format!(
                "the list ends on {date}, {months} month{plural} before the end of the play"
            );
            let remedy = "nobody is referred after it; play fewer months, or give a rate instead of the list";
            problems.push(view.problem(Severity::Warning, "replay", what, remedy));
        }
    }
    Some(Arrivals::Replay { families })
}

/// How closed cases come back.
pub fn returns(view: &View<'_>) -> Option<Return> {
    Some(Return {
        probability: view.number("probability")?,
        unmet_effect: view.number("unmet_effect")?,
        delay: view.law("delay")?,
        to: view.shares("to")?,
        to_same_worker: view.flag("to_same_worker")?,
    })
}

/// The cases open at the origin.
pub fn opening(view: &View<'_>, problems: &mut Vec<Problem>) -> Option<Opening> {
    if view.has("file") {
        return listed(view, problems);
    }
    if view.has("stages") != view.has("total") {
        let key = if view.has("stages") {
            "stages"
        } else {
            "total"
        };
        let what = "an opening by shares needs both `total` and `stages`".to_owned();
        let remedy =
            "write total = 720 and stages = { assessment = 0.6, ... }, or a count for each stage";
        problems.push(view.problem(Severity::Error, key, what, remedy));
        return None;
    }
    if view.has("total") {
        return Some(Opening::Mix {
            total: view.whole("total")?,
            stages: view.shares("stages")?,
        });
    }
    let mut counts = vec![0; view.names.stages.len()];
    for name in view.named_keys() {
        counts[view.names.index(Of::Stage, name)?] = view.whole(name)?;
    }
    Some(Opening::Counts(counts))
}

fn listed(view: &View<'_>, problems: &mut Vec<Problem>) -> Option<Opening> {
    let library = view.reader.library;
    let node = view.table?.get("file")?;
    let source = library.find(&library.beside(node.span.source, node.as_text()?))?;
    let path = view.path_of("file");
    if let Some(cases) = &library.sources.get(source)?.withheld {
        let of = |name: &String| cases.get(name).copied().unwrap_or(0);
        let names = view.names.stages.iter();
        return Some(Opening::Counts(names.map(of).collect()));
    }
    let named = (path.as_str(), node.span);
    let listing = Listing::read(library, source, view.names, named, CASES, 2, problems)?;
    // A family is known by what the list calls it; a case without one is its own family.
    let mut families: BTreeMap<String, (u32, Option<usize>, usize)> = BTreeMap::new();
    let mut next = 0;
    let cases = listing.each(problems, |row, told| {
        let stage = row.name("stage", Of::Stage, told);
        let area = row.name("area", Of::Area, told);
        let days = 0.0..=crate::scenario::catalogue::LONGEST_DAYS;
        let age = row.number("days_in_stage", "write a number of days >= 0", days, told);
        let family = row.read("family", "", told, |cell| Some(cell.to_owned()));
        let (Some(stage), Some(age_days)) = (stage.ok()?, age.ok()?) else {
            let what = "this case has no stage or no days_in_stage".to_owned();
            row.wrong(what, "give both", told);
            return None;
        };
        let area = area.ok()?;
        let number = match family.ok()? {
            None => {
                next += 1;
                next - 1
            }
            Some(name) => {
                let known = families.entry(name.clone()).or_insert_with(|| {
                    next += 1;
                    (next - 1, area, 0)
                });
                known.2 += 1;
                if known.2 > FAMILY_LIMIT {
                    let what = format!("family {name} has more than {FAMILY_LIMIT} children");
                    row.wrong(what, "split it", told);
                    return None;
                }
                if known.1 != area {
                    let what = format!("family {name} stands in two areas");
                    row.wrong(what, "a family belongs to one area", told);
                    return None;
                }
                known.0
            }
        };
        Some(ListedCase {
            stage,
            age_days,
            family: number,
            area,
        })
    });
    Some(Opening::Listed(cases))
}
