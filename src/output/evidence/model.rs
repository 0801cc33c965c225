//! What the model is, in words: for the items of the pack that every run answers alike.

use crate::output::html::Html;
use crate::policy::arrow::{ARROW_NAMES, ARROWS};

/// Entities and their states.
const ENTITIES: [(&str, &str); 6] = [
    (
        "Case",
        "one open child: stage of its pathway, team, worker or none, what is left of each clock of the stage, need so far unmet",
    ),
    (
        "Family",
        "children referred together; brothers and sisters keep one worker where the policy lets them",
    ),
    (
        "Worker",
        "one person: team, grade, hours, months in post, cases held, strain, frailty, absent or not, under notice or not",
    ),
    (
        "Post",
        "an established place that a worker, an agency worker or nobody fills; vacancies are filled after a drawn time",
    ),
    (
        "Team",
        "takes some stages in one area; has a waiting list and the choices of the policy",
    ),
    (
        "Policy",
        "limit and its measure, who is asked first, what is never left waiting, patience, thresholds, relief, posts by date",
    ),
];

/// The order in which things that fall on one instant happen.
const ORDER: &str = "Time is continuous, in days; the calendar has working days and months. Things that fall on one instant happen \
    in a fixed order: month end, dated changes of policy and staff, exits from stages, ends of handovers, absences, leaving and \
    starting, steps of growth, the manager's look at figures, referrals, ends of patience, meetings; within a kind by post and \
    by case number. At the end of the instant what waits is given out in the order of the list.";

/// How a case goes through the service.
const FLOW: &str = "Families are referred by a Poisson process by season and trend, or from a list. A case works through the stages \
    of its pathway; each stage ends by being worked, or by a risk that need without time may hasten. A closed case may \
    return. A case without a worker waits on its team's list: those past their time limit first, then by priority, then \
    by time. Whoever is asked first in the order of the policy and has room under the limit takes it.";

/// How staff are lost and won.
const STAFF: &str = "A worker whose cases need more hours than there are works overtime, then gives each family less, then slows \
    down. Pressure above the onset builds strain, which fades with its own time constant; strain with a person's frailty \
    raises the hazards of leaving and of absence. A leaver's cases go back to the list. Vacancies are filled after a time \
    that may depend on the load; agency workers cover some.";

/// What emerges and what is imposed.
const CONCEPTS: &str = "Imposed: referrals, durations of work, the pathway, the laws of absence, leaving and filling, the rules of the \
    policy. Emerging: caseloads, waiting lists, unmet need, strain, burnout, leaving above its base, changes of worker. \
    Nobody in the model learns or foresees; workers and managers follow the policy. Chance: every draw belongs to a \
    person or an event and not to a policy, so that policies meet the same families, workers and luck.";

/// The staff loop, as a description of the picture.
pub(super) fn loop_in_words(html: &mut Html) {
    html.words("h3", &[], "The loop of staff");
    html.words("p", &[], STAFF);
}

/// Entities, and the order of events.
pub(super) fn process(html: &mut Html) {
    html.element("dl", &[], |html| {
        for (what, is) in ENTITIES {
            html.words("dt", &[], what);
            html.words("dd", &[], is);
        }
    });
    html.words("p", &[], FLOW);
    html.words("p", &[], STAFF);
    html.words("p", &[], ORDER);
}

/// Design concepts, and which feedbacks act.
///
/// * `cut` - names of those that were cut
pub(super) fn concepts(html: &mut Html, cut: &[String]) {
    html.words("p", &[], CONCEPTS);
    html.words(
        "p",
        &[],
        "Feedbacks from load back to load; how strong each is, the inputs say:",
    );
    html.element("ul", &[], |html| {
        for name in ARROW_NAMES.iter().take(ARROWS.len()) {
            let acts = match cut.iter().any(|c| c == name) {
                true => "cut in this run",
                false => "not cut",
            };
            html.words("li", &[], &format!("{name}: {acts}"));
        }
    });
}
