//! Sums over a stretch of time: what is counted and integrated of a team, of a grade, of a stage.

/// Whether anything is written down. It always is, but where a bench measures what that costs: see
/// `benches/recording.sh`.
pub(super) const RECORDS: bool = !cfg!(unrecorded);

/// A quantity to the nearest 2^-36, so that levels that rise and fall by such return to exactly what they were:
/// up to 131,072 of them add up without a rounding.
pub(super) fn summable(quantity: f64) -> f64 {
    const PARTS: f64 = (1u64 << 36) as f64;
    (quantity * PARTS).round() / PARTS
}

/// A small unit of which all quantities of one kind are whole multiples, so that their sums are exact in any order:
/// a thousand weights of 0.001 are 1, and no case is let in or kept out by a rounding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grid {
    /// Units in one [1].
    parts: f64,
}

impl Grid {
    /// The greatest decimal unit down to 10^-9 of which all quantities are multiples, as people write weights; where
    /// there is none, 2^-36.
    pub(super) fn of(quantities: impl Iterator<Item = f64> + Clone) -> Grid {
        let is_whole = |parts: f64| {
            quantities.clone().all(|quantity| {
                let units = quantity * parts;
                (units - units.round()).abs() <= 1e-12 * units.abs().max(1.0)
            })
        };
        let decimal = (0..=9).map(|digits| libm::pow(10.0, f64::from(digits)));
        let parts = decimal.into_iter().find(|parts| is_whole(*parts));
        Grid {
            parts: parts.unwrap_or((1u64 << 36) as f64),
        }
    }

    /// A quantity as a number of units, whole.
    pub(super) fn units(self, quantity: f64) -> f64 {
        (quantity * self.parts).round()
    }

    /// The quantity of a number of units: of a sum of units, rounded once.
    #[inline]
    pub(super) fn quantity(self, units: f64) -> f64 {
        units / self.parts
    }
}

/// What is summed for each team. Integrals are in the unit of the level x days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Sum {
    // Integrals of levels.
    Open,
    Waiting,
    WaitingNeed,
    Vacant,
    Covered,
    FilledPosts,
    FteInPost,
    FtePermanent,
    FteAgency,
    // Integrals of ratios of levels.
    Caseload,
    CaseloadDays,
    CaseloadInPost,
    InPostDays,
    CaseloadPost,
    PostDays,
    // Integrals over workers.
    HeadDays,
    PermanentDays,
    AbsentDays,
    PresentDays,
    Ratio,
    Overloaded,
    Supply,
    Unused,
    Need,
    Delivered,
    Overtime,
    Strain,
    BurntOut,
    Attributable,
    Salaries,
    // Counts.
    Referrals,
    Allocations,
    Transfers,
    Closures,
    Escalations,
    Returns,
    CameAgain,
    Withdrawals,
    Leavers,
    AgencyLeavers,
    Starters,
    Overshoot,
    OvershootCases,
    OverLimit,
    HoursGiven,
    OvertimePaid,
    ToilPaidOut,
    ToilMoney,
    WaitDays,
    Waits,
    ScreenedOut,
    Declined,
    // Integrals of what stands for long.
    Established,
    ManagerDays,
    ManagerHeld,
    ManagerHours,
    Lapsed,
    /// How many sums there are.
    Count,
}

/// Number of sums of a team.
pub(super) const SUMS: usize = Sum::Count as usize;

/// What is summed for each grade, over workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum GradeSum {
    HeadDays,
    FteDays,
    PresentDays,
    Ratio,
    BurntOut,
    Count,
}

pub(super) const GRADE_SUMS: usize = GradeSum::Count as usize;

/// Sums over a stretch of time.
#[derive(Clone, Debug)]
pub(super) struct Sums {
    pub(super) teams: Vec<[f64; SUMS]>,
    /// Ratios of levels of the whole service; other entries unused.
    pub(super) service: [f64; SUMS],
    pub(super) grades: Vec<[f64; GRADE_SUMS]>,
    /// Integrals of open and of waiting cases, [stage].
    pub(super) stages: Vec<[f64; 2]>,
}

impl Default for Sums {
    fn default() -> Sums {
        Sums {
            teams: Vec::new(),
            service: [0.0; SUMS],
            grades: Vec::new(),
            stages: Vec::new(),
        }
    }
}

impl Sums {
    pub(super) fn reset(&mut self, teams: usize, grades: usize, stages: usize) {
        self.teams.clear();
        self.teams.resize(teams, [0.0; SUMS]);
        self.service = [0.0; SUMS];
        self.grades.clear();
        self.grades.resize(grades, [0.0; GRADE_SUMS]);
        self.stages.clear();
        self.stages.resize(stages, [0.0; 2]);
    }

    pub(super) fn zero(&mut self) {
        let (teams, grades, stages) = (self.teams.len(), self.grades.len(), self.stages.len());
        self.reset(teams, grades, stages);
    }

    pub(super) fn add(&mut self, other: &Sums) {
        for (sums, others) in self.teams.iter_mut().zip(&other.teams) {
            sums.iter_mut()
                .zip(others)
                .for_each(|(sum, more)| *sum += more);
        }
        self.service
            .iter_mut()
            .zip(&other.service)
            .for_each(|(sum, more)| *sum += more);
        for (sums, others) in self.grades.iter_mut().zip(&other.grades) {
            sums.iter_mut()
                .zip(others)
                .for_each(|(sum, more)| *sum += more);
        }
        for (sums, others) in self.stages.iter_mut().zip(&other.stages) {
            sums.iter_mut()
                .zip(others)
                .for_each(|(sum, more)| *sum += more);
        }
    }

    /// One sum, of a team or, without one, of the service.
    pub(super) fn of(&self, team: Option<usize>, sum: Sum) -> f64 {
        match team {
            Some(team) => self.teams[team][sum as usize],
            None if is_ratio(sum) => self.service[sum as usize],
            None => self.teams.iter().map(|sums| sums[sum as usize]).sum(),
        }
    }

    pub(super) fn of_grade(&self, grade: usize, sum: GradeSum) -> f64 {
        self.grades[grade][sum as usize]
    }

    /// Integrals of open and of waiting cases of a stage [case days].
    pub(super) fn of_stage(&self, stage: usize) -> [f64; 2] {
        self.stages[stage]
    }
}

/// Sums that the service does not get by adding up its teams.
fn is_ratio(sum: Sum) -> bool {
    matches!(
        sum,
        Sum::Caseload
            | Sum::CaseloadDays
            | Sum::CaseloadInPost
            | Sum::InPostDays
            | Sum::CaseloadPost
            | Sum::PostDays
            | Sum::ManagerDays
    )
}
