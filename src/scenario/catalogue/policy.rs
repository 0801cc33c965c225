//! The keys of a policy.
//!
//! What may change on a date, and what a team may have of its own, are the same keys as those of the
//! policy itself: each is written down once, and stands in every section that has it.

use super::{LONGEST_DAYS, SHARE, from, key, named, plain, preset, section};
use crate::policy::arrow::ARROW_NAMES;
use crate::scenario::key::{Key, Kind, Measure, Need, Of, OneOf, Rest, Section};

use Kind::{
    Choice, Date, Duration, Either, Flag, Law, List, Name, Names, Number, Table, Text, Whole,
    WorkingDays,
};
use Need::{Assumed, Optional, PresetBeside, Required};

/// Words for when cases are given out.
pub const MEETINGS: &[&str] = &[
    "at once",
    "daily",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
];

const CASES: Kind = Number(from(0.0, 1e7, "cases"));

static LIMIT_TABLE: Kind = Table(&LIMIT);
static ALLOCATION_TABLE: Kind = Table(&ALLOCATION);
static HELD_TABLE: Kind = Table(&HELD);

const WITHOUT: Key = key(
    "without",
    List(&Text),
    Optional,
    "Inherited choices to drop, such as \"limit\"",
);

const LIMIT_OF_WORKER: Key = key(
    "limit",
    Either(&Number(from(0.0, 1e6, "cases")), &LIMIT_TABLE),
    Optional,
    "Most cases of a full-time worker, or a table that says more; without it no limit",
);

const NEVER_QUEUE: Key = key(
    "never_queue",
    Names(Of::Stage),
    Optional,
    "Stages that are given out at once, with their siblings, whatever the limit",
);

const WHO_IS_GIVEN: Key = key(
    "allocation",
    Either(&Choice(ALLOCATIONS), &ALLOCATION_TABLE),
    plain("\"least-loaded\""),
    "Who is given a case",
);

const MAY_DECLINE: Key = key(
    "discussion",
    Table(&DISCUSSION),
    Optional,
    "The worker asked may decline; needs a meeting; without it cases are put on the desk",
);

const WHO_WAITS_FIRST: Key = key("order", Table(&ORDER), Assumed, "Who waits first in line");

const LEND_AFTER: Key = key(
    "lend_after",
    WorkingDays,
    Optional,
    "Wait after which any team that takes the stage may be given a case; without it never",
);

const WHEN_GIVEN_OUT: Key = key(
    "meeting",
    Choice(MEETINGS),
    plain("\"at once\""),
    "When cases are given out: at once, each working day, or weekly on a day",
);

const MANAGER_HOLDS: Key = key(
    "manager_holds",
    Either(&Whole(0, 10_000), &HELD_TABLE),
    Optional,
    "Units at the head of the waiting list that each manager holds; needs [managers]; without it none",
);

const THRESHOLD: Key = key(
    "threshold",
    Table(&TURNED_AWAY),
    Optional,
    "While many wait, a share of new referrals is screened out; without it none is",
);

const RELIEF: Key = key(
    "relief",
    Table(&EXTRA_HELP),
    Optional,
    "Agency workers who come while many wait long; without it none",
);

const MONITORING: Key = key(
    "monitoring",
    Either(&Duration(LONGEST_DAYS), &Choice(&["live"])),
    plain("\"live\""),
    "How often the figures are refreshed that suspended_when, threshold and relief look at: \"live\", or whole days",
);

const TEAMS: Key = key(
    "teams",
    Table(&OWN_CHOICES),
    Optional,
    "Own choices of a team, by its name: what they say differs from those of the policy",
);

/// All policies, by name.
pub static POLICIES: Section = named("policy", Table(&POLICY));

/// A cap policy.
pub static POLICY: Section = section(&[
    key("description", Text, Optional, "What it stands for"),
    key(
        "like",
        Text,
        Optional,
        "Another policy that this one starts from",
    ),
    WITHOUT,
    LIMIT_OF_WORKER,
    NEVER_QUEUE,
    WHEN_GIVEN_OUT,
    WHO_WAITS_FIRST,
    WHO_IS_GIVEN,
    MAY_DECLINE,
    LEND_AFTER,
    MANAGER_HOLDS,
    THRESHOLD,
    RELIEF,
    MONITORING,
    TEAMS,
    key(
        "change",
        List(&Table(&CHANGE)),
        Optional,
        "What changes on dates, in their order; each says only what differs from before",
    ),
    key(
        "staffing",
        List(&Table(&STAFFING)),
        Optional,
        "What changes in the staff on dates",
    ),
    key(
        "cut",
        List(&Choice(ARROW_NAMES)),
        Optional,
        "Feedbacks that are cut, to see what they carry",
    ),
]);

/// What a policy changes on a date.
pub static CHANGE: Section = Section {
    is_overlay: true,
    ..section(&[
        key("from", Date, Required, "First day on which it holds"),
        WITHOUT,
        LIMIT_OF_WORKER,
        NEVER_QUEUE,
        WHEN_GIVEN_OUT,
        WHO_WAITS_FIRST,
        WHO_IS_GIVEN,
        MAY_DECLINE,
        LEND_AFTER,
        MANAGER_HOLDS,
        THRESHOLD,
        RELIEF,
        MONITORING,
        TEAMS,
    ])
};

/// What a team may have of its own.
pub static TEAM_CHOICES: Section = Section {
    is_overlay: true,
    ..section(&[
        WITHOUT,
        LIMIT_OF_WORKER,
        NEVER_QUEUE,
        WHO_WAITS_FIRST,
        WHO_IS_GIVEN,
        MAY_DECLINE,
        LEND_AFTER,
    ])
};

static OWN_CHOICES: Section = Section {
    rest: Some(Rest {
        kind: Table(&TEAM_CHOICES),
        of: Some(Of::Team),
        what: "team",
    }),
    sourced: false,
    ..section(&[])
};

const PER: Key = key(
    "per",
    Choice(&["service", "team"]),
    plain("\"service\""),
    "Whether the service as a whole is counted, or each team for itself",
);

static LIMIT: Section = Section {
    short: Some("value"),
    one_of: &[OneOf {
        keys: &["value", "by_grade"],
        required: false,
    }],
    ..section(&[
        key(
            "value",
            Number(from(0.0, 1e6, "")),
            Optional,
            "For a full-time worker; times contract and ramp; in hours a workload ratio",
        ),
        key(
            "by_grade",
            Table(&BY_GRADE),
            Optional,
            "For a full-time worker of each grade; times contract only; a grade left out has none",
        ),
        key(
            "measure",
            Choice(&["cases", "families", "points", "hours"]),
            plain("\"cases\""),
            "What the limit counts: points are the weights of the stages, hours the workload ratio",
        ),
        key(
            "level",
            Choice(&["worker", "team-mean", "service-mean"]),
            plain("\"worker\""),
            "Whose load is held against it; under a mean a worker may go over while the mean is under",
        ),
        key(
            "mix",
            List(&Table(&MIX)),
            Optional,
            "Limits on some stages within it",
        ),
        key(
            "patience",
            Law(Measure::Days),
            Optional,
            "How long a unit that nobody may take waits before it is given out regardless; without it for ever",
        ),
        key(
            "tolerates",
            Either(&CASES, &Table(&TOLERATES)),
            Optional,
            "Most unallocated cases that the manager tolerates; above it the longest unallocated are given out regardless; without it any number",
        ),
        key(
            "family_overshoot",
            Number(from(0.0, 1e6, "")),
            Optional,
            "By how much a family may pass the limit to stay together; without it by what its children after the first add",
        ),
        key(
            "split_after",
            WorkingDays,
            PresetBeside(
                "family_overshoot",
                super::Preset {
                    value: "\"10 working days\"",
                    source: "Assumption",
                    grade: "D",
                },
            ),
            "Wait after which a family that has fitted nobody is split, with family_overshoot",
        ),
        key(
            "suspended_when",
            Table(&SUSPENDED),
            Optional,
            "The limit lapses while many posts are vacant; without it never",
        ),
    ])
};

static BY_GRADE: Section = Section {
    rest: Some(Rest {
        kind: Number(from(0.0, 1e6, "")),
        of: Some(Of::Grade),
        what: "grade",
    }),
    sourced: false,
    ..section(&[])
};

static MIX: Section = Section {
    one_of: &[OneOf {
        keys: &["most", "share_of_points"],
        required: true,
    }],
    ..section(&[
        key(
            "stages",
            Names(Of::Stage),
            Required,
            "Stages that are counted together",
        ),
        key(
            "most",
            CASES,
            Optional,
            "Most cases in them of a full-time worker; times contract, and ramp where the limit is",
        ),
        key(
            "share_of_points",
            Number(SHARE),
            Optional,
            "Largest share of the worker's own limit in points",
        ),
    ])
};

static TOLERATES: Section = Section {
    short: Some("cases"),
    ..section(&[
        key("cases", CASES, Required, "Most that are tolerated"),
        PER,
    ])
};

static SUSPENDED: Section = section(&[
    key(
        "vacancy_above",
        Number(SHARE),
        Required,
        "Share of posts without a permanent worker above which the limit lapses",
    ),
    key(
        "until_below",
        Number(SHARE),
        Optional,
        "Share below which it holds again; without it as soon as it is no longer above",
    ),
    PER,
]);

/// Ways to choose the worker.
const ALLOCATIONS: &[&str] = &[
    "least-loaded",
    "round-robin",
    "random",
    "matched",
    "perceived",
];

static ALLOCATION: Section = Section {
    short: Some("choice"),
    one_of: &[OneOf {
        keys: &["by", "heavy_from", "error"],
        required: false,
    }],
    ..section(&[
        key(
            "choice",
            Choice(ALLOCATIONS),
            plain("\"least-loaded\""),
            "How the worker is chosen",
        ),
        key(
            "by",
            Choice(&["cases", "points"]),
            plain("\"cases\""),
            "What counts as load where the policy has no limit, with least-loaded",
        ),
        key(
            "heavy_from",
            Number(from(0.0, 1e4, "points")),
            Optional,
            "Weight from which a stage is given to the longest in post, with matched; without it the greatest of all",
        ),
        key(
            "error",
            Number(from(0.0, 10.0, "")),
            Optional,
            "Standard deviation of the logarithm of the load as it is seen, with perceived",
        ),
    ])
};

static DISCUSSION: Section = section(&[
    key(
        "from",
        Number(from(0.0, 100.0, "")),
        Required,
        "Workload ratio up to which nobody declines",
    ),
    key(
        "to",
        Number(from(0.0, 100.0, "")),
        Required,
        "Workload ratio from which everybody does",
    ),
]);

static ORDER: Section = section(&[
    key(
        "transfers_first",
        Flag,
        plain("true"),
        "Whether cases that have had a worker go before new ones of the same priority",
    ),
    key(
        "rises_after",
        Either(&Duration(LONGEST_DAYS), &WorkingDays),
        Optional,
        "Wait after which a unit rises to the top, whatever its priority: in calendar days or working days",
    ),
]);

static HELD: Section = Section {
    short: Some("units"),
    ..section(&[
        key(
            "units",
            Whole(0, 10_000),
            Required,
            "Units for each manager",
        ),
        key(
            "speed",
            Number(SHARE),
            preset("0", "A manager keeps a case by name only, assumption", "D"),
            "Speed of the work, and share of the need that is met",
        ),
        PER,
    ])
};

static TURNED_AWAY: Section = section(&[
    key(
        "waiting_above",
        CASES,
        Required,
        "Cases without a worker above which it begins",
    ),
    key(
        "until_below",
        CASES,
        Optional,
        "Cases below which it ends; without it as soon as no more than that wait",
    ),
    key(
        "screened_out",
        Number(SHARE),
        Required,
        "Share of families that is screened out meanwhile",
    ),
    key(
        "returns",
        Flag,
        plain("true"),
        "Whether families that come back, closed or screened out before, are screened too",
    ),
    key(
        "comes_back",
        Table(&COMES_BACK),
        Optional,
        "Those screened out who come again; without it nobody does",
    ),
    PER,
]);

static COMES_BACK: Section = section(&[
    key(
        "share",
        Number(SHARE),
        Required,
        "Share of those screened out",
    ),
    key(
        "delay",
        Law(Measure::Days),
        Required,
        "From being screened out to coming again",
    ),
    key(
        "stage",
        Name(Of::Stage),
        Required,
        "Stage at which they come",
    ),
]);

static EXTRA_HELP: Section = section(&[
    key("workers", Whole(1, 1_000_000), Required, "How many come"),
    key(
        "grade",
        Name(Of::Grade),
        Optional,
        "Their grade; without it that of the agency",
    ),
    key(
        "above",
        CASES,
        Required,
        "They are sent for when more cases than this have each waited so long",
    ),
    key(
        "waited",
        Duration(LONGEST_DAYS),
        Required,
        "How long that is",
    ),
    key(
        "lead",
        Duration(LONGEST_DAYS),
        Required,
        "From being sent for to their first day",
    ),
    key(
        "until_below",
        CASES,
        Required,
        "They go when fewer cases than this wait; at most one more than `above`",
    ),
    key(
        "per",
        Choice(&["service", "team"]),
        plain("\"service\""),
        "Whether the service sends for them, or each team for itself",
    ),
]);

static STAFFING: Section = section(&[
    key("from", Date, Required, "First day on which it holds"),
    key(
        "until",
        Date,
        Optional,
        "First day on which it holds no more; without it it holds for good; not with add or take",
    ),
    key(
        "team",
        Name(Of::Team),
        Optional,
        "Of which team; without it of all; needed to add posts where there are several",
    ),
    key(
        "grade",
        Name(Of::Grade),
        Optional,
        "Of which grade; without it of all; needed to add posts where several have posts",
    ),
    key("add", Whole(1, 1_000_000), Optional, "Posts that are added"),
    key(
        "filled",
        Whole(0, 1_000_000),
        PresetBeside(
            "add",
            super::Preset {
                value: "0",
                source: "",
                grade: "",
            },
        ),
        "How many of the added have a worker from the first day",
    ),
    key(
        "take",
        Whole(1, 1_000_000),
        Optional,
        "Posts that are taken: vacancies first, then as people leave",
    ),
    key(
        "freeze",
        Flag,
        plain("false"),
        "Whether no vacancy is filled",
    ),
    key(
        "direct_share",
        Number(SHARE),
        Optional,
        "Share of the contract for direct work, instead of the grade's",
    ),
    key(
        "leaving_times",
        Number(from(0.0, 1000.0, "")),
        Optional,
        "Multiplier of the hazard of leaving",
    ),
    key(
        "time_to_fill",
        Law(Measure::Days),
        Optional,
        "Another time to fill, in the whole service; needs [recruitment]",
    ),
    key(
        "handover",
        Duration(LONGEST_DAYS),
        Optional,
        "Another handover, in the whole service",
    ),
]);
