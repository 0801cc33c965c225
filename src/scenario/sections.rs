//! The service as checked: what every rule of the file has been applied to.
//!
//! Times are in days from the origin of the calendar, rates in the unit their name says.

use crate::model::calendar::Calendar;
use crate::model::law::{Discrete, Law};
use crate::model::pathway::Stage;
use crate::model::post::{Grade, PostGroup};
use crate::policy::Policy;
use crate::scenario::target::Target;

/// Children per family at most: a child is known by its family and its place there.
pub const FAMILY_LIMIT: usize = 32;

/// Everything that one experiment plays.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Short name: the file's name without its ending.
    pub name: String,
    /// One line that says what is played.
    pub title: String,
    /// More words, if any.
    pub description: Option<String>,
    /// Months, censuses and working days.
    pub calendar: Calendar,
    /// Contract of a full-time worker [hours a week].
    pub full_time_hours: f64,
    /// Families that arrive.
    pub referrals: Referrals,
    /// The stages of the pathway.
    pub stages: Vec<Stage>,
    /// Names of the areas; a referral belongs to one for ever.
    pub areas: Discrete<usize>,
    /// Names of the areas, by index.
    pub area_names: Vec<String>,
    /// Teams, in the order of the file.
    pub teams: Vec<Team>,
    /// Returns of closed cases; absent: nobody returns.
    pub returns: Option<Return>,
    /// Days without progress after a change of worker [days].
    pub handover_days: f64,
    /// Cases open at the origin.
    pub opening: Opening,
    /// Children closed a month before the origin, who still owe their returns [children a month].
    pub closed_lately_per_month: f64,
    /// Grades, in the order of the file.
    pub grades: Vec<Grade>,
    /// Posts, in the order of the file: post numbers run through the groups.
    pub posts: Vec<PostGroup>,
    /// Sickness; absent: nobody is ever sick.
    pub absence: Option<Absence>,
    /// How vacancies are filled; absent: they stay empty.
    pub recruitment: Option<Recruitment>,
    /// Agency cover; absent: none.
    pub agency: Option<Agency>,
    /// From workload to fatigue to leaving.
    pub strain: Strain,
    /// What overload does to the work.
    pub overload: Overload,
    /// Managers; absent: none are reported.
    pub managers: Option<Managers>,
    /// Prices; absent: cost is not reported.
    pub cost: Option<Cost>,
    /// A number of cases that workers are compared with whatever the policy [cases a full-time worker].
    pub guideline: Option<f64>,
    /// Working days for the share of referrals still waiting [working days].
    pub waiting_mark_working_days: u32,
    /// How the people in post are found at the origin.
    pub staff_at_start: StaffAtStart,
    /// The policies, in the order of the file.
    pub policies: Vec<Policy>,
    /// What the planner wants to reach.
    pub targets: Vec<Target>,
    /// What is run unless the command line says otherwise.
    pub run: RunDefaults,
}

/// How families come.
#[derive(Clone, Debug, PartialEq)]
pub struct Referrals {
    /// When they come.
    pub arrivals: Arrivals,
    /// Children of a family, 1 to [`FAMILY_LIMIT`].
    pub family_size: Discrete<usize>,
    /// Share of its hours that a child needs whose sibling with a lower number has the same worker [1].
    pub sibling_hours: f64,
    /// Stage in which a child's pathway begins.
    pub first_stage: Discrete<usize>,
}

/// When families come.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// A Poisson stream whose rate is constant within a calendar month.
    Poisson {
        /// Before season, growth and surges [families a month of 365.25/12 days].
        families_per_month: f64,
        /// Multiplier from January to December [1].
        season: [f64; 12],
        /// Growth a year [1]; counted from the start, none in the warm-up.
        growth_per_year: f64,
        /// Multipliers for a time.
        surges: Vec<Surge>,
        /// Variance of the independent mean-one gamma factor of each month [1]; 0: plain Poisson.
        overdispersion: f64,
        /// True: nobody comes on other days; the month's total is the same.
        working_days_only: bool,
    },
    /// Families on given days.
    Replay {
        /// In order of time.
        families: Vec<ReplayedFamily>,
    },
}

/// A family of a replayed list.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayedFamily {
    /// When it comes [days from the origin].
    pub time: f64,
    /// Its row in the file, from 0: its identity for all draws.
    pub row: u32,
    /// Number of children, where the list says it.
    pub children: Option<usize>,
    /// First stage of all its children, where the list says it.
    pub stage: Option<usize>,
    /// Area, where the list says it.
    pub area: Option<usize>,
}

/// A multiplier of referrals for a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surge {
    /// First month [months since the start].
    pub from_month: i32,
    /// Length [months]; absent: for ever.
    pub months: Option<u32>,
    /// Multiplier [1].
    pub multiplier: f64,
}

/// A team.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// Index of its area.
    pub area: usize,
    /// Indices of the stages that it takes.
    pub takes: Vec<usize>,
}

/// How closed cases come back.
#[derive(Clone, Debug, PartialEq)]
pub struct Return {
    /// `p`: probability when need was fully met [1].
    pub probability: f64,
    /// `r`: how much unmet need adds, relative [1].
    pub unmet_effect: f64,
    /// From 24:00 of the day of closing to the return [days].
    pub delay: Law,
    /// Stage at which a child comes back.
    pub to: Discrete<usize>,
    /// True: to the former worker where the unit fits.
    pub to_same_worker: bool,
}

/// Cases open at the origin.
#[derive(Clone, Debug, PartialEq)]
pub enum Opening {
    /// Children in each stage, by index; grouped at random into families within a stage.
    Counts(Vec<u32>),
    /// Children in all, each family's stage drawn by a law.
    Mix {
        /// Children.
        total: u32,
        /// Stage of a family.
        stages: Discrete<usize>,
    },
    /// Given cases.
    Listed(Vec<ListedCase>),
}

/// One case of an opening list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedCase {
    /// Index of its stage.
    pub stage: usize,
    /// Age in the stage [days].
    pub age_days: f64,
    /// Cases with the same number are one family.
    pub family: u32,
    /// Area, where the list says it.
    pub area: Option<usize>,
}

/// Sickness.
#[derive(Clone, Debug, PartialEq)]
pub struct Absence {
    /// Length of a spell [days].
    pub spell: Law,
    /// Length from which cases are handed over [days]; absent: never.
    pub cover_after_days: Option<f64>,
}

/// How vacancies are filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Recruitment {
    /// From the opening of a vacancy to the newcomer's first day [days].
    pub time_to_fill: Law,
    /// Grade of a newcomer, by index; absent: the grade of the post.
    pub grade: Option<Discrete<usize>>,
    /// Newcomers who come together once a year.
    pub intakes: Vec<Intake>,
    /// A lighter load attracts staff; absent: it does not.
    pub attraction: Option<Attraction>,
}

/// Newcomers who come together once a year, to the posts that have been vacant longest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intake {
    /// On the first day of this month, 1 is January.
    pub month_of_year: u8,
    /// How many at most.
    pub people: u32,
    /// Index of their grade.
    pub grade: usize,
}

/// Filling speed `exp(-b (caseload - reference))` with the mean caseload at the last census.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attraction {
    /// `b` [per case].
    pub b_per_case: f64,
    /// [cases a full-time worker]
    pub reference: f64,
}

/// Agency cover.
#[derive(Clone, Debug, PartialEq)]
pub struct Agency {
    /// Index of the grade of agency workers.
    pub grade: usize,
    /// From the opening of a vacancy to cover [days].
    pub lead: Law,
    /// Largest share of posts covered at a time [1], rounded down to posts.
    pub max_share: f64,
    /// Stay beside the newcomer [days].
    pub overlap_days: f64,
}

/// From workload to fatigue, leaving and absence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strain {
    /// Standard deviations for each unit of workload ratio above `onset`.
    pub gain: f64,
    /// Workload ratio [1].
    pub onset: f64,
    /// Memory [days]; 0: strain follows at once.
    pub tau_days: f64,
    /// How far the disposition acts in the hazards [1].
    pub frailty: f64,
    /// Effect of strain on leaving, on the log hazard [per standard deviation].
    pub b_leave: f64,
    /// Effect of strain on absence, on the log hazard [per standard deviation].
    pub b_absence: f64,
    /// Share burnt out without any strain [1].
    pub burnout_base: f64,
    /// Highest hazard of leaving or absence [per year].
    pub hazard_max_per_year: f64,
}

/// How the people in post are found at the origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StaffAtStart {
    /// As in a service long under way: some are absent or under notice, in their long-run shares, and strain is at the
    /// level of the opening workload.
    #[default]
    Settled,
    /// Everybody is at work, nobody is under notice, and nobody is strained.
    Fresh,
}

/// What becomes of overtime.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overtime {
    /// Time off in lieu: owed, given back in slack, and paid out to leavers at their hourly salary.
    #[default]
    Toil,
    /// Paid at `cost.per_overtime_hour`; nothing is owed.
    Paid,
    /// Neither paid nor owed: hours given.
    Unpaid,
}

/// What overload does to the work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overload {
    /// Supply lost for each unit of workload ratio above 1 [1].
    pub loss: f64,
    /// Least share of supply left [1].
    pub floor: f64,
    /// Overtime at most, as a share of the contract [1].
    pub overtime_max: f64,
    /// What becomes of overtime.
    pub overtime: Overtime,
    /// Share of slack that pays back time owed [1].
    pub toil_back: f64,
    /// Most time owed to one worker; what is worked beyond is given [hours]. Absent: no bound.
    pub toil_max_hours: Option<f64>,
    /// Coverage down to which the pace is kept by giving each family less [1].
    pub thin: f64,
    /// Fastest pace when there is slack [1].
    pub speed_max: f64,
    /// True: supply fills the highest priority first.
    pub serve_by_priority: bool,
}

/// Managers and their time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Managers {
    /// Posts for each manager.
    pub span: f64,
    /// Time for supervision of one manager [hours a week]; absent: not reported.
    pub supervision_hours_per_week: Option<f64>,
}

/// Prices, all in one currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Of one hire.
    pub per_hire: f64,
    /// Of one hour of overtime where overtime is paid.
    pub per_overtime_hour: f64,
    /// Of one hour of time owed that is paid out to a leaver; absent: the hourly salary of the grade, which is
    /// `cost_per_year` over 365.25 / 7 weeks of its hours, and 0 where the grade has no cost.
    pub per_toil_hour: Option<f64>,
    /// Of one case without a worker for a day.
    pub per_unallocated_day: f64,
}

/// What is run unless the command line says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunDefaults {
    /// Replications of each policy.
    pub replications: u64,
    /// Seed of all chance.
    pub seed: u64,
    /// Replications that share one draw of the uncertain parameters, where there are any.
    pub replications_per_world: u64,
}

impl Scenario {
    /// Index of the team that takes a stage in an area: exactly one does, by check.
    pub fn team_of(&self, area: usize, stage: usize) -> usize {
        self.teams
            .iter()
            .position(|t| t.area == area && t.takes.contains(&stage))
            .unwrap_or(0)
    }

    /// Number of posts.
    pub fn post_count(&self) -> usize {
        self.posts.iter().map(|group| group.count).sum()
    }
}
