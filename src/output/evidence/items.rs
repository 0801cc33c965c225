//! The items of an evidence pack, and where the reporting standards ask for each.

/// Who fills an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// The program, from the run.
    Run,
    /// A person.
    Person,
    /// The program, and a person what it cannot know.
    Both,
}

impl Fill {
    /// As the pack says it.
    pub fn words(self) -> &'static str {
        match self {
            Fill::Run => "from the run",
            Fill::Person => "by a person",
            Fill::Both => "from the run, and by a person",
        }
    }
}

/// An item of the pack.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// A name of letters alone, for links and for the file of answers.
    pub id: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Who fills it.
    pub fill: Fill,
    /// What a person is asked, each with a key of its own.
    pub prompts: &'static [(&'static str, &'static str)],
    /// What the standards ask it for.
    pub serves: &'static str,
}

const fn item(
    id: &'static str,
    title: &'static str,
    fill: Fill,
    prompts: &'static [(&'static str, &'static str)],
    serves: &'static str,
) -> Item {
    Item {
        id,
        title,
        fill,
        prompts,
        serves,
    }
}

/// The items, in order; the first is number 1.
pub const ITEMS: [Item; 26] = [
    item(
        "title",
        "Title, version, date and status",
        Fill::Both,
        &[
            ("status", "Status: draft, assured or approved"),
            ("version", "Version of this pack"),
            ("date", "Date of this version"),
            ("contact", "Contact for questions"),
            (
                "licence",
                "Licence under which the pack may be used, and how to cite it",
            ),
        ],
        "AQuA, ISPOR",
    ),
    item(
        "summary",
        "Summary in plain words",
        Fill::Both,
        &[(
            "signed_off",
            "Who has read the summary and signs it off, and when",
        )],
        "ISPOR, AQuA",
    ),
    item(
        "context",
        "Decision context",
        Fill::Person,
        &[
            ("decision", "Which decision the results are to inform"),
            ("users", "Who is to use them, and who commissioned them"),
            (
                "domain",
                "Services and time for which the results may be used",
            ),
            ("funding", "Who paid"),
            ("conflicts", "Conflicts of interest"),
        ],
        "ISPOR, TRACE, STRESS",
    ),
    item("outcomes", "Outcomes", Fill::Run, &[], "STRESS"),
    item("aims", "Aims of the experiment", Fill::Run, &[], "STRESS"),
    item(
        "picture",
        "Picture of the model",
        Fill::Run,
        &[],
        "STRESS, ODD",
    ),
    item(
        "process",
        "Entities, states, and the order of events",
        Fill::Run,
        &[],
        "STRESS, ODD",
    ),
    item(
        "concepts",
        "Design concepts",
        Fill::Both,
        &[(
            "patterns",
            "Patterns of the real service that the model was chosen to show",
        )],
        "ODD",
    ),
    item(
        "inputs",
        "Inputs",
        Fill::Both,
        &[(
            "owners",
            "Who owns each source, its sample size, and who checked that the value is the source's",
        )],
        "STRESS, AQuA",
    ),
    item(
        "processing",
        "Processing of data",
        Fill::Both,
        &[(
            "log",
            "What was done to data before it became an input: exclusions, missing values, mappings",
        )],
        "STRESS",
    ),
    item(
        "assumptions",
        "Assumptions and decisions",
        Fill::Both,
        &[(
            "rationale",
            "Why the assumptions that matter most are held to be reasonable, and who decided",
        )],
        "STRESS, AQuA",
    ),
    item(
        "start",
        "Start, warm-up and horizon",
        Fill::Run,
        &[],
        "STRESS, ODD",
    ),
    item(
        "replications",
        "Replications and stopping",
        Fill::Run,
        &[],
        "STRESS",
    ),
    item("results", "Results", Fill::Run, &[], "STRESS, AQuA"),
    item(
        "selection",
        "Statement on selection",
        Fill::Run,
        &[],
        "STRESS",
    ),
    item(
        "uncertainty",
        "Where the uncertainty comes from",
        Fill::Run,
        &[],
        "AQuA, ISPOR",
    ),
    item("sensitivity", "Sensitivity", Fill::Run, &[], "TRACE, AQuA"),
    item(
        "verification",
        "Verification of the program",
        Fill::Run,
        &[],
        "ISPOR, TRACE",
    ),
    item(
        "validation",
        "Validation of the model",
        Fill::Both,
        &[
            (
                "face",
                "Face validity: who who knows the service looked at the model and its results, and when",
            ),
            ("external", "Fit to data that were not used for the inputs"),
            ("predictive", "Comparison with what happened afterwards"),
        ],
        "ISPOR, TRACE",
    ),
    item(
        "limits",
        "Limits",
        Fill::Both,
        &[("local", "What of this service the model leaves out")],
        "AQuA, ISPOR",
    ),
    item(
        "equality",
        "Ethics and equality",
        Fill::Person,
        &[
            (
                "groups",
                "Which groups of families and workers are affected, and how differently",
            ),
            (
                "misuse",
                "How the results could be misused, and what is done against it",
            ),
            (
                "real_people",
                "Whether any input is a count of few real people, and what was suppressed",
            ),
        ],
        "AQuA",
    ),
    item(
        "assurance",
        "Quality assurance",
        Fill::Both,
        &[
            ("analyst", "Analyst"),
            (
                "assurer",
                "Assurer, and what was checked, when, with what result",
            ),
            ("approver", "Approver, and the statement of assurance"),
        ],
        "AQuA",
    ),
    item("reproduction", "Reproduction", Fill::Run, &[], "STRESS"),
    item(
        "changes",
        "Changes since the last pack",
        Fill::Run,
        &[],
        "AQuA",
    ),
    item("data", "Data and dictionary", Fill::Run, &[], "STRESS"),
    item("index", "Index of checklists", Fill::Run, &[], "all"),
];

/// One line of a standard's checklist, and the items that answer it, by number.
pub type Line = (&'static str, &'static str, &'static [usize]);

/// A standard, how it is cited, and its lines.
pub struct Checklist {
    /// Its short name.
    pub name: &'static str,
    /// Where it is published.
    pub source: &'static str,
    /// Its lines, in its order and in our words.
    pub lines: &'static [Line],
}

/// The checklists of the index. Their lines are told in our words: whoever claims to conform checks the current text.
pub const CHECKLISTS: [Checklist; 4] = [
    Checklist {
        name: "STRESS-DES",
        source: "Monks and others, Journal of Simulation 13(1), 2019",
        lines: &[
            ("1.1", "Purpose of the model", &[3]),
            ("1.2", "Outputs of the model", &[4]),
            ("1.3", "Aims of the experiment", &[5, 15]),
            ("2.1", "Overview as a diagram", &[6]),
            ("2.2", "Logic of the base model", &[7]),
            ("2.3", "Logic of the scenarios", &[5, 7]),
            ("2.4", "Algorithms", &[7, 8]),
            (
                "2.5",
                "Entities, activities, resources, queues, entry and exit",
                &[7],
            ),
            ("3.1", "Sources of data", &[9]),
            ("3.2", "Processing of data", &[10]),
            ("3.3", "Input parameters", &[9]),
            ("3.4", "Assumptions", &[11]),
            ("4.1", "Initial state", &[12]),
            ("4.2", "Run length", &[12]),
            ("4.3", "Estimation", &[13]),
            ("5.1", "Software", &[23]),
            ("5.2", "Random sampling", &[13, 23]),
            ("5.3", "Execution of the model", &[7, 23]),
            ("5.4", "System", &[23]),
            ("6.1", "Sharing of the model", &[23, 25]),
        ],
    },
    Checklist {
        name: "ISPOR-SMDM Task Force 7",
        source: "Eddy and others, Medical Decision Making 32(5), 2012",
        lines: &[
            (
                "T1",
                "Description for any interested reader: model, funding, structure, inputs, outputs, limits",
                &[1, 2, 3, 20],
            ),
            (
                "T2",
                "Technical description, enough to repeat it",
                &[7, 9, 23],
            ),
            ("V1", "Face validity", &[19]),
            ("V2", "Internal validity: verification", &[18]),
            ("V3", "Cross validity: other models", &[19]),
            ("V4", "External validity", &[19]),
            ("V5", "Predictive validity", &[19]),
        ],
    },
    Checklist {
        name: "TRACE",
        source: "Grimm and others, Ecological Modelling 280, 2014",
        lines: &[
            ("1", "Formulation of the problem", &[3]),
            ("2", "Description of the model", &[6, 7]),
            ("3", "Evaluation of the data", &[9, 10]),
            ("4", "Evaluation of the concepts", &[8, 11]),
            ("5", "Verification of the implementation", &[18]),
            ("6", "Verification of the output", &[18, 19]),
            ("7", "Analysis of the model", &[16, 17]),
            ("8", "Corroboration of the output", &[19]),
        ],
    },
    Checklist {
        name: "ODD 2020",
        source: "Grimm and others, JASSS 23(2) 7, 2020",
        lines: &[
            ("1", "Purpose and patterns", &[3, 8]),
            ("2", "Entities, state variables and scales", &[7]),
            ("3", "Process overview and scheduling", &[6, 7]),
            ("4", "Design concepts", &[8]),
            ("5", "Initialisation", &[12]),
            ("6", "Input data", &[9, 10]),
            ("7", "Submodels", &[7]),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_prompts_stand_where_a_person_is_asked_and_lists_point_to_items() {
        for (at, item) in ITEMS.iter().enumerate() {
            assert!(item.id.chars().all(|c| c.is_ascii_lowercase()));
            assert!(ITEMS[..at].iter().all(|other| other.id != item.id));
            assert_eq!(
                item.prompts.is_empty(),
                item.fill == Fill::Run,
                "{}",
                item.id
            );
        }
        for line in CHECKLISTS.iter().flat_map(|list| list.lines) {
            assert!(!line.2.is_empty());
            assert!(line.2.iter().all(|item| (1..=ITEMS.len()).contains(item)));
        }
    }
}
