//! What a command changes in a scenario before it is played: feedbacks that are cut.

use crate::policy::Policy;
use crate::policy::arrow::{ARROW_NAMES, ARROWS, Arrow, Cuts};
use crate::scenario::key::nearest;
use crate::scenario::sections::Scenario;
use crate::scenario::target::Wrong;

/// A change of a scenario for one command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Study {
    /// As the file has it.
    #[default]
    AsWritten,
    /// With feedbacks cut under every policy.
    Cut(Cuts),
    /// With two policies again without each feedback and without all, after those of the file.
    Explain {
        /// Index of the policy.
        policy: usize,
        /// Index of the policy that it is held against.
        against: usize,
        /// Feedbacks that are cut in both from the outset.
        cut: Cuts,
    },
}

/// What is cut in a pair of policies that a study adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    /// One feedback.
    One(Arrow),
    /// All of them.
    All,
}

impl Without {
    /// Every pair that a study adds, in order.
    pub fn each() -> impl Iterator<Item = Without> {
        ARROWS.into_iter().map(Without::One).chain([Without::All])
    }

    fn cuts(self) -> Cuts {
        match self {
            Without::One(arrow) => Cuts::NONE.with(arrow),
            Without::All => Cuts::all(),
        }
    }

    /// What is cut, in words.
    pub fn name(self) -> &'static str {
        match self {
            Without::One(arrow) => arrow.name(),
            Without::All => "all of them",
        }
    }
}

/// The feedbacks of some names.
///
/// # Errors
/// The first name that no feedback has, and the nearest that one has.
pub fn cuts(names: &[String]) -> Result<Cuts, Wrong> {
    names.iter().try_fold(Cuts::NONE, |cuts, name| {
        let arrow = Arrow::by_name(name).ok_or_else(|| {
            let remedy = match nearest(name, ARROW_NAMES.iter().copied()) {
                Some(known) => format!("did you mean \"{known}\"?"),
                None => format!("write one of: {}", ARROW_NAMES.join(", ")),
            };
            (format!("there is no feedback {name:?}"), remedy)
        })?;
        Ok(cuts.with(arrow))
    })
}

impl Study {
    /// The study that explains the difference of two policies, by their places.
    ///
    /// # Errors
    /// Where both are one.
    pub fn pair(
        policies: &[Policy],
        policy: usize,
        against: usize,
        cut: Cuts,
    ) -> Result<Study, Wrong> {
        if policy == against {
            let names: Vec<&str> = policies.iter().map(|p| p.name.as_str()).collect();
            return Err((
                "the policy is held against itself".to_owned(),
                format!(
                    "name two policies; the scenario has: {}",
                    crate::text::listed(&names)
                ),
            ));
        }
        Ok(Study::Explain {
            policy,
            against,
            cut,
        })
    }

    /// Changes a scenario. Its policies keep their places; those that are added come after them, pair by pair, in
    /// the order of [`Without::each`], the policy before the one that it is held against.
    pub fn apply(&self, scenario: &mut Scenario) {
        let cut = match self {
            Study::AsWritten => return,
            Study::Cut(cuts) | Study::Explain { cut: cuts, .. } => *cuts,
        };
        for policy in &mut scenario.policies {
            policy.cuts = policy.cuts.and(cut);
        }
        if let Study::Explain {
            policy, against, ..
        } = self
        {
            let pair: Vec<Policy> = [policy, against]
                .into_iter()
                .filter_map(|at| scenario.policies.get(*at).cloned())
                .collect();
            for without in Without::each() {
                scenario.policies.extend(pair.iter().map(|policy| Policy {
                    name: format!("{}, without: {}", policy.name, without.name()),
                    cuts: policy.cuts.and(without.cuts()),
                    ..policy.clone()
                }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::document::Document;
    use crate::scenario::starter::starter;

    #[test]
    fn each_feedback_is_cut_in_a_pair_of_its_own() {
        let document = Document::parse("mine", starter()).unwrap();
        let mut scenario = document.scenario().clone();
        let before = scenario.policies.clone();
        let study = Study::Explain {
            policy: 1,
            against: 0,
            cut: Cuts::NONE,
        };
        study.apply(&mut scenario);
        assert_eq!(scenario.policies[..2], before[..]);
        assert_eq!(scenario.policies.len(), 2 + 2 * 8);
        for (at, without) in Without::each().enumerate() {
            let (policy, against) = (
                &scenario.policies[2 + 2 * at],
                &scenario.policies[3 + 2 * at],
            );
            assert_eq!(policy.phases, before[1].phases);
            assert_eq!(against.phases, before[0].phases);
            assert_eq!(
                (policy.cuts, against.cuts),
                (without.cuts(), without.cuts())
            );
        }
    }

    #[test]
    fn a_cut_holds_under_every_policy() {
        let document = Document::parse("mine", starter()).unwrap();
        let mut scenario = document.scenario().clone();
        let cuts = Cuts::NONE.with(Arrow::StrainLeaving);
        Study::Cut(cuts).apply(&mut scenario);
        assert!(scenario.policies.iter().all(|policy| policy.cuts == cuts));
        let as_it_was = document.scenario().clone();
        let mut same = as_it_was.clone();
        Study::AsWritten.apply(&mut same);
        assert_eq!(same, as_it_was);
    }
}
