//! The feedbacks that carry a difference.

use crate::metric::catalogue::{CATALOGUE, Metric};
use crate::metric::symbol::NOT_APPLICABLE;
use crate::output::chart::canvas::Drawn;
use crate::output::chart::rows::{self, Mark};
use crate::output::chart::scale;
use crate::output::html::Html;
use crate::output::kept::CarriedRow;
use crate::output::number;
use crate::output::page::figure::{Figure, Panel};
use crate::output::page::shell::Part;
use crate::output::page::table::{Set, Table};
use crate::output::report::story::{Story, alt, minus};
use crate::statistics::interval::Interval;

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
