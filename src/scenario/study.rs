//! What a command changes in a scenario before it is played: feedbacks that are cut.

use crate::policy::Policy;
use crate::policy::arrow::{ARROWS, Arrow, Cuts};
use crate::scenario::sections::Scenario;

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

impl Study {
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
