//! Dated changes of the staff under a policy.

use crate::policy::staffing::{About, Change, Effect};
use crate::scenario::fit::{Service, day};
use crate::scenario::problem::{Problem, Severity};
use crate::scenario::view::View;

/// The changes of a policy, in the order of the file: one for each effect of an entry.
///
/// * returns - nothing where a value is missing or wrong; what is wrong between values is told
pub fn staffing(
    policy: &View<'_>,
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Change>> {
    let entries = policy.list("staffing");
    let read: Vec<Option<Vec<Change>>> = entries
        .iter()
        .map(|view| entry(view, service, problems))
        .collect();
    check_overlaps(&entries, &read, problems);
    check_takes(&entries, &read, service, problems);
    let read: Option<Vec<Vec<Change>>> = read.into_iter().collect();
    read.map(|changes| changes.concat())
}

fn entry(
    view: &View<'_>,
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Change>> {
    let (from, until) = dates(view, service, problems)?;
    let about = About {
        team: view.where_written("team", |v, key| v.name(key))?,
        grade: view.where_written("grade", |v, key| v.name(key))?,
    };
    let mut effects = Vec::new();
    let mut is_whole = true;
    if view.has("add") {
        match added(view, about, service, problems) {
            Some(effect) => effects.push(effect),
            None => is_whole = false,
        }
    } else if view.has("filled") {
        let what = "`filled` says nothing without `add`".to_owned();
        problems.push(view.problem(Severity::Error, "filled", what, "remove it, or add posts"));
    }
    if view.has("take") {
        let posts = view.whole("take")?;
        effects.push(Effect::Take { about, posts });
    }
    if view.flag("freeze")? {
        if !service.has_recruitment {
            let what =
                "a freeze does nothing: without [recruitment] no vacancy is filled".to_owned();
            let remedy = "remove it, or write [recruitment]";
            problems.push(view.problem(Severity::Warning, "freeze", what, remedy));
        }
        effects.push(Effect::Freeze { about });
    }
    if view.has("direct_share") {
        let share = view.number("direct_share")?;
        effects.push(Effect::DirectShare { about, share });
    }
    if view.has("leaving_times") {
        let times = view.number("leaving_times")?;
        effects.push(Effect::Leaving { about, times });
    }
    if view.has("time_to_fill") {
        if !service.has_recruitment {
            let what = "there is no time to fill to change: nothing says that vacancies are filled"
                .to_owned();
            let remedy = "write [recruitment], or remove it";
            problems.push(view.problem(Severity::Error, "time_to_fill", what, remedy));
        }
        effects.push(Effect::TimeToFill(view.law("time_to_fill")?));
    }
    if view.has("handover") {
        effects.push(Effect::Handover(view.number("handover")?));
    }
    for key in ["time_to_fill", "handover"] {
        if view.has(key) && about != About::default() {
            let what = format!("`{key}` is that of the whole service");
            let remedy = "write it in an entry of its own, without team and grade";
            problems.push(view.problem(Severity::Error, key, what, remedy));
        }
    }
    for key in ["add", "take"] {
        if view.has(key) && view.has("until") {
            let what = format!("`{key}` is for good, and has no end");
            let remedy = "remove `until`; posts that go again are taken in another entry";
            problems.push(view.problem(Severity::Error, "until", what, remedy));
        }
    }
    if effects.is_empty() && is_whole {
        let what = "this entry changes nothing".to_owned();
        let remedy = "add, take, freeze, direct_share, leaving_times, time_to_fill or handover";
        problems.push(view.problem(Severity::Error, "", what, remedy));
    }
    let dated = effects.into_iter().map(|effect| Change {
        from,
        until,
        effect,
    });
    is_whole.then(|| dated.collect())
}

/// First day, and first day after, where there is one [days from the origin].
fn dates(
    view: &View<'_>,
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(f64, Option<f64>)> {
    let date = view.date("from")?;
    let from = day(
        date,
        &view.path_of("from"),
        view.span_of("from"),
        service.calendar,
        problems,
    );
    let until = view.where_written("until", |v, key| v.date(key))?;
    if let Some(until) = until.filter(|until| *until <= date) {
        let what = format!("this ends on {until}, and begins on {date}");
        let remedy = "`until` is the first day on which it holds no more, after `from`";
        problems.push(view.problem(Severity::Error, "until", what, remedy));
    }
    let until = match until {
        Some(until) => Some(f64::from(service.calendar?.day_of(until)?)),
        None => None,
    };
    Some((from?, until))
}

/// The posts that are added.
fn added(
    view: &View<'_>,
    about: About,
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Effect> {
    let (posts, filled): (u32, u32) = (view.whole("add")?, view.whole("filled")?);
    if filled > posts {
        let what = format!("{filled} posts are filled of {posts} that are added");
        let remedy = "`filled` must be at most `add`";
        problems.push(view.problem(Severity::Error, "filled", what, remedy));
    }
    let mut graded: Vec<usize> = service.posts.iter().map(|group| group.grade).collect();
    graded.sort_unstable();
    graded.dedup();
    let team = about.team.or((view.names.teams.len() == 1).then_some(0));
    let grade = about.grade.or(match graded.as_slice() {
        [only] => Some(*only),
        _ => None,
    });
    for (key, known, names) in [
        ("team", team, &view.names.teams),
        ("grade", grade, &view.names.grades),
    ] {
        if known.is_none() {
            let what = format!("posts that are added need a {key}");
            let remedy = format!("write {key} = one of: {}", crate::text::listed(names));
            problems.push(view.problem(Severity::Error, "add", what, &remedy));
        }
    }
    if grade.is_some() && grade == service.agency {
        let what = "agency workers have no posts of their own".to_owned();
        let remedy = "give the posts a permanent grade";
        problems.push(view.problem(Severity::Error, "grade", what, remedy));
    }
    Some(Effect::Add {
        team: team?,
        grade: grade?,
        posts,
        filled,
    })
}

/// The key of an effect that holds for a time, and whom it is about.
fn lasting(effect: &Effect) -> Option<(&'static str, About)> {
    match effect {
        Effect::Add { .. } | Effect::Take { .. } => None,
        Effect::Freeze { about } => Some(("freeze", *about)),
        Effect::DirectShare { about, .. } => Some(("direct_share", *about)),
        Effect::Leaving { about, .. } => Some(("leaving_times", *about)),
        Effect::TimeToFill(_) => Some(("time_to_fill", About::default())),
        Effect::Handover(_) => Some(("handover", About::default())),
    }
}

/// True where some team and grade are meant by both.
fn meet(one: About, other: About) -> bool {
    let same = |a: Option<usize>, b: Option<usize>| a.is_none() || b.is_none() || a == b;
    same(one.team, other.team) && same(one.grade, other.grade)
}

/// No two changes of one thing may hold at a time.
fn check_overlaps(entries: &[View<'_>], read: &[Option<Vec<Change>>], problems: &mut Vec<Problem>) {
    let ends = |change: &Change| change.until.unwrap_or(f64::INFINITY);
    for (at, view) in entries.iter().enumerate() {
        for change in read[at].iter().flatten() {
            let Some((key, about)) = lasting(&change.effect) else {
                continue;
            };
            let earlier = read[..at].iter().flatten().flatten();
            let clashes = earlier.filter(|other| {
                lasting(&other.effect).is_some_and(|(k, a)| k == key && meet(a, about))
                    && other.from < ends(change)
                    && change.from < ends(other)
            });
            if clashes.count() > 0 {
                let what =
                    format!("overlapping dates: an entry above changes `{key}` at the same time");
                let remedy =
                    "let the earlier one end with `until` on the day on which this one begins";
                problems.push(view.problem(Severity::Error, key, what, remedy));
            }
        }
    }
}

/// No more posts may be taken than there are by then.
fn check_takes(
    entries: &[View<'_>],
    read: &[Option<Vec<Change>>],
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) {
    let mut dated: Vec<(usize, &Change)> = read
        .iter()
        .enumerate()
        .flat_map(|(at, changes)| changes.iter().flatten().map(move |c| (at, c)))
        .collect();
    dated.sort_by(|a, b| a.1.from.total_cmp(&b.1.from));
    for (place, (at, change)) in dated.iter().enumerate() {
        let Effect::Take { about, posts } = change.effect else {
            continue;
        };
        // What is left must do for this taking, and for it together with all takings around it.
        let widths = [
            about,
            About {
                grade: None,
                ..about
            },
            About {
                team: None,
                ..about
            },
            About::default(),
        ];
        let left = widths
            .iter()
            .map(|width| left_of(*width, &dated[..place], service));
        if let Some(left) = left.min().filter(|left| *left < i64::from(posts)) {
            let what = format!(
                "{posts} posts are taken of {} that are there by then",
                left.max(0)
            );
            let remedy = "take fewer, or later than posts are added";
            problems.push(entries[*at].problem(Severity::Error, "take", what, remedy));
        }
    }
}

/// Posts that are left of a team and grade once changes have been made.
fn left_of(about: About, changes: &[(usize, &Change)], service: &Service<'_>) -> i64 {
    let groups = service
        .posts
        .iter()
        .filter(|group| about.covers(group.team, group.grade))
        .map(|group| group.count as i64);
    let changed = changes.iter().map(|(_, change)| match change.effect {
        Effect::Add {
            team, grade, posts, ..
        } if about.covers(team, grade) => i64::from(posts),
        Effect::Take {
            about: other,
            posts,
        } => {
            let within = |wide: Option<usize>, narrow: Option<usize>| {
                wide.is_none() || (narrow.is_some() && wide == narrow)
            };
            let is_within = within(about.team, other.team) && within(about.grade, other.grade);
            if is_within { -i64::from(posts) } else { 0 }
        }
        _ => 0,
    });
    groups.sum::<i64>() + changed.sum::<i64>()
}
