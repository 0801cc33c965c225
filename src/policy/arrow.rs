//! Which feedbacks are cut, to see what each carries?

/// A feedback from load back to load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Arrow {
    /// A worker with more than fits gets on more slowly. Cut: every case goes on at full pace, whatever is unmet.
    OverloadSlowsWork,
    /// Unmet need makes cases grow more complex sooner. Cut: every `unmet_effect` of a risk is 0.
    UnmetNeedEscalates,
    /// Unmet need makes closed cases return more often. Cut: `unmet_effect` of returns is 0.
    UnmetNeedReturns,
    /// Strain makes people leave. Cut: the effect of strain on the hazard is 0.
    StrainLeaving,
    /// Strain makes people ill. Cut: the effect of strain on the hazard is 0.
    StrainAbsence,
    /// The cases of one who leaves fall back on those who stay. Cut: they leave the service with their worker, as if
    /// another service finished them; they count as closed and may return.
    LeaversCasesFallBack,
    /// A lighter load fills vacancies sooner. Cut: the filling speed is 1.
    LoadRecruitment,
}

/// All of them, in the order of the model's page.
pub const ARROWS: [Arrow; 7] = [
    Arrow::OverloadSlowsWork,
    Arrow::UnmetNeedEscalates,
    Arrow::UnmetNeedReturns,
    Arrow::StrainLeaving,
    Arrow::StrainAbsence,
    Arrow::LeaversCasesFallBack,
    Arrow::LoadRecruitment,
];

/// Names as a user writes them, in the order of [`ARROWS`].
pub const ARROW_NAMES: &[&str] = &[
    "overload slows work",
    "unmet need escalates",
    "unmet need returns",
    "strain -> leaving",
    "strain -> absence",
    "leavers' cases fall back",
    "load -> recruitment",
];

impl Arrow {
    /// Its name.
    pub fn name(self) -> &'static str {
        ARROW_NAMES[self as usize]
    }

    /// The arrow of a name, in any letters.
    pub fn by_name(name: &str) -> Option<Arrow> {
        let at = ARROW_NAMES
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name))?;
        ARROWS.get(at).copied()
    }
}

/// A set of feedbacks that are cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cuts(u8);

impl Cuts {
    /// None cut.
    pub const NONE: Cuts = Cuts(0);

    /// These and one more.
    #[must_use]
    pub fn with(self, arrow: Arrow) -> Cuts {
        Cuts(self.0 | 1 << arrow as u8)
    }

    /// These and those.
    #[must_use]
    pub fn and(self, others: Cuts) -> Cuts {
        Cuts(self.0 | others.0)
    }

    /// All of them.
    pub fn all() -> Cuts {
        ARROWS
            .iter()
            .fold(Cuts::NONE, |cuts, arrow| cuts.with(*arrow))
    }

    /// Their names, in the order of [`ARROWS`].
    pub fn names(self) -> Vec<String> {
        let cut = ARROWS.iter().filter(|arrow| self.has(**arrow));
        cut.map(|arrow| arrow.name().to_owned()).collect()
    }

    /// True where a feedback is cut.
    pub fn has(self, arrow: Arrow) -> bool {
        self.0 & (1 << arrow as u8) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_arrow_is_found_by_its_name() {
        for arrow in ARROWS {
            assert_eq!(Arrow::by_name(arrow.name()), Some(arrow));
            assert_eq!(Arrow::by_name(&arrow.name().to_uppercase()), Some(arrow));
        }
        assert_eq!(Arrow::by_name("strain"), None);
    }

    proptest! {
        #[test]
        fn a_set_holds_what_was_put_in_and_nothing_else(chosen in proptest::collection::vec(0_usize..7, 0..7)) {
            let cuts = chosen.iter().fold(Cuts::NONE, |cuts, at| cuts.with(ARROWS[*at]));
            for (at, arrow) in ARROWS.iter().enumerate() {
                prop_assert_eq!(cuts.has(*arrow), chosen.contains(&at));
            }
        }
    }
}
