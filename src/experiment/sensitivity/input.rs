//! What is not known of a scenario.

use crate::engine::world::World;
use crate::experiment::varied::varied as of_same_shape;
use crate::scenario::document::Document;
use crate::scenario::evidence::{Evidence, weakest_first};
use crate::scenario::problem::Problems;
use crate::scenario::target::Wrong;
use crate::scenario::vary::amount::Amount;
use crate::scenario::vary::place::Lever;
use crate::scenario::vary::range::Left;
use crate::scenario::vary::setting::Setting;
use crate::scenario::vary::values::Varied;

/// Values of a key that are all tried before anything is played, at most.
const LEVELS: usize = 100;

/// How it is said what a number may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// By a law in the file.
    Law,
    /// By a range beside the number, taken as uniform.
    Range,
    /// From outside, taken as uniform.
    Varied,
}

/// A number that is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Key, as written.
    pub key: String,
    /// How it is said.
    pub origin: Origin,
    /// From where to where it goes: all of it, or the middle 95 % of a law without ends [unit of the key, times in days;
    /// of factors: 1].
    pub ends: [f64; 2],
    /// True where it is a factor of what the file says.
    pub is_factor: bool,
    /// True where it is chosen, and cannot be found out: a count of posts, a number of a policy.
    pub is_choice: bool,
    /// What is known of it; absent where the file does not have it.
    pub evidence: Option<Evidence>,
}

/// All that is not known.
pub struct Inputs {
    /// The scenario with ranges as laws.
    plausible: Document,
    varied: Vec<Varied>,
    /// The laws and ranges in the order of reading, then what is varied from outside.
    pub list: Vec<Input>,
    /// Ranges that are not taken.
    pub left: Vec<Left>,
}

/// Why there are no inputs.
#[derive(Clone, Debug)]
pub enum InputError {
    /// What is varied from outside is wrong.
    Varied(Wrong),
    /// The scenario with it is wrong.
    Scenario(Problems),
    /// Nothing is unknown; there may be ranges that are not taken.
    Nothing(Vec<Left>),
}

impl From<Problems> for InputError {
    fn from(problems: Problems) -> InputError {
        InputError::Scenario(problems)
    }
}

impl Inputs {
    /// Gathers what is not known: numbers that are laws, numbers with a range, and what is varied from outside.
    ///
    /// # Errors
    /// [`InputError`].
    pub fn new(document: &Document, varied: Vec<Varied>) -> Result<Inputs, InputError> {
        let mut levers: Vec<Lever> = Vec::new();
        for (at, one) in varied.iter().enumerate() {
            let wrong =
                |what: String, remedy: &str| Err(InputError::Varied((what, remedy.to_owned())));
            let lever = document.lever(&one.key).map_err(InputError::Varied)?;
            if varied[..at].iter().any(|other| other.key == one.key) {
                let what = format!("`{}` is varied twice", one.key);
                return wrong(what, "give all its values in one --vary");
            }
            if number(&one.at(0.0)).is_nan() {
                let what = format!("the values of `{}` are times with a unit", one.key);
                return wrong(what, "write them in days, without the word");
            }
            let mut laws = document.unknowns().iter();
            let law = laws.find(|law| lever.places.iter().any(|place| place.path == law.path));
            if let (Some(law), true) = (law, one.is_factor()) {
                let what = format!(
                    "`{}` is a law in the file, and here a factor of it",
                    law.path
                );
                return wrong(what, "give its values in full, or leave it to the law");
            }
            levers.push(lever);
        }
        // What is varied from outside has no range besides.
        let places = levers.iter().flat_map(|lever| &lever.places);
        let fixed: Vec<&str> = places.map(|place| place.path.as_str()).collect();
        let (plausible, left) = document.plausible_but(&fixed)?;
        // Each value of a list is built once here, so that nothing wrong is met after hours; of a long range its ends.
        for one in &varied {
            let levels = one.levels().unwrap_or_default();
            let are_few = (1..=LEVELS).contains(&levels.len());
            for amount in if are_few { levels } else { ends(one).to_vec() } {
                let key = one.key.clone();
                of_same_shape(&plausible, &[Setting { key, amount }])?;
            }
        }
        // A key that is varied from outside is no law any more.
        let middle = settings(&varied, &vec![0.5; varied.len()]);
        let set = plausible.varied(&middle)?;
        let mut list: Vec<Input> = Vec::new();
        for unknown in set.unknowns() {
            let written = document.unknowns().iter().any(|u| u.path == unknown.path);
            list.push(Input {
                origin: if written { Origin::Law } else { Origin::Range },
                ends: unknown.law.reach(),
                is_factor: false,
                is_choice: unknown.path.starts_with("policies."),
                evidence: known(document.evidence(), &unknown.path),
                key: unknown.path.clone(),
            });
        }
        for (one, lever) in varied.iter().zip(&levers) {
            let [low, high] = ends(one).map(|amount| number(&amount));
            let paths = lever.places.iter().map(|place| place.path.as_str());
            // Of several places the weakest evidence speaks.
            let evidence = paths
                .filter_map(|path| known(document.evidence(), path))
                .min_by_key(weakest_first);
            list.push(Input {
                key: one.key.clone(),
                origin: Origin::Varied,
                ends: [low, high],
                is_factor: one.is_factor(),
                is_choice: lever.is_choice(),
                evidence,
            });
        }
        if list.is_empty() {
            return Err(InputError::Nothing(left));
        }
        Ok(Inputs {
            plausible,
            varied,
            list,
            left,
        })
    }

    /// The world at a point, and the numbers in it.
    ///
    /// * `places` - (inputs,) how much of each law lies below, in 0 to 1
    /// * returns - the world, and (inputs,) the numbers as in [`Input::ends`]
    ///
    /// # Errors
    /// What does not fit together there.
    pub fn world(&self, places: &[f64]) -> Result<(World, Vec<f64>), Problems> {
        let laws = self.list.len() - self.varied.len();
        let (of_laws, of_varied) = places.split_at(laws.min(places.len()));
        let named: Vec<(String, f64)> = self
            .list
            .iter()
            .zip(of_laws)
            .map(|(input, place)| (input.key.clone(), *place))
            .collect();
        let (scenario, unknowns) = if self.varied.is_empty() {
            self.plausible.world_at(&named)?
        } else {
            let settings = settings(&self.varied, of_varied);
            self.plausible.varied(&settings)?.world_at(&named)?
        };
        let value = |input: &Input| {
            let unknown = unknowns.iter().find(|u| u.path == input.key);
            unknown.map_or(f64::NAN, |u| u.value)
        };
        let mut numbers: Vec<f64> = self.list[..laws].iter().map(value).collect();
        let varied = self.varied.iter().zip(of_varied);
        numbers.extend(varied.map(|(one, place)| number(&one.at(*place))));
        Ok((World::new(scenario), numbers))
    }
}

fn settings(varied: &[Varied], places: &[f64]) -> Vec<Setting> {
    let pairs = varied.iter().zip(places);
    pairs
        .map(|(one, place)| Setting {
            key: one.key.clone(),
            amount: one.at(*place),
        })
        .collect()
}

/// The values at both ends.
fn ends(varied: &Varied) -> [Amount; 2] {
    /// The last place below 1.
    const LAST: f64 = 1.0 - f64::EPSILON;
    [varied.at(0.0), varied.at(LAST)]
}

fn number(amount: &Amount) -> f64 {
    match amount {
        Amount::To(value) | Amount::Times(value) => *value,
        Amount::Time(_) => f64::NAN,
    }
}

/// What the register says of a path, or of the nearest that it is a part of.
fn known(register: &[Evidence], path: &str) -> Option<Evidence> {
    let covers = |key: &str| {
        path.strip_prefix(key)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let all = register.iter().filter(|e| covers(&e.key));
    all.max_by_key(|e| e.key.len()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::starter::starter;

    fn document() -> Document {
        let text = starter().replacen("families_per_month = ", "families_per_month = {  law = \"uniform\", low = 4, high = 8, grade = \"C\", source = \"a count\" } # ", 1);
        Document::parse("mine", &text).unwrap()
    }

    fn varied(texts: &[&str]) -> Vec<Varied> {
        texts.iter().map(|t| Varied::parse(t).unwrap()).collect()
    }

    #[test]
    fn laws_and_what_is_varied_from_outside_are_inputs_and_each_place_has_its_world() {
        let inputs = Inputs::new(&document(), varied(&["posts.worker.count=4:6"])).unwrap();
        let keys: Vec<&str> = inputs.list.iter().map(|i| i.key.as_str()).collect();
        assert_eq!(keys, ["referrals.families_per_month", "posts.worker.count"]);
        let grade = inputs.list[0]
            .evidence
            .as_ref()
            .and_then(|e| e.grade.as_deref());
        assert_eq!((grade, inputs.list[0].origin), (Some("C"), Origin::Law));
        let (world, numbers) = inputs.world(&[0.25, 0.99]).unwrap();
        assert_eq!(numbers, [5.0, 6.0]);
        assert_eq!(world.scenario.post_count(), 6);
    }

    #[test]
    fn a_law_that_is_varied_from_outside_is_one_input() {
        let key = "referrals.families_per_month=3:9:0.5";
        let inputs = Inputs::new(&document(), varied(&[key])).unwrap();
        assert_eq!(inputs.list.len(), 1);
        assert_eq!(inputs.list[0].origin, Origin::Varied);
        assert_eq!(inputs.list[0].ends, [3.0, 9.0]);
    }

    #[test]
    fn what_is_varied_from_outside_has_no_range_besides() {
        let text = starter().replacen(
            "leave_per_year = 0.12",
            "leave_per_year = { value = 0.12, range = [0.05, 0.35] }",
            1,
        );
        let document = Document::parse("mine", &text).unwrap();
        assert_eq!(
            Inputs::new(&document, Vec::new()).unwrap().list[0].ends,
            [0.05, 0.35]
        );
        let inputs = Inputs::new(&document, varied(&["grades.*.leave_per_year=x0.5:x2"])).unwrap();
        assert_eq!(inputs.list.len(), 1);
        assert_eq!(
            (inputs.list[0].ends[0], inputs.list[0].is_factor),
            (0.5, true)
        );
        assert!(!inputs.list[0].is_choice);
        let limit = Inputs::new(&document, varied(&["limit.value=8:14"])).unwrap();
        assert!(limit.list[1].is_choice);
    }

    #[test]
    fn what_cannot_be_varied_is_refused() {
        let certain = Document::parse("mine", starter()).unwrap();
        assert!(matches!(
            Inputs::new(&certain, Vec::new()),
            Err(InputError::Nothing(_))
        ));
        for texts in [
            vec!["post=1:2"],
            vec!["months=3 days,5 days"],
            vec!["months=3:4", "months=5:6"],
        ] {
            let wrong = Inputs::new(&certain, varied(&texts));
            assert!(matches!(wrong, Err(InputError::Varied(_))), "{texts:?}");
        }
        let beyond = Inputs::new(&certain, varied(&["posts.worker.count=1.5,2"]));
        assert!(matches!(beyond, Err(InputError::Scenario(_))));
    }
}
