//! The catalogue: every metric's name, unit, direction of good, population and one definition.
//!
//! A metric is added here and written by the engine's observer; every table and help text follows.

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither is good or bad in itself.
    Neither,
}

/// Who feels it when the number changes: whose gain, or whose loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ForWhom {
    /// The people who hold the cases: caseload, burnout, overtime, strain.
    Workers,
    /// Families whose case has no worker yet: how many, how long.
    WaitingFamilies,
    /// Families who are served: need met, changes of worker, growth in complexity.
    Families,
    /// Those who run the service: posts, supervision, limits and deadlines kept, supply that lies idle.
    Managers,
    /// Whoever pays.
    Budget,
    /// Nobody in particular: how much comes in and goes out.
    Service,
}

impl ForWhom {
    /// All, in the order in which an answer speaks of them.
    pub const ALL: [ForWhom; 6] = [
        ForWhom::Workers,
        ForWhom::WaitingFamilies,
        ForWhom::Families,
        ForWhom::Managers,
        ForWhom::Budget,
        ForWhom::Service,
    ];

    /// In words, as in "better for workers".
    pub fn words(self) -> &'static str {
        match self {
            ForWhom::Workers => "workers",
            ForWhom::WaitingFamilies => "families who wait",
            ForWhom::Families => "families served",
            ForWhom::Managers => "managers",
            ForWhom::Budget => "the budget",
            ForWhom::Service => "the service",
        }
    }
}

/// How a month's number, and the number for the whole horizon, come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Taken at the end of the month; over the horizon the mean of the month ends.
    MonthEnd,
    /// Exact time average over the month or the horizon.
    Average,
    /// Counted over the month or the horizon.
    Total,
    /// One total over another, over the month or the horizon; empty where the lower one is 0.
    Ratio,
}

/// One entry of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The metric.
    pub metric: Metric,
    /// Its name in files.
    pub key: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Which way is better.
    pub better: Better,
    /// Who feels a change of it.
    pub for_whom: ForWhom,
    /// How the number comes about.
    pub kind: Kind,
    /// Whether each team has one.
    pub by_team: bool,
    /// Whether each stage has one.
    pub by_stage: bool,
    /// Whether each grade has one.
    pub by_grade: bool,
    /// Decimals worth printing at most.
    pub decimals: u8,
    /// Of whom it speaks.
    pub population: &'static str,
    /// What it is.
    pub definition: &'static str,
}

/// What else than the service a metric is taken of.
#[derive(Clone, Copy)]
enum By {
    Team,
    Stage,
    Grade,
}

const fn has(by: &[By], wanted: By) -> bool {
    let mut at = 0;
    while at < by.len() {
        if by[at] as u8 == wanted as u8 {
            return true;
        }
        at += 1;
    }
    false
}

/// Makes the enum, its documentation and the catalogue of one list, so that nothing about a metric stands twice.
macro_rules! catalogue {
    ($($name:ident {
        key: $key:literal,
        unit: $unit:literal,
        better: $better:ident,
        for_whom: $whom:ident,
        kind: $kind:ident,
        by: [$($by:ident),*],
        decimals: $decimals:literal,
        population: $population:literal,
        definition: $definition:literal,
    })*) => {
        /// Every metric; as a number its place in [`CATALOGUE`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum Metric {
            $(
                #[doc = concat!($definition, " [", $unit, "]")]
                $name,
            )*
        }

        /// All metrics, in the order of every file.
        pub const CATALOGUE: [Definition; [$(Metric::$name),*].len()] = [
            $(Definition {
                metric: Metric::$name,
                key: $key,
                unit: $unit,
                better: Better::$better,
                for_whom: ForWhom::$whom,
                kind: Kind::$kind,
                by_team: has(&[$(By::$by),*], By::Team),
                by_stage: has(&[$(By::$by),*], By::Stage),
                by_grade: has(&[$(By::$by),*], By::Grade),
                decimals: $decimals,
                population: $population,
                definition: $definition,
            },)*
        ];
    };
}

catalogue! {
    CaseloadMean {
        key: "caseload_mean",
        unit: "cases/FTE",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [Team, Grade],
        decimals: 1,
        population: "workers with a case, agency too",
        definition: "Allocated cases over full-time-equivalent workers in post who hold at least one, at the end of the month: the official definition.",
    }
    CaseloadMeanAverage {
        key: "caseload_mean_average",
        unit: "cases/FTE",
        better: Lower,
        for_whom: Workers,
        kind: Average,
        by: [Team],
        decimals: 1,
        population: "workers with a case, agency too",
        definition: "Time average of allocated cases over full-time-equivalent workers who hold at least one, over the time in which somebody does.",
    }
    CaseloadInPost {
        key: "caseload_in_post",
        unit: "cases/FTE",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "all workers in post, agency too",
        definition: "Allocated cases over full-time-equivalent workers in post, with cases or not, at the end of the month.",
    }
    CaseloadInPostAverage {
        key: "caseload_in_post_average",
        unit: "cases/FTE",
        better: Lower,
        for_whom: Workers,
        kind: Average,
        by: [],
        decimals: 1,
        population: "all workers in post, agency too",
        definition: "Time average of allocated cases over full-time-equivalent workers in post, over the time in which somebody is in post.",
    }
    CaseloadEstablished {
        key: "caseload_established",
        unit: "cases/FTE",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "all posts, filled or not",
        definition: "Allocated cases over full-time-equivalent posts, at the end of the month.",
    }
    CaseloadMedian {
        key: "caseload_median",
        unit: "cases",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "workers with a case, by head",
        definition: "Median caseload at the end of the month.",
    }
    CaseloadP90 {
        key: "caseload_p90",
        unit: "cases",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "workers with a case, by head",
        definition: "Caseload that nine workers in ten do not exceed, at the end of the month.",
    }
    CaseloadHighest {
        key: "caseload_highest",
        unit: "cases",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [Team],
        decimals: 1,
        population: "workers with a case, by head",
        definition: "Highest caseload of one worker at the end of the month.",
    }
    CaseloadSd {
        key: "caseload_sd",
        unit: "cases",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "workers with a case, by head",
        definition: "Standard deviation of caseloads between workers at the end of the month.",
    }
    FamiliesMean {
        key: "families_mean",
        unit: "families/FTE",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "workers with a case, agency too",
        definition: "Families with a child held by the worker, counted once a worker, over full-time-equivalent workers with a case, at the end of the month.",
    }
    FamiliesMedian {
        key: "families_median",
        unit: "families",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "workers with a case, by head",
        definition: "Median number of families of a worker at the end of the month.",
    }
    FamiliesP90 {
        key: "families_p90",
        unit: "families",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "workers with a case, by head",
        definition: "Number of families that nine workers in ten do not exceed, at the end of the month.",
    }
    FamiliesHighest {
        key: "families_highest",
        unit: "families",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "workers with a case, by head",
        definition: "Most families of one worker at the end of the month.",
    }
    FamiliesSd {
        key: "families_sd",
        unit: "families",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "workers with a case, by head",
        definition: "Standard deviation of families between workers at the end of the month.",
    }
    PointsPerWorker {
        key: "points_per_worker",
        unit: "points/FTE",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "workers with a case, agency too",
        definition: "Points of allocated cases over full-time-equivalent workers with a case, at the end of the month.",
    }
    HoursPerWorker {
        key: "hours_per_worker",
        unit: "hours a week/FTE",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "workers with a case, agency too",
        definition: "Direct hours a week that allocated cases need over full-time-equivalent workers with a case, at the end of the month.",
    }
    AboveLimitShare {
        key: "above_limit_share",
        unit: "share",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [Team, Grade],
        decimals: 3,
        population: "all workers in post, by head",
        definition: "Share of workers whose load is above their own limit at the end of the month; empty under a policy without a limit.",
    }
    AboveGuidelineShare {
        key: "above_guideline_share",
        unit: "share",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [Team],
        decimals: 3,
        population: "all workers in post, by head",
        definition: "Share of workers with more cases than the scenario's guideline x fte at the end of the month; empty without a guideline.",
    }
    Drift {
        key: "drift",
        unit: "limit's measure",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "all workers in post",
        definition: "Load above the limit that no allocation put there (a lower limit, a shorter ramp), summed over workers, at the end of the month, in what the limit counts: cases, families, points or hours a week; empty without a limit.",
    }
    DriftCases {
        key: "drift_cases",
        unit: "cases",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "all workers in post",
        definition: "Drift as a number of cases, whatever the limit counts: of each worker, drift over the mean load of one of their cases; summed over workers, at the end of the month; empty without a limit.",
    }
    FamilyOvershoot {
        key: "family_overshoot",
        unit: "limit's measure",
        better: Lower,
        for_whom: Workers,
        kind: Total,
        by: [],
        decimals: 1,
        population: "allocations in the month",
        definition: "Load above a limit because a family was kept together, in what the limit counts: cases, families, points or hours a week.",
    }
    FamilyOvershootCases {
        key: "family_overshoot_cases",
        unit: "cases",
        better: Lower,
        for_whom: Workers,
        kind: Total,
        by: [],
        decimals: 1,
        population: "allocations in the month",
        definition: "Children allocated above a limit because their family was kept together, whatever the limit counts.",
    }
    AllocatedOverLimit {
        key: "allocated_over_limit",
        unit: "cases",
        better: Lower,
        for_whom: Managers,
        kind: Total,
        by: [Team],
        decimals: 1,
        population: "allocations in the month",
        definition: "Cases allocated over the limit: the manager no longer held to it, too many waited, the limit had lapsed or only advises, or the stage is never queued.",
    }
    LimitLapsed {
        key: "limit_lapsed",
        unit: "share",
        better: Lower,
        for_whom: Managers,
        kind: Average,
        by: [Team],
        decimals: 2,
        population: "teams",
        definition: "Share of time in which the limit had lapsed because of vacancies, mean of the teams; 0 without such a rule.",
    }
    Declined {
        key: "declined",
        unit: "times",
        better: Neither,
        for_whom: Managers,
        kind: Total,
        by: [Team],
        decimals: 0,
        population: "workers asked",
        definition: "How often a worker who was asked to take a case declined.",
    }
    WorkloadRatio {
        key: "workload_ratio",
        unit: "ratio",
        better: Lower,
        for_whom: Workers,
        kind: Average,
        by: [Team, Grade],
        decimals: 2,
        population: "workers present, by head",
        definition: "Time average of hours demanded over hours supplied, mean of the workers who are not absent.",
    }
    OverloadedShare {
        key: "overloaded_share",
        unit: "share",
        better: Lower,
        for_whom: Workers,
        kind: Average,
        by: [Team],
        decimals: 3,
        population: "workers present, by head",
        definition: "Share of workers' time with a workload ratio above 1.",
    }
    Slack {
        key: "slack",
        unit: "share",
        better: Lower,
        for_whom: Managers,
        kind: Average,
        by: [Team],
        decimals: 3,
        population: "hours supplied by workers present",
        definition: "Share of the supply of direct hours that was not used.",
    }
    Overtime {
        key: "overtime",
        unit: "hours a week/worker",
        better: Lower,
        for_whom: Workers,
        kind: Average,
        by: [],
        decimals: 1,
        population: "workers in post, by head",
        definition: "Overtime worked, mean of the workers in post.",
    }
    ToilOwed {
        key: "toil_owed",
        unit: "hours/worker",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 1,
        population: "workers in post, by head",
        definition: "Time off in lieu owed at the end of the month, mean of the workers in post.",
    }
    HoursGiven {
        key: "hours_given",
        unit: "hours",
        better: Lower,
        for_whom: Workers,
        kind: Total,
        by: [],
        decimals: 1,
        population: "workers in post",
        definition: "Overtime that is neither paid nor given back: all of it where overtime is unpaid, and beyond the most that can be owed where it is time off in lieu. It costs nothing.",
    }
    StrainMean {
        key: "strain_mean",
        unit: "SD",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [Team],
        decimals: 2,
        population: "workers in post, by head",
        definition: "Mean strain at the end of the month, in standard deviations of an exhaustion score.",
    }
    StrainMeanAverage {
        key: "strain_mean_average",
        unit: "SD",
        better: Lower,
        for_whom: Workers,
        kind: Average,
        by: [],
        decimals: 2,
        population: "workers in post, by head",
        definition: "Time average of strain over the workers in post.",
    }
    BurntOutShare {
        key: "burnt_out_share",
        unit: "share",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [Team, Grade],
        decimals: 3,
        population: "workers in post, by head",
        definition: "Burnout risk: share of workers who are burnt out at the end of the month.",
    }
    BurntOutShareAverage {
        key: "burnt_out_share_average",
        unit: "share",
        better: Lower,
        for_whom: Workers,
        kind: Average,
        by: [Team],
        decimals: 3,
        population: "workers in post, by head",
        definition: "Share of workers' time spent burnt out.",
    }
    BurntOutAttributable {
        key: "burnt_out_attributable",
        unit: "share",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 3,
        population: "workers in post, by head",
        definition: "Share of workers who are burnt out at the end of the month and would not be without strain: the part that workload causes.",
    }
    BurntOutAttributableAverage {
        key: "burnt_out_attributable_average",
        unit: "share",
        better: Lower,
        for_whom: Workers,
        kind: Average,
        by: [],
        decimals: 3,
        population: "workers in post, by head",
        definition: "Share of workers' time spent burnt out that would not be without strain.",
    }
    BurntOutEver {
        key: "burnt_out_ever",
        unit: "share",
        better: Lower,
        for_whom: Workers,
        kind: MonthEnd,
        by: [],
        decimals: 3,
        population: "all who were in post since the start, by head",
        definition: "Share of the people in post at any time since the start who have been burnt out at least once by the end of the month.",
    }
    Unallocated {
        key: "unallocated",
        unit: "cases",
        better: Lower,
        for_whom: WaitingFamilies,
        kind: Average,
        by: [Team, Stage],
        decimals: 1,
        population: "open cases",
        definition: "Open cases without a worker, exact time average over the month.",
    }
    UnallocatedCensus {
        key: "unallocated_census",
        unit: "cases",
        better: Lower,
        for_whom: WaitingFamilies,
        kind: MonthEnd,
        by: [Team],
        decimals: 1,
        population: "open cases",
        definition: "Open cases without a worker at the end of the month.",
    }
    UnallocatedReported {
        key: "unallocated_reported",
        unit: "cases",
        better: Lower,
        for_whom: Managers,
        kind: Average,
        by: [Team],
        decimals: 1,
        population: "open cases",
        definition: "Open cases without a worker as reported: without those that managers hold, who have no worker either. Exact time average.",
    }
    ManagerHeld {
        key: "manager_held",
        unit: "cases",
        better: Lower,
        for_whom: Managers,
        kind: Average,
        by: [Team],
        decimals: 1,
        population: "cases without a worker",
        definition: "Cases on the waiting list that managers hold: they count as allocated in reported figures alone. Exact time average.",
    }
    WaitMean {
        key: "wait_mean",
        unit: "days",
        better: Lower,
        for_whom: WaitingFamilies,
        kind: Ratio,
        by: [Team],
        decimals: 1,
        population: "cases allocated in the month",
        definition: "Mean time without a worker of the cases allocated in the month; a case handed over directly has waited 0 days. Looks healthy while the queue explodes: read it beside queue_age_mean.",
    }
    WaitP90 {
        key: "wait_p90",
        unit: "days",
        better: Lower,
        for_whom: WaitingFamilies,
        kind: Ratio,
        by: [],
        decimals: 1,
        population: "cases allocated in the month",
        definition: "Time without a worker that nine in ten of the cases allocated in the month did not exceed.",
    }
    QueueAgeMean {
        key: "queue_age_mean",
        unit: "days",
        better: Lower,
        for_whom: WaitingFamilies,
        kind: MonthEnd,
        by: [Team],
        decimals: 1,
        population: "cases without a worker",
        definition: "Mean time that the cases without a worker have waited at the end of the month; empty if there are none.",
    }
    QueueAgeLongest {
        key: "queue_age_longest",
        unit: "days",
        better: Lower,
        for_whom: WaitingFamilies,
        kind: MonthEnd,
        by: [Team],
        decimals: 1,
        population: "cases without a worker",
        definition: "Longest time that a case without a worker has waited at the end of the month; 0 if there are none.",
    }
    StillWaiting {
        key: "still_waiting",
        unit: "share",
        better: Lower,
        for_whom: WaitingFamilies,
        kind: Ratio,
        by: [],
        decimals: 3,
        population: "children referred in the month",
        definition: "Share of the month's referrals still without their first worker at the scenario's mark (10 working days unless it says otherwise); empty where the mark lies past the end.",
    }
    Referrals {
        key: "referrals",
        unit: "children",
        better: Neither,
        for_whom: Service,
        kind: Total,
        by: [Team],
        decimals: 0,
        population: "the service",
        definition: "Children referred, returns not counted.",
    }
    Allocations {
        key: "allocations",
        unit: "cases",
        better: Neither,
        for_whom: Service,
        kind: Total,
        by: [Team],
        decimals: 0,
        population: "the service",
        definition: "Cases given to a worker, first and later ones.",
    }
    Closures {
        key: "closures",
        unit: "children",
        better: Neither,
        for_whom: Service,
        kind: Total,
        by: [Team],
        decimals: 0,
        population: "the service",
        definition: "Cases closed, withdrawals not counted.",
    }
    Escalations {
        key: "escalations",
        unit: "cases",
        better: Lower,
        for_whom: Families,
        kind: Total,
        by: [],
        decimals: 0,
        population: "open cases",
        definition: "Stages that a risk ended for another stage: the case grew more complex on its own.",
    }
    Returns {
        key: "returns",
        unit: "children",
        better: Lower,
        for_whom: Families,
        kind: Total,
        by: [],
        decimals: 0,
        population: "closed cases",
        definition: "Children whose case had closed and who came back. Those who were screened out and come again are counted in came_again.",
    }
    CameAgain {
        key: "came_again",
        unit: "children",
        better: Lower,
        for_whom: WaitingFamilies,
        kind: Total,
        by: [],
        decimals: 0,
        population: "children screened out",
        definition: "Children who had been screened out and came again. Opening cases plus referrals, returns and came_again, less screened_out, closures and withdrawals, are the closing cases.",
    }
    Withdrawals {
        key: "withdrawals",
        unit: "children",
        better: Lower,
        for_whom: WaitingFamilies,
        kind: Total,
        by: [],
        decimals: 0,
        population: "cases without a worker",
        definition: "Cases that left unserved.",
    }
    ScreenedOut {
        key: "screened_out",
        unit: "children",
        better: Lower,
        for_whom: WaitingFamilies,
        kind: Total,
        by: [Team],
        decimals: 0,
        population: "children referred or returning",
        definition: "Children turned away because too many waited, each time that they were; they are counted among referrals, returns or came_again too.",
    }
    Transfers {
        key: "transfers",
        unit: "cases",
        better: Lower,
        for_whom: Families,
        kind: Total,
        by: [],
        decimals: 0,
        population: "open cases",
        definition: "Cases given to another worker than the one before in the same spell.",
    }
    WorkerChanges {
        key: "worker_changes",
        unit: "changes/case",
        better: Lower,
        for_whom: Families,
        kind: MonthEnd,
        by: [],
        decimals: 2,
        population: "open cases",
        definition: "Changes of worker that the cases open at the end of the month have had in the last 12 months, earlier spells included, mean over these cases; before 12 months are simulated, since the origin.",
    }
    OpenCases {
        key: "open_cases",
        unit: "cases",
        better: Neither,
        for_whom: Service,
        kind: Average,
        by: [Team, Stage],
        decimals: 1,
        population: "the service",
        definition: "Open cases, exact time average.",
    }
    OpenCasesCensus {
        key: "open_cases_census",
        unit: "cases",
        better: Neither,
        for_whom: Service,
        kind: MonthEnd,
        by: [Team, Stage],
        decimals: 1,
        population: "the service",
        definition: "Open cases at the end of the month.",
    }
    AllocatedCases {
        key: "allocated_cases",
        unit: "cases",
        better: Neither,
        for_whom: Service,
        kind: Average,
        by: [Team],
        decimals: 1,
        population: "the service",
        definition: "Cases with a worker, exact time average.",
    }
    DirectHours {
        key: "direct_hours",
        unit: "hours a week/case",
        better: Higher,
        for_whom: Families,
        kind: Average,
        by: [],
        decimals: 2,
        population: "open cases",
        definition: "Direct hours delivered over open cases, both as time averages. A case in handover gets none.",
    }
    NeedMet {
        key: "need_met",
        unit: "share",
        better: Higher,
        for_whom: Families,
        kind: Average,
        by: [Team],
        decimals: 3,
        population: "open cases",
        definition: "Direct hours delivered over direct hours that all open cases need, both as time averages. A case in handover gets none.",
    }
    Supervision {
        key: "supervision",
        unit: "hours a month/worker",
        better: Higher,
        for_whom: Managers,
        kind: Average,
        by: [],
        decimals: 1,
        population: "workers in post, by head",
        definition: "Managers' supervision hours over workers in post; empty where the scenario has no supervision hours.",
    }
    DeadlinesMet {
        key: "deadlines_met",
        unit: "share",
        better: Higher,
        for_whom: Managers,
        kind: Ratio,
        by: [],
        decimals: 3,
        population: "deadlines that ended in the month",
        definition: "Share of the deadlines of stages that ended in the month, kept or broken, that were kept.",
    }
    Leavers {
        key: "leavers",
        unit: "people",
        better: Lower,
        for_whom: Managers,
        kind: Total,
        by: [Team],
        decimals: 1,
        population: "permanent workers",
        definition: "Permanent workers who left.",
    }
    Turnover {
        key: "turnover",
        unit: "share a year",
        better: Lower,
        for_whom: Managers,
        kind: Ratio,
        by: [Team],
        decimals: 3,
        population: "permanent workers",
        definition: "Permanent leavers a year over the mean number of permanent workers in post, by head.",
    }
    AgencyLeavers {
        key: "agency_leavers",
        unit: "people",
        better: Neither,
        for_whom: Budget,
        kind: Total,
        by: [],
        decimals: 1,
        population: "agency workers",
        definition: "Agency workers who left, their overlap over or not.",
    }
    ToilPaidOut {
        key: "toil_paid_out",
        unit: "hours",
        better: Lower,
        for_whom: Budget,
        kind: Total,
        by: [],
        decimals: 0,
        population: "leavers",
        definition: "Time off in lieu owed to those who left, paid out.",
    }
    Starters {
        key: "starters",
        unit: "people",
        better: Higher,
        for_whom: Managers,
        kind: Total,
        by: [],
        decimals: 1,
        population: "permanent workers",
        definition: "Permanent workers who started.",
    }
    VacancyRate {
        key: "vacancy_rate",
        unit: "share",
        better: Lower,
        for_whom: Managers,
        kind: Average,
        by: [Team],
        decimals: 3,
        population: "posts",
        definition: "Vacant full-time-equivalent posts, covered by agency or not, over all posts, time average.",
    }
    VacancyCovered {
        key: "vacancy_covered",
        unit: "share",
        better: Neither,
        for_whom: Managers,
        kind: Ratio,
        by: [],
        decimals: 3,
        population: "vacant posts",
        definition: "Share of vacant posts' time covered by agency workers.",
    }
    AgencyShare {
        key: "agency_share",
        unit: "share",
        better: Lower,
        for_whom: Budget,
        kind: Average,
        by: [],
        decimals: 3,
        population: "workers in post",
        definition: "Agency full-time equivalents over all in post, time average.",
    }
    AbsenceRate {
        key: "absence_rate",
        unit: "share",
        better: Lower,
        for_whom: Workers,
        kind: Ratio,
        by: [Team],
        decimals: 3,
        population: "permanent workers",
        definition: "Share of permanent workers' time absent.",
    }
    InPost {
        key: "in_post",
        unit: "FTE",
        better: Higher,
        for_whom: Managers,
        kind: Average,
        by: [Team, Grade],
        decimals: 1,
        population: "permanent and agency workers",
        definition: "Full-time-equivalent workers in post, time average.",
    }
    InPostPermanent {
        key: "in_post_permanent",
        unit: "FTE",
        better: Higher,
        for_whom: Managers,
        kind: Average,
        by: [],
        decimals: 1,
        population: "permanent workers",
        definition: "Full-time-equivalent permanent workers in post, time average.",
    }
    FilledPosts {
        key: "filled_posts",
        unit: "posts",
        better: Higher,
        for_whom: Managers,
        kind: Average,
        by: [],
        decimals: 1,
        population: "posts",
        definition: "Posts with a permanent worker, time average.",
    }
    CasesPerFilledPost {
        key: "cases_per_filled_post",
        unit: "cases/post",
        better: Lower,
        for_whom: Workers,
        kind: Average,
        by: [],
        decimals: 1,
        population: "posts with a worker, agency too",
        definition: "Time average of allocated cases over posts with at least one worker, over the time in which there is one.",
    }
    CapacityGap {
        key: "capacity_gap",
        unit: "FTE",
        better: Lower,
        for_whom: Managers,
        kind: MonthEnd,
        by: [Team],
        decimals: 1,
        population: "all open cases and workers",
        definition: "Full-time workers of the mean direct-work share in post that would bring the hours that open cases need and the hours supplied level, at the end of the month; negative: to spare.",
    }
    Cost {
        key: "cost",
        unit: "currency",
        better: Lower,
        for_whom: Budget,
        kind: Total,
        by: [],
        decimals: 0,
        population: "the service",
        definition: "Salaries (a calendar year costs the salary, leap year or not), agency, hires, paid overtime, time off in lieu paid out to leavers at their hourly salary, and unallocated days; empty where the scenario has no prices.",
    }
}

impl Metric {
    /// Its entry in the catalogue.
    pub fn definition(self) -> &'static Definition {
        &CATALOGUE[self as usize]
    }

    /// The metric of a name, if there is one.
    pub fn by_key(key: &str) -> Option<Metric> {
        CATALOGUE.iter().find(|d| d.key == key).map(|d| d.metric)
    }
}

impl Better {
    /// In a word, as in files: `higher` is better.
    pub fn word(self) -> &'static str {
        match self {
            Better::Higher => "higher",
            Better::Lower => "lower",
            Better::Neither => "neither",
        }
    }
}

impl Kind {
    /// In words, as in files: when a number is taken.
    pub fn words(self) -> &'static str {
        match self {
            Kind::MonthEnd => "month end",
            Kind::Average => "average",
            Kind::Total => "total",
            Kind::Ratio => "ratio",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_metric_stands_at_its_own_number_under_its_own_name() {
        for (at, definition) in CATALOGUE.iter().enumerate() {
            assert_eq!(definition.metric as usize, at, "{}", definition.key);
            assert_eq!(Metric::by_key(definition.key), Some(definition.metric));
        }
    }
}
