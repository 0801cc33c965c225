//! How cases move: the pathway with its flows, and the feedbacks that carry a difference.

use crate::metric::catalogue::{CATALOGUE, Metric};
use crate::metric::layout::Group;
use crate::metric::symbol::NOT_APPLICABLE;
use crate::output::chart::canvas::Drawn;
use crate::output::chart::pathway::{self, Stop, Way};
use crate::output::chart::rows::{self, Mark};
use crate::output::chart::scale;
use crate::output::html::Html;
use crate::output::kept::CarriedRow;
use crate::output::number;
use crate::output::page::figure::{Figure, Panel};
use crate::output::page::shell::Part;
use crate::output::page::table::{Set, Table};
use crate::output::report::story::{Story, alt, mean, minus};
use crate::scenario::implied::demand::{Demand, demand};
use crate::statistics::interval::Interval;

/// Flows that no digit would be printed of are not drawn.
const LEAST: f64 = 0.05;

/// The pathway.
///
/// # Errors
/// Those of the charts.
pub fn pathway(story: &Story<'_>) -> Drawn<Part> {
    let mut html = Html::new();
    let document = story.kept.document.as_ref();
    match document.map(|document| demand(document.scenario())) {
        None => html.words(
            "p",
            &[("class", "warn")],
            "This version of casecap no longer takes the scenario that is kept with the results, so that the pathway is not drawn.",
        ),
        Some(Err(error)) => html.words("p", &[], &format!("The pathway has no long run: {error}.")),
        Some(Ok(demand)) => drawn(story, &demand)?.write(&mut html),
    }
    Ok(Part {
        id: "pathway",
        heading: "How cases move".to_owned(),
        body: html,
    })
}

fn drawn(story: &Story<'_>, demand: &Demand) -> Drawn<Figure> {
    let policy = story
        .baseline()
        .or(story.policies.first().copied())
        .unwrap_or_default();
    let flow = |stage: usize| demand.stages[stage].visits * demand.children_per_month;
    let names: Vec<&str> = demand.stages.iter().map(|s| s.name.as_str()).collect();
    // From, to (or closed), children a month, share of those who leave.
    let mut ways: Vec<(usize, Option<usize>, f64, f64)> = Vec::new();
    for (at, stage) in demand.stages.iter().enumerate() {
        for (to, share) in stage.goes_to.iter().enumerate() {
            ways.push((at, Some(to), flow(at) * share, *share));
        }
        ways.push((at, None, flow(at) * stage.closes, stage.closes));
    }
    ways.retain(|way| way.2.is_finite() && way.2 >= LEAST);
    let widest = ways.iter().map(|way| way.2).fold(1e-9, f64::max);
    let holds = |stage: usize| {
        let row = story.summary.layout.horizon_row();
        let name = names.get(stage);
        let at = name.and_then(|n| story.kept.names[0].iter().position(|known| known == n))?;
        let place = story
            .summary
            .layout
            .index(row, Metric::OpenCases, Group::Stage(at))?;
        let numbers = story.summary.policies[policy].numbers.get(place)?;
        numbers
            .mean
            .is_finite()
            .then(|| mean(Metric::OpenCases.definition(), numbers))
    };
    let stops: Vec<Stop> = demand
        .stages
        .iter()
        .enumerate()
        .map(|(at, stage)| Stop {
            name: stage.name.clone(),
            holds: holds(at).map_or_else(String::new, |cases| format!("{cases} open")),
            comes: match stage.referred_per_month >= LEAST {
                true => format!("{:.1} children referred a month", stage.referred_per_month),
                false => String::new(),
            },
            ways: ways
                .iter()
                .filter(|way| way.0 == at)
                .map(|way| Way {
                    to: way.1.map_or("closed", |to| names[to]).to_owned(),
                    label: format!("{:.1} a month", way.2),
                    part: way.2 / widest,
                })
                .collect(),
        })
        .collect();
    let told: Vec<String> = ways
        .iter()
        .map(|way| {
            let to = way.1.map_or("closed", |to| names[to]);
            format!("{} to {to} {:.1} a month", names[way.0], way.2)
        })
        .collect();
    let alt = alt(
        "pathway-1".to_owned(),
        "The stages of a case and the ways between them".to_owned(),
        format!(
            "{:.1} children are referred a month. {}.",
            demand.children_per_month,
            told.join("; ")
        ),
    );
    let svg = pathway::draw(&stops, &alt)?;
    let columns = [
        ("From", Set::Words),
        ("To", Set::Words),
        ("Children a month", Set::Numbers),
        ("Share of those who leave [%]", Set::Numbers),
    ];
    let caption = "Flows that the scenario implies at full speed, with need met";
    let mut table = Table::new("pathway-table", caption, &columns);
    for stage in demand
        .stages
        .iter()
        .filter(|s| s.referred_per_month >= LEAST)
    {
        let flow = format!("{:.1}", stage.referred_per_month);
        let share = stage.referred_per_month / demand.children_per_month;
        table.row([
            "referred".to_owned(),
            stage.name.clone(),
            flow,
            format!("{:.1}", share * 100.0),
        ]);
    }
    for (from, to, flow, share) in &ways {
        let to = to.map_or("closed", |to| names[to]);
        let (flow, share) = (format!("{flow:.1}"), format!("{:.1}", share * 100.0));
        table.row([names[*from].to_owned(), to.to_owned(), flow, share]);
    }
    let returning = match demand.returning_share >= 0.005 {
        true => format!(
            "; {} of spells begin with a return",
            number::share(demand.returning_share)
        ),
        false => String::new(),
    };
    Ok(Figure {
        id: "pathway-figure".to_owned(),
        finding: format!(
            "{:.0} children are referred in a month, and a case stays {:.0} days when it is worked at full speed{returning}",
            demand.children_per_month, demand.spell_days
        ),
        note: format!(
            "Arrows are as wide as the flow that the scenario implies in the long run at full speed. In each stage stands how \
             many cases were open on average over the whole time under {}.",
            story.name(policy)
        ),
        panels: vec![Panel {
            heading: "The pathway".to_owned(),
            svg,
        }],
        table,
    })
}

/// What each feedback carries of the difference; nothing where the run did not ask.
///
/// # Errors
/// Those of the charts.
pub fn feedbacks(story: &Story<'_>) -> Drawn<Option<Part>> {
    let Some(explanation) = &story.kept.explanation else {
        return Ok(None);
    };
    let mut html = Html::new();
    let words = format!(
        "Both policies are played again without each feedback, on the same luck. A feedback carries what the difference \
         between \u{201c}{}\u{201d} and \u{201c}{}\u{201d} loses when it is cut. The parts need not sum to the whole, because \
         one may need another to act.",
        explanation.policy, explanation.against
    );
    html.words("p", &[], &words);
    for definition in &CATALOGUE {
        let rows: Vec<&CarriedRow> = explanation
            .rows
            .iter()
            .filter(|row| !row.is_horizon && row.metric == definition.key)
            .collect();
        if !rows.is_empty() {
            feedback(story, definition.metric, &rows)?.write(&mut html);
        }
    }
    Ok(Some(Part {
        id: "feedbacks",
        heading: "What carries the difference".to_owned(),
        body: html,
    }))
}

fn is_clear(ends: [f64; 3]) -> bool {
    ends[1] > 0.0 || ends[2] < 0.0
}

fn feedback(story: &Story<'_>, metric: Metric, rows: &[&CarriedRow]) -> Drawn<Figure> {
    let definition = metric.definition();
    let times = number::shown_times(definition);
    let both = |[mean, low, high]: [f64; 3]| {
        let interval = low.is_finite().then_some(Interval { low, high });
        number::difference_of(definition, mean, interval)
    };
    let signed = |ends: [f64; 3]| match ends[0].is_finite() {
        true => minus(&both(ends).0),
        false => NOT_APPLICABLE.to_owned(),
    };
    let told = |ends: [f64; 3]| match both(ends).1 {
        Some(interval) => format!("{} ({})", signed(ends), minus(&interval)),
        None => signed(ends),
    };
    let whole = rows[0].whole;
    let mark = |name: &str, ends: [f64; 3]| Mark {
        name: name.to_owned(),
        value: ends[0] * times,
        interval: [ends[1] * times, ends[2] * times],
        label: signed(ends),
    };
    let mut marks = vec![mark("the whole difference", whole)];
    marks.extend(rows.iter().map(|row| mark(&row.cut, row.carried)));
    let all = marks
        .iter()
        .flat_map(|m| [m.value, m.interval[0], m.interval[1], 0.0]);
    let [low, high] = scale::range(all).unwrap_or([-1.0, 1.0]);
    let range = [low.min(0.0), high.max(0.0)];
    let id = format!("feedback-{}", definition.key.replace('_', "-"));
    let parts: Vec<String> = marks
        .iter()
        .map(|m| format!("{} {}", m.name, m.label))
        .collect();
    let alt = alt(
        format!("{id}-1"),
        format!(
            "{}: what each feedback carries of the difference",
            metric.label()
        ),
        format!("{}.", parts.join("; ")),
    );
    let svg = rows::intervals(&marks, range, true, &alt)?;
    let carriers = rows
        .iter()
        .filter(|row| row.cut != "all of them" && is_clear(row.carried));
    let most = carriers.fold(None, |most: Option<&&CarriedRow>, row| match most {
        Some(most) if most.carried[0].abs() >= row.carried[0].abs() => Some(most),
        _ => Some(row),
    });
    let finding = match (is_clear(whole), most) {
        (false, _) => format!(
            "{}: no clear difference that a feedback could carry",
            metric.label()
        ),
        (true, Some(row)) => format!(
            "{}: of a difference of {}, \u{201c}{}\u{201d} carries {}",
            metric.label(),
            signed(whole),
            row.cut,
            signed(row.carried)
        ),
        (true, None) => format!(
            "{}: no feedback clearly carries any of the difference of {}",
            metric.label(),
            signed(whole)
        ),
    };
    let columns = [
        ("Feedback", Set::Words),
        ("Carries", Set::Numbers),
        ("Left without it", Set::Numbers),
        ("Weakest evidence", Set::Words),
        ("Grade", Set::Words),
    ];
    let caption = format!("{}: what each feedback carries", metric.label());
    let mut table = Table::new(&format!("{id}-table"), &caption, &columns);
    table.row([
        "the whole difference".to_owned(),
        told(whole),
        String::new(),
        String::new(),
        String::new(),
    ]);
    for row in rows {
        table.row([
            row.cut.clone(),
            told(row.carried),
            told(row.left),
            row.weakest_key.clone(),
            row.weakest_grade.clone(),
        ]);
    }
    let unit = number::difference_unit(definition);
    Ok(Figure {
        id,
        finding,
        note: format!(
            "In {}, {unit}, with 95 % intervals.",
            story.month(story.last())
        ),
        panels: vec![Panel {
            heading: metric.label().to_owned(),
            svg,
        }],
        table,
    })
}
