//! The items of the pack, filled from a run.

use crate::output::chart::canvas::Drawn;
use crate::output::evidence::answers::Answers;
use crate::output::evidence::tables::{inputs_by_policy, selection, uncertainty, worst_months};
use crate::output::evidence::{common, common::say, model};
use crate::output::html::Html;
use crate::output::manifest::Manifest;
use crate::output::page::shell::Part;
use crate::output::page::table::{Set, Table};
use crate::output::report::story::Story;
use crate::output::report::{answer, behind, bounds, checks, cost, feedback, months, pathway};

/// Every item, in order.
///
/// * `earlier` - the run of the pack that this one replaces, if there is one
///
/// # Errors
/// Those of the charts.
pub(super) fn parts(
    story: &Story<'_>,
    answers: &Answers,
    earlier: Option<&Manifest>,
) -> Drawn<Vec<Part>> {
    common::parts(answers, false, &|html, id| fill(html, id, story, earlier))
}

fn fill(html: &mut Html, id: &str, story: &Story<'_>, earlier: Option<&Manifest>) -> Drawn<()> {
    let manifest = &story.kept.manifest;
    let document = story.kept.document.as_ref();
    let ends = [story.month(0), story.month(story.last())];
    match id {
        "title" => {
            let scenario = &manifest.scenario;
            let names = [&scenario.title, &scenario.name, &manifest.casecap];
            common::title(html, names.map(String::as_str), document, &ends);
        }
        "summary" => {
            html.include(&answer::answer(story).body);
            html.include(&bounds::bounds(story).body);
        }
        "outcomes" => checks::definitions(html),
        "aims" => aims(html, story),
        "picture" => {
            html.include(&pathway::pathway(story)?.body);
            model::loop_in_words(html);
        }
        "process" => model::process(html),
        "concepts" => model::concepts(html, &manifest.run.cut),
        "inputs" => {
            say(
                html,
                "Values as the scenario has them; where a policy varies one, the policies stand beside each other below.",
            );
            checks::assumed(html, &manifest.scenario.evidence);
            inputs_by_policy(html, story);
        }
        "assumptions" => {
            say(
                html,
                "The first table of item 9 has every input that was assumed, not measured. What would change the answer:",
            );
            bounds::list(html, &bounds::would_change(story));
            say(
                html,
                "The ranking of assumptions by their weight in the answer is not part of this run: item 17.",
            );
        }
        "start" => common::start(html, document, story.months.len(), &ends),
        "replications" => checks::run(html, story),
        "results" => {
            html.include(&months::months(story)?.body);
            worst_months(html, story);
            if let Some(part) = cost::targets(story)? {
                html.include(&part.body);
            }
            html.include(&cost::cost(story)?.body);
            html.include(&behind::behind(story)?.body);
        }
        "selection" => selection(html, story),
        "uncertainty" => {
            uncertainty(html, story);
            match feedback::feedbacks(story)? {
                Some(part) => html.include(&part.body),
                None => say(
                    html,
                    "Structure: this run did not play the policies without single feedbacks. casecap explain does, and its pack has \
                     the result here.",
                ),
            }
        }
        "sensitivity" => say(
            html,
            "Not answered by this run: it holds the inputs at their values, or draws them all together. No index of sensitivity \
             was computed.",
        ),
        "limits" => common::limits(html, document, &ends),
        "assurance" => common::assurance(html, document),
        "reproduction" => reproduction(html, story),
        "changes" => common::changes(
            html,
            earlier.map(|earlier| {
                let mut told = manifest.differences(earlier);
                told.extend(common::changed(&manifest.files, &earlier.files));
                told
            }),
        ),
        // The decision, and whom it touches, are for a person alone.
        _ => {}
    }
    Ok(())
}

fn aims(html: &mut Html, story: &Story<'_>) {
    let aim = match story.baseline() {
        Some(baseline) => format!(
            "To estimate what each policy changes against {}, on the same luck.",
            story.name(baseline)
        ),
        None => "To estimate what follows from each policy.".to_owned(),
    };
    say(
        html,
        &format!("{aim} No design was swept and nothing was optimised."),
    );
    let columns = [
        ("Policy", Set::Words),
        ("In the scenario's words", Set::Words),
    ];
    let mut table = Table::new("aims-policies", "Policies", &columns);
    let document = story.kept.document.as_ref();
    for policy in &story.policies {
        let name = story.plain(*policy);
        let policies = document.map_or(&[][..], |d| &d.scenario().policies);
        let found = policies.iter().find(|p| p.name == name);
        let words = found.and_then(|p| p.description.clone());
        table.row([name, words.unwrap_or_else(|| "not described".to_owned())]);
    }
    table.write(html);
}

fn reproduction(html: &mut Html, story: &Story<'_>) {
    checks::repeat_run(html, story);
    let run = &story.kept.manifest.run;
    common::machine(html, &run.generator, Some(run.threads));
    say(
        html,
        "casecap verify with the folder of the run plays it again from its manifest alone, and compares every file.",
    );
}
