//! How cases move: the pathway with its flows, and the feedbacks that carry a difference.

use crate::metric::catalogue::Metric;
use crate::metric::layout::Group;
use crate::metric::symbol::NOT_APPLICABLE;
use crate::output::chart::canvas::Drawn;
use crate::output::chart::pathway::{self, Stop, Way};
use crate::output::html::Html;
use crate::output::number;
use crate::output::page::figure::{Figure, Panel};
use crate::output::page::shell::Part;
use crate::output::page::table::{Set, Table};
use crate::output::report::story::{Story, alt, mean};
use crate::scenario::implied::demand::{Demand, demand};

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
    let holds = |stage: usize| {
        let row = story.summary.layout.horizon_row();
        let name = demand.stages.get(stage).map(|s| s.name.as_str());
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
    let note = format!(
        " In each stage stands how many cases were open on average over the whole time under {}.",
        story.name(policy)
    );
    flows(demand, &holds, &note)
}

/// The flows that a scenario implies.
///
/// * `holds` - what is told of open cases in a stage
/// * `note` - what is said of that, from its leading blank on
///
/// # Errors
/// Those of the charts.
pub fn flows(
    demand: &Demand,
    holds: &dyn Fn(usize) -> Option<String>,
    note: &str,
) -> Drawn<Figure> {
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
    // What is left of the flow is what comes back.
    let back = |stage: usize| {
        let inside = ways.iter().filter(|way| way.1 == Some(stage));
        let inside: f64 = inside.map(|way| way.2).sum();
        flow(stage) - inside - demand.stages[stage].referred_per_month
    };
    let stops: Vec<Stop> = demand
        .stages
        .iter()
        .enumerate()
        .map(|(at, stage)| Stop {
            name: stage.name.clone(),
            holds: holds(at).map_or_else(String::new, |cases| format!("{cases} open")),
            comes: comes(stage.referred_per_month, back(at)),
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
    for (at, stage) in demand.stages.iter().enumerate() {
        for (from, flow) in [
            ("referred", stage.referred_per_month),
            ("come back", back(at)),
        ] {
            if flow >= LEAST {
                table.row([from, &stage.name, &format!("{flow:.1}"), NOT_APPLICABLE]);
            }
        }
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
            "Arrows are as wide as the flow that the scenario implies in the long run at full speed.{note}"
        ),
        panels: vec![Panel {
            heading: "The pathway".to_owned(),
            svg,
        }],
        table,
    })
}

/// What comes into a stage from outside, in words; nothing where nothing does.
fn comes(referred: f64, back: f64) -> String {
    match (referred >= LEAST, back >= LEAST) {
        (true, true) => format!("{referred:.1} referred and {back:.1} back a month"),
        (true, false) => format!("{referred:.1} children referred a month"),
        (false, true) => format!("{back:.1} come back a month"),
        (false, false) => String::new(),
    }
}
