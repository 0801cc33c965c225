//! Every key of a scenario file, with its kind, its help and what holds without it.
//!
//! This one catalogue drives reading, the search for misspelt keys and the JSON Schema, so that they
//! cannot drift apart. Letters in square brackets are sources, listed in the README.

pub mod policy;

use crate::scenario::catalogue::policy::POLICIES;
use crate::scenario::key::{Bounds, Key, Kind, Measure, Need, Of, OneOf, Preset, Rest, Section};

use Kind::{
    Choice, Date, Duration, Either, Flag, Law, List, Name, Names, Number, Shares, Text, Whole,
    WorkingDays,
};
use Need::{Assumed, Optional, Required};

/// Longest time that a file may name [days]: a hundred years.
pub const LONGEST_DAYS: f64 = 36_525.0;

/// Highest cap on a hazard [per year]: the engine's field of points reaches to about 4 million a year, so that every
/// hazard below this cap acts in full.
const HAZARD_MAX: f64 = 1e6;

const SHARE: Bounds = from(0.0, 1.0, "");
const PER_YEAR: Bounds = from(0.0, 1000.0, "a year");
const MONEY: Bounds = from(0.0, 1e9, "");
const HOURS: Bounds = from(0.0, 168.0, "hours a week");

const fn from(low: f64, high: f64, unit: &'static str) -> Bounds {
    Bounds {
        low,
        above: false,
        high,
        unit,
    }
}

const fn above(low: f64, high: f64, unit: &'static str) -> Bounds {
    Bounds {
        low,
        above: true,
        high,
        unit,
    }
}

const fn key(name: &'static str, kind: Kind, need: Need, help: &'static str) -> Key {
    Key {
        name,
        kind,
        need,
        help,
    }
}

const fn preset(value: &'static str, source: &'static str, grade: &'static str) -> Need {
    Need::Preset(Preset {
        value,
        source,
        grade,
    })
}

/// A choice of the model itself: nothing is claimed about the world.
const fn plain(value: &'static str) -> Need {
    preset(value, "", "")
}

const fn section(keys: &'static [Key]) -> Section {
    Section {
        keys,
        rest: None,
        one_of: &[],
        sourced: true,
        short: None,
        is_overlay: false,
    }
}

const fn named(what: &'static str, kind: Kind) -> Section {
    Section {
        keys: &[],
        rest: Some(Rest {
            kind,
            of: None,
            what,
        }),
        one_of: &[],
        sourced: false,
        short: None,
        is_overlay: false,
    }
}

/// The whole file.
pub static FILE: Section = Section {
    keys: &[
        key(
            "like",
            Text,
            Optional,
            "Another scenario file that this one starts from; tables merge key by key, everything else is replaced",
        ),
        key(
            "without",
            List(&Text),
            Optional,
            "Inherited keys to drop, such as \"policies.no limit\"",
        ),
        key("title", Text, Optional, "One line that says what is played"),
        key("description", Text, Optional, "More words"),
        key(
            "start",
            Date,
            Required,
            "First day that is reported; the first of a month",
        ),
        key(
            "months",
            Whole(1, 1200),
            Required,
            "Calendar months that are reported",
        ),
        key(
            "warm_up_months",
            Whole(0, 1200),
            plain("0"),
            "Months played before the start, under the first policy, and not reported",
        ),
        key(
            "full_time_hours_per_week",
            Number(above(0.0, 168.0, "hours a week")),
            preset("37", "Contract of a full-time worker [N1]", "C"),
            "Contract of a full-time worker",
        ),
        key(
            "handover",
            Duration(LONGEST_DAYS),
            plain("\"0 days\""),
            "Time without progress on a case after a change of worker",
        ),
        key(
            "guideline",
            Number(above(0.0, 1e5, "cases")),
            Optional,
            "Cases a full-time worker that caseloads are compared with, whatever the policy",
        ),
        key(
            "holidays",
            List(&Date),
            Optional,
            "Days that are no working days, besides Saturdays and Sundays",
        ),
        key(
            "closed_lately_per_month",
            Number(from(0.0, 1e7, "children a month")),
            Optional,
            "Children closed a month before the start, who still owe their returns",
        ),
        key(
            "waiting_mark",
            WorkingDays,
            plain("\"10 working days\""),
            "Wait after which a referral counts as still waiting",
        ),
        key(
            "staff_at_start",
            Choice(&["settled", "fresh"]),
            plain("\"settled\""),
            "How people in post are found on the first day: settled (some absent or under notice, strain at the level of the opening workload, as in a service long under way) or fresh (all at work, none under notice, no strain)",
        ),
        key(
            "run",
            Kind::Table(&RUN),
            Assumed,
            "What is run unless the command line says otherwise",
        ),
        key(
            "referrals",
            Kind::Table(&REFERRALS),
            Required,
            "Families that come to the service",
        ),
        key(
            "stages",
            Kind::Table(&STAGES),
            Required,
            "The stages of a case's pathway, by name",
        ),
        key(
            "areas",
            Shares(Of::NewArea),
            Optional,
            "Areas and their shares of the referrals; without them there is one",
        ),
        key(
            "teams",
            Kind::Table(&TEAMS),
            Optional,
            "Teams, by name; without them each area has one that takes every stage",
        ),
        key(
            "grades",
            Kind::Table(&GRADES),
            Required,
            "Grades of worker, by name",
        ),
        key(
            "posts",
            List(&Kind::Table(&POSTS)),
            Optional,
            "Groups of posts of one grade in one team",
        ),
        key(
            "opening",
            Kind::Table(&OPENING),
            Optional,
            "Cases open at the start of the play; without it there are none",
        ),
        key(
            "return",
            Kind::Table(&RETURN),
            Optional,
            "How closed cases come back; without it none does",
        ),
        key(
            "absence",
            Kind::Table(&ABSENCE),
            Optional,
            "Sickness; without it nobody is ever sick",
        ),
        key(
            "recruitment",
            Kind::Table(&RECRUITMENT),
            Optional,
            "How vacancies are filled; without it they stay empty",
        ),
        key(
            "agency",
            Kind::Table(&AGENCY),
            Optional,
            "Agency cover of vacancies; without it there is none",
        ),
        key(
            "strain",
            Kind::Table(&STRAIN),
            Assumed,
            "From workload to fatigue, leaving and absence",
        ),
        key(
            "overload",
            Kind::Table(&OVERLOAD),
            Assumed,
            "What overload does to the work",
        ),
        key(
            "managers",
            Kind::Table(&MANAGERS),
            Optional,
            "Managers and their time for supervision",
        ),
        key(
            "cost",
            Kind::Table(&COST),
            Optional,
            "Prices; without them cost is not reported",
        ),
        key(
            "policies",
            Kind::Table(&POLICIES),
            Optional,
            "Cap policies, by name; without any there is one, \"no limit\"",
        ),
        key(
            "targets",
            List(&Kind::Target),
            Optional,
            "What is to be reached, such as \"caseload_mean < 20 at 2019-03-31\"",
        ),
        key(
            "evidence",
            Kind::Table(&EVIDENCE),
            Optional,
            "Where numbers come from, by their key: \"stages.assessment.work\" or \"grades.*.ramp\"",
        ),
    ],
    rest: None,
    one_of: &[],
    sourced: false,
    short: None,
    is_overlay: false,
};

static RUN: Section = section(&[
    key(
        "replications",
        Whole(1, 1_000_000_000),
        plain("1000"),
        "Replications of each policy",
    ),
    key(
        "seed",
        Whole(0, i64::MAX),
        plain("2025"),
        "Seed of all chance",
    ),
    key(
        "replications_per_world",
        Whole(1, 1_000_000_000),
        plain("10"),
        "Replications that share one draw of the uncertain numbers, where there are any",
    ),
]);

static REFERRALS: Section = Section {
    keys: &[
        key(
            "families_per_month",
            Number(from(0.0, 1e6, "families a month")),
            Optional,
            "Families a month of 365.25/12 days, first referrals only where returns are modelled",
        ),
        key(
            "children_per_month",
            Number(from(0.0, 1e7, "children a month")),
            Optional,
            "The same in children; divided by the mean family size",
        ),
        key(
            "replay",
            Text,
            Optional,
            "A CSV of arrivals instead of a rate: date, and where wanted children, stage, area",
        ),
        key(
            "family_size",
            Shares(Of::Size),
            plain("{ 1 = 1.0 }"),
            "Children of a family and their shares: { 1 = 0.48, 2 = 0.52 }",
        ),
        key(
            "sibling_hours",
            Number(SHARE),
            preset("0.6", "Each further sibling, assumption", "D"),
            "Share of its hours that a child needs whose sibling has the same worker",
        ),
        key(
            "first_stage",
            Shares(Of::Stage),
            Required,
            "Stage in which a case begins, or shares of several",
        ),
        key(
            "season",
            Kind::Season,
            Optional,
            "Multipliers of the months: { jan = 1.02, aug = 0.83 } (others 1), or all twelve in a list",
        ),
        key(
            "growth_per_year",
            Number(from(-0.99, 10.0, "a year")),
            plain("0"),
            "Growth of the rate a year, from the start on; rates before the start are those of the start",
        ),
        key(
            "overdispersion",
            Number(from(0.0, 100.0, "")),
            plain("0"),
            "Variance of an independent monthly factor of mean 1",
        ),
        key(
            "working_days_only",
            Flag,
            plain("false"),
            "Whether nobody comes on other days; the expected total of each month is the same",
        ),
        key(
            "surges",
            List(&Kind::Table(&SURGE)),
            Optional,
            "Multipliers for a time",
        ),
    ],
    rest: None,
    one_of: &[OneOf {
        keys: &["families_per_month", "children_per_month", "replay"],
        required: true,
    }],
    sourced: true,
    short: None,
    is_overlay: false,
};

static SURGE: Section = section(&[
    key(
        "from",
        Kind::Month,
        Required,
        "First month: a date in it, or \"2018-11\"",
    ),
    key(
        "months",
        Whole(1, 2400),
        Optional,
        "Length; without it the surge stays",
    ),
    key(
        "multiplier",
        Number(from(0.0, 1000.0, "")),
        Required,
        "Multiplier of the referrals",
    ),
]);

static STAGES: Section = named("stage", Kind::Table(&STAGE));

static STAGE: Section = Section {
    keys: &[
        key(
            "hours_per_week",
            Number(HOURS),
            Optional,
            "Direct work that it needs, for the first open child of a family with that worker",
        ),
        key(
            "hours_per_month",
            Number(from(0.0, 744.0, "hours a month")),
            Optional,
            "The same for a month of 365.25/12 days",
        ),
        key(
            "weight",
            Number(from(0.0, 1e4, "points")),
            plain("1"),
            "Points that it counts under a weighted limit",
        ),
        key(
            "priority",
            Whole(-1000, 1000),
            plain("0"),
            "The higher is allocated first",
        ),
        key(
            "deadline",
            Kind::Table(&DEADLINE),
            Optional,
            "Working days within which the stage must end or a worker be found",
        ),
        key(
            "work",
            Law(Measure::Days),
            Optional,
            "How long it takes to be worked, at full speed",
        ),
        key(
            "paced",
            Flag,
            plain("true"),
            "Whether the work slows down with the worker's load",
        ),
        key(
            "then",
            Shares(Of::Next),
            Optional,
            "Where a worked case goes: a stage, \"closed\", or shares of several",
        ),
        key(
            "risks",
            List(&Kind::Table(&RISK)),
            Optional,
            "Ways in which it grows more complex on its own",
        ),
        key(
            "withdraws",
            Law(Measure::Days),
            Optional,
            "Time without a worker after which it leaves unserved",
        ),
    ],
    rest: None,
    one_of: &[OneOf {
        keys: &["hours_per_week", "hours_per_month"],
        required: true,
    }],
    sourced: true,
    short: None,
    is_overlay: false,
};

static DEADLINE: Section = section(&[
    key(
        "within",
        WorkingDays,
        Required,
        "How long, such as \"45 working days\"",
    ),
    key(
        "of",
        Choice(&["work", "allocation"]),
        plain("\"work\""),
        "What must have happened by then: the stage is over, or a worker is found",
    ),
]);

static RISK: Section = Section {
    keys: &[
        key("to", Name(Of::Next), Required, "The stage that it leads to"),
        key(
            "unmet_effect",
            Number(from(0.0, 100.0, "")),
            plain("0"),
            "How much faster the clock runs when need is wholly unmet: at 1 + this",
        ),
        key(
            "rate_per_month",
            Number(from(0.0, 1000.0, "a month")),
            Optional,
            "A constant rate, instead of a law",
        ),
        key(
            "law",
            Choice(LAW_NAMES),
            Optional,
            "A law of the time, instead of a rate",
        ),
        key(
            "value",
            Duration(LONGEST_DAYS),
            Optional,
            "The time of a fixed law",
        ),
        key("mean", Duration(LONGEST_DAYS), Optional, "Mean"),
        key("median", Duration(LONGEST_DAYS), Optional, "Median"),
        key(
            "cv",
            Number(above(0.0, 100.0, "")),
            Optional,
            "Coefficient of variation",
        ),
        key(
            "shape",
            Number(above(0.0, 1e4, "")),
            Optional,
            "Shape of a gamma or Weibull law",
        ),
        key(
            "scale",
            Duration(LONGEST_DAYS),
            Optional,
            "Scale of a gamma or Weibull law",
        ),
        key(
            "mu",
            Number(from(-50.0, 50.0, "")),
            Optional,
            "Mean of the logarithm of the days",
        ),
        key(
            "sigma",
            Number(from(0.0, 10.0, "")),
            Optional,
            "Standard deviation of the logarithm",
        ),
        key(
            "values",
            List(&Duration(LONGEST_DAYS)),
            Optional,
            "Values of an empirical law",
        ),
        key(
            "weights",
            List(&Number(from(0.0, 1e12, ""))),
            Optional,
            "Their weights; without them all alike",
        ),
        key(
            "file",
            Text,
            Optional,
            "A CSV of one column of days, instead of values",
        ),
    ],
    rest: None,
    one_of: &[OneOf {
        keys: &["rate_per_month", "law"],
        required: true,
    }],
    sourced: true,
    short: None,
    is_overlay: false,
};

/// Names of the laws of a time.
pub const LAW_NAMES: &[&str] = &[
    "fixed",
    "exponential",
    "gamma",
    "lognormal",
    "weibull",
    "empirical",
];

/// A law of a time in days.
pub static LAW: Section = section(&[
    key(
        "law",
        Choice(LAW_NAMES),
        Optional,
        "Its name; without it a fixed value",
    ),
    key(
        "value",
        Duration(LONGEST_DAYS),
        Optional,
        "The value of a fixed law",
    ),
    key("mean", Duration(LONGEST_DAYS), Optional, "Mean"),
    key("median", Duration(LONGEST_DAYS), Optional, "Median"),
    key(
        "cv",
        Number(above(0.0, 100.0, "")),
        Optional,
        "Coefficient of variation",
    ),
    key(
        "shape",
        Number(above(0.0, 1e4, "")),
        Optional,
        "Shape of a gamma or Weibull law",
    ),
    key(
        "scale",
        Duration(LONGEST_DAYS),
        Optional,
        "Scale of a gamma or Weibull law",
    ),
    key(
        "mu",
        Number(from(-50.0, 50.0, "")),
        Optional,
        "Mean of the logarithm of the days",
    ),
    key(
        "sigma",
        Number(from(0.0, 10.0, "")),
        Optional,
        "Standard deviation of the logarithm",
    ),
    key(
        "values",
        List(&Duration(LONGEST_DAYS)),
        Optional,
        "Values of an empirical law",
    ),
    key(
        "weights",
        List(&Number(from(0.0, 1e12, ""))),
        Optional,
        "Their weights; without them all alike",
    ),
    key(
        "file",
        Text,
        Optional,
        "A CSV of one column of days, instead of values",
    ),
]);

/// Names of the laws of an uncertain number.
pub const UNCERTAIN_NAMES: &[&str] = &[
    "uniform",
    "triangular",
    "normal",
    "lognormal",
    "beta",
    "list",
];

/// Parameters of the law of an uncertain number, beside `law`; those that are in the unit of the number.
pub const UNCERTAIN_IN_UNIT: &[&str] = &["low", "mode", "high", "mean", "sd"];

/// Parameters of the law of an uncertain number that are pure numbers.
pub const UNCERTAIN_PURE: &[&str] = &["cv", "alpha", "beta"];

static TEAMS: Section = named("team", Kind::Table(&TEAM));

static TEAM: Section = section(&[
    key(
        "area",
        Name(Of::Area),
        Optional,
        "Its area; need not be said where there is one, or one of the team's name",
    ),
    key(
        "takes",
        Names(Of::Stage),
        Optional,
        "Stages that it takes; without it all",
    ),
]);

static GRADES: Section = named("grade", Kind::Table(&GRADE));

static GRADE: Section = section(&[
    key(
        "hours_per_week",
        Number(above(0.0, 168.0, "hours a week")),
        Optional,
        "Contracted hours; without it those of a full-time worker",
    ),
    key(
        "direct_share",
        Number(SHARE),
        preset(
            "0.576",
            "68 % case-related of what leave, training and holidays leave [W1][H5]",
            "D",
        ),
        "Share of the contract for direct work, leave and training taken off",
    ),
    key(
        "ramp",
        List(&Kind::Table(&RAMP)),
        Optional,
        "Steps by months in post; without it full output and limit at once",
    ),
    key(
        "leave_per_year",
        Either(&Number(PER_YEAR), &List(&Kind::Table(&LEAVE))),
        plain("0"),
        "Hazard of leaving without strain, or its steps by years in post",
    ),
    key(
        "notice",
        Law(Measure::Days),
        preset(
            "\"28 days\"",
            "Four weeks for permanent staff, assumption",
            "D",
        ),
        "From giving notice to leaving",
    ),
    key(
        "absences_per_year",
        Number(PER_YEAR),
        plain("0"),
        "Spells of sickness without strain",
    ),
    key(
        "becomes",
        Kind::Table(&BECOMES),
        Optional,
        "The grade that a worker grows into",
    ),
    key(
        "cost_per_year",
        Number(MONEY),
        Optional,
        "Salary and on-costs, or what the agency charges",
    ),
]);

static RAMP: Section = section(&[
    key(
        "from_month",
        Number(from(0.0, 1200.0, "months")),
        Required,
        "Months in post from which the step holds; the first from 0",
    ),
    key("output", Number(SHARE), Required, "Share of full output"),
    key("limit", Number(SHARE), Required, "Share of the full limit"),
]);

static LEAVE: Section = section(&[
    key(
        "from_year",
        Number(from(0.0, 100.0, "years")),
        Required,
        "Years in post from which the step holds; the first from 0",
    ),
    key("per_year", Number(PER_YEAR), Required, "Hazard of leaving"),
]);

static BECOMES: Section = section(&[
    key("grade", Name(Of::Grade), Required, "The later grade"),
    key(
        "after_months",
        Number(from(0.0, 1200.0, "months")),
        Required,
        "Months in post at which it happens",
    ),
]);

static POSTS: Section = section(&[
    key("grade", Name(Of::Grade), Required, "Grade of the posts"),
    key("count", Whole(0, 1_000_000), Required, "How many"),
    key(
        "filled",
        Whole(0, 1_000_000),
        Optional,
        "How many have a permanent worker at the start; without it all. Vacant posts have been so for an equilibrium time",
    ),
    key(
        "team",
        Name(Of::Team),
        Optional,
        "Their team; need not be said where there is one",
    ),
    key(
        "months_in_post",
        Law(Measure::Months),
        preset(
            "{ law = \"exponential\", mean = \"100 months\" }",
            "Near what the leaving hazards of the English baseline keep up, assumption",
            "D",
        ),
        "Months in post of the workers at the start",
    ),
]);

static OPENING: Section = Section {
    keys: &[
        key(
            "total",
            Whole(0, 10_000_000),
            Optional,
            "Children in all, where the stages are drawn",
        ),
        key(
            "stages",
            Shares(Of::Stage),
            Optional,
            "Shares of the stages, with `total`",
        ),
        key(
            "file",
            Text,
            Optional,
            "A CSV of cases: stage, days_in_stage, and where wanted family, area",
        ),
    ],
    rest: Some(Rest {
        kind: Whole(0, 10_000_000),
        of: Some(Of::Stage),
        what: "stage",
    }),
    one_of: &[OneOf {
        keys: &["total stages", "file", "*"],
        required: false,
    }],
    sourced: true,
    short: None,
    is_overlay: false,
};

static RETURN: Section = section(&[
    key(
        "probability",
        Number(SHARE),
        Required,
        "That a closed family comes back, when its need was met",
    ),
    key(
        "unmet_effect",
        Number(from(0.0, 100.0, "")),
        plain("0"),
        "How much wholly unmet need adds to it, relative",
    ),
    key(
        "delay",
        Law(Measure::Days),
        Required,
        "From closing to coming back",
    ),
    key(
        "to",
        Shares(Of::Stage),
        Required,
        "Stage at which it comes back, or shares of several",
    ),
    key(
        "to_same_worker",
        Flag,
        plain("false"),
        "Whether it goes to its former worker where it fits",
    ),
]);

static ABSENCE: Section = section(&[
    key("spell", Law(Measure::Days), Required, "Length of a spell"),
    key(
        "cover_after",
        Duration(LONGEST_DAYS),
        Optional,
        "Length from which the cases are handed over; without it never",
    ),
]);

static RECRUITMENT: Section = section(&[
    key(
        "time_to_fill",
        Law(Measure::Days),
        Required,
        "From the opening of a vacancy to the newcomer's first day",
    ),
    key(
        "grade",
        Shares(Of::Grade),
        Optional,
        "Grade of newcomers, or shares of several; without it the grade of the post",
    ),
    key(
        "intakes",
        List(&Kind::Table(&INTAKE)),
        Optional,
        "Newcomers who come together once a year",
    ),
    key(
        "attraction",
        Kind::Table(&ATTRACTION),
        Optional,
        "How a lighter load attracts staff",
    ),
]);

/// Names of the months.
pub const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

static INTAKE: Section = section(&[
    key(
        "month",
        Choice(MONTHS),
        Required,
        "They come on its first day",
    ),
    key("people", Whole(0, 1_000_000), Required, "How many at most"),
    key("grade", Name(Of::Grade), Required, "Their grade"),
]);

static ATTRACTION: Section = section(&[
    key(
        "b_per_case",
        Number(from(0.0, 10.0, "per case")),
        Required,
        "Effect of the mean caseload on the log of the filling speed",
    ),
    key(
        "reference",
        Number(from(0.0, 1e5, "cases")),
        Required,
        "Caseload at which it is 1",
    ),
]);

static AGENCY: Section = section(&[
    key(
        "grade",
        Name(Of::Grade),
        Required,
        "Grade of agency workers",
    ),
    key(
        "lead",
        Law(Measure::Days),
        Required,
        "From the opening of a vacancy to cover",
    ),
    key(
        "max_share",
        Number(SHARE),
        Required,
        "Largest share of posts covered at a time, rounded down to posts",
    ),
    key(
        "overlap",
        Duration(LONGEST_DAYS),
        preset("\"14 days\"", "Assumption", "D"),
        "How long they stay beside the newcomer, who then takes up to fte x ramp limit of their families, as far as they fit",
    ),
]);

static STRAIN: Section = section(&[
    key(
        "gain",
        Number(from(0.0, 100.0, "standard deviations")),
        preset(
            "1.4",
            "0.35 standard deviations for each 0.25 of workload ratio",
            "D",
        ),
        "Strain for each unit of workload ratio above the onset",
    ),
    key(
        "onset",
        Number(from(0.0, 100.0, "")),
        preset("1", "Assumption", "D"),
        "Workload ratio at which strain begins",
    ),
    key(
        "tau",
        Duration(LONGEST_DAYS),
        preset("\"91 days\"", "Three months' lag", "D"),
        "Memory; 0 days: strain follows at once",
    ),
    key(
        "frailty",
        Number(from(0.0, 10.0, "")),
        preset(
            "0",
            "Off: with it realised turnover falls below the stated rate",
            "D",
        ),
        "How far a worker's disposition acts in the hazards",
    ),
    key(
        "b_leave",
        Number(from(0.0, 10.0, "")),
        preset(
            "0.30",
            "Leaving x 1.35 for each standard deviation of strain",
            "D",
        ),
        "Effect of strain on the log hazard of leaving",
    ),
    key(
        "b_absence",
        Number(from(0.0, 10.0, "")),
        preset(
            "0.19",
            "Sickness x 1.21 (1.11 to 1.32) for each standard deviation of burnout [B15]",
            "B",
        ),
        "Effect of strain on the log hazard of absence",
    ),
    key(
        "burnout_base",
        Number(SHARE),
        preset(
            "0.20",
            "Surveys run from 26 % depersonalisation to 73 % exhaustion [B4]; assumption",
            "D",
        ),
        "Share of workers burnt out without any strain",
    ),
    key(
        "hazard_max_per_year",
        Number(above(0.0, HAZARD_MAX, "a year")),
        preset("12", "Assumption", "D"),
        "Highest hazard of leaving or absence; 1,000,000 a year is one event in half a minute",
    ),
]);

static OVERLOAD: Section = section(&[
    key(
        "loss",
        Number(from(0.0, 100.0, "")),
        preset(
            "0",
            "No measured curve exists; a study that sets it shows its result at 0 too",
            "D",
        ),
        "Supply lost for each unit of workload ratio above 1",
    ),
    key(
        "floor",
        Number(SHARE),
        preset("0.7", "Assumption; without effect while loss is 0", "D"),
        "Least share of supply left",
    ),
    key(
        "overtime_max",
        Number(from(0.0, 4.0, "")),
        preset("0.2", "45 hours worked on contracts of 37 [H1]", "D"),
        "Overtime at most, as a share of the contract",
    ),
    key(
        "overtime",
        Choice(&["toil", "paid", "unpaid"]),
        plain("\"toil\""),
        "What becomes of overtime: time off in lieu (toil), paid at cost.per_overtime_hour, or unpaid",
    ),
    key(
        "toil_back",
        Number(SHARE),
        preset("0.5", "Assumption", "D"),
        "Share of slack that pays back time owed",
    ),
    key(
        "toil_max_hours",
        Number(from(0.0, 1e6, "hours")),
        Optional,
        "Most time owed to one worker, beyond which overtime is unpaid; without it no bound",
    ),
    key(
        "thin",
        Number(above(0.0, 1.0, "")),
        preset("1", "Measured nowhere: a stated assumption", "D"),
        "Share of need down to which families get less at the same pace",
    ),
    key(
        "speed_max",
        Number(from(1.0, 100.0, "")),
        preset("1", "Assumption", "D"),
        "Fastest pace when there is slack",
    ),
    key(
        "serve_by_priority",
        Flag,
        plain("false"),
        "Whether an overloaded worker serves the highest priority first",
    ),
]);

static MANAGERS: Section = section(&[
    key(
        "span",
        Number(above(0.0, 1e5, "posts")),
        Required,
        "Posts for each manager",
    ),
    key(
        "supervision_hours_per_week",
        Number(HOURS),
        Optional,
        "Time for supervision of one manager",
    ),
]);

static COST: Section = section(&[
    key("per_hire", Number(MONEY), plain("0"), "Of one hire"),
    key(
        "per_overtime_hour",
        Number(MONEY),
        plain("0"),
        "Of one hour of overtime; needs overload.overtime = \"paid\"",
    ),
    key(
        "per_toil_hour",
        Number(MONEY),
        Optional,
        "Of one hour owed that is paid out to a leaver; without it the hourly salary of the grade",
    ),
    key(
        "per_unallocated_day",
        Number(MONEY),
        plain("0"),
        "Of one case without a worker for a day",
    ),
]);

/// The section in which numbers are given their sources.
pub static EVIDENCE: Section = named("key", Kind::Table(&EVIDENCE_ENTRY));

static EVIDENCE_ENTRY: Section = section(&[]);
