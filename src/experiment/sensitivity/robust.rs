//! The points of A and B as plausible worlds: in how many of them each policy does what is required, what is lost by it where
//! another would have been best, and where it fails.

use crate::experiment::sensitivity::design::{Point, Role, pick};
use crate::experiment::sensitivity::play::Played;
use crate::experiment::sensitivity::question::{Looked, Question};
use crate::metric::catalogue::Better;
use crate::random::stream::{Kind, Luck, Purpose};
use crate::statistics::interval::{Interval, LEVEL, wilson};
use crate::statistics::prim::{Found, boxes, by_chance};
use crate::statistics::regret::{Regret, regret};

/// Boxes that are looked for at most.
const BOXES: usize = 3;
/// Deals of the test whether a box may be chance.
const DEALS: usize = 199;

/// How a policy does over plausible worlds.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Worlds.
    pub worlds: usize,
    /// Worlds in which each requirement is met in so many replications as it asks for.
    pub meets: usize,
    /// Worlds in which luck may have decided that: a requirement's probability is inside the 95 % interval.
    pub close: usize,
    /// Mean over worlds of the chance that all are met in a replication [1].
    pub chance: f64,
}

impl Standing {
    /// Share of worlds in which it meets [1].
    pub fn share(&self) -> f64 {
        self.meets as f64 / self.worlds as f64
    }

    /// 95 % interval of that share among all plausible worlds, as if these had been drawn one by one: points that are spread
    /// evenly tell more.
    pub fn interval(&self) -> Option<Interval> {
        wilson(self.meets as u64, self.worlds as u64, LEVEL)
    }
}

/// What is lost by each policy in one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// Place among what is looked at.
    pub looked: usize,
    /// (policies,)
    pub regrets: Vec<Regret>,
}

/// Where a policy fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Failing {
    /// Place among the policies of the question: the one that meets in most worlds.
    pub policy: usize,
    /// Worlds in which it fails.
    pub fails: usize,
    /// Boxes of inputs in which that is frequent, the first found first.
    pub boxes: Vec<Found>,
    /// How often as good a first box would be found if failing had nothing to do with the inputs [1].
    pub by_chance: f64,
}

/// What plausible worlds say.
#[derive(Clone, Debug, PartialEq)]
pub struct Robust {
    /// (policies,) empty without requirements.
    pub standings: Vec<Standing>,
    /// For each outcome of which one end is better.
    pub losses: Vec<Loss>,
    /// Of the policy that meets in most worlds; nothing without requirements.
    pub failing: Option<Failing>,
}

/// Looks at the worlds.
pub fn robust(question: &Question, points: &[Point], played: &Played) -> Robust {
    let is_world = |at: &usize| matches!(points[*at].role, Role::A | Role::B);
    let worlds: Vec<usize> = (0..points.len()).filter(is_world).collect();
    let policies = question.policies.len();
    let verdicts: Vec<Vec<Verdict>> = (0..policies)
        .map(|policy| {
            let of = |at: &usize| verdict(question, played, *at, policy);
            worlds.iter().map(of).collect()
        })
        .collect();
    let has_requirements = !question.requirements.is_empty();
    let standings: Vec<Standing> = match has_requirements {
        true => verdicts.iter().map(|own| standing(own)).collect(),
        false => Vec::new(),
    };
    // The earlier where alike.
    let best = (0..standings.len())
        .rev()
        .max_by_key(|at| standings[*at].meets);
    let failing = best.filter(|_| !worlds.is_empty()).map(|policy| {
        let numbers: Vec<Vec<f64>> = worlds
            .iter()
            .map(|at| played.numbers[*at].clone())
            .collect();
        let fails: Vec<bool> = verdicts[policy].iter().map(|v| !v.meets).collect();
        let boxes = boxes(&numbers, &fails, BOXES);
        let luck = Luck::new(question.seed, 0);
        let mut luck = luck.stream(Kind::Design, 0, 1, Purpose::Resampling);
        let by_chance = match boxes.is_empty() {
            true => 1.0,
            false => by_chance(&numbers, &fails, DEALS, &mut |n| pick(&mut luck, n)),
        };
        Failing {
            policy,
            fails: fails.iter().filter(|f| **f).count(),
            boxes,
            by_chance,
        }
    });
    let looked = question.looked();
    let losses = looked.iter().enumerate().filter_map(|(at, thing)| {
        let is_less = match thing.better() {
            Better::Lower => true,
            Better::Higher => false,
            Better::Neither => return None,
        };
        // One requirement's chance says nothing of the others.
        if matches!(thing, Looked::Met(_)) && question.requirements.len() > 1 {
            return None;
        }
        let of_world = |world: &usize| -> Vec<Vec<f64>> {
            let own = |policy| played.values(*world, policy, at).to_vec();
            (0..policies).map(own).collect()
        };
        let values: Vec<Vec<Vec<f64>>> = worlds.iter().map(of_world).collect();
        let regrets = regret(&values, is_less)?;
        Some(Loss {
            looked: at,
            regrets,
        })
    });
    let losses = if policies > 1 {
        losses.collect()
    } else {
        Vec::new()
    };
    Robust {
        standings,
        losses,
        failing,
    }
}

/// How a policy stands in one world.
struct Verdict {
    meets: bool,
    is_close: bool,
    chance: f64,
}

fn verdict(question: &Question, played: &Played, world: usize, policy: usize) -> Verdict {
    let first = question.outcomes.len();
    let mut found = Verdict {
        meets: true,
        is_close: false,
        chance: f64::NAN,
    };
    let mut fails_clearly = false;
    for (at, requirement) in question.requirements.iter().enumerate() {
        let values = played.values(world, policy, first + at);
        let met = values.iter().filter(|v| **v == 1.0).count();
        let holds = met as f64 >= requirement.probability * values.len() as f64 - 1e-9;
        let interval = wilson(met as u64, values.len() as u64, LEVEL);
        let is_close = interval.is_none_or(|i| i.holds(requirement.probability));
        found.meets &= holds;
        found.is_close |= is_close;
        fails_clearly |= !holds && !is_close;
    }
    // One that clearly fails decides, however close the others are.
    found.is_close &= !fails_clearly;
    let many = question.requirements.len();
    let all = first + if many > 1 { many } else { 0 };
    let values = played.values(world, policy, all);
    found.chance = values.iter().sum::<f64>() / values.len() as f64;
    found
}

fn standing(verdicts: &[Verdict]) -> Standing {
    let count = |is: &dyn Fn(&Verdict) -> bool| verdicts.iter().filter(|v| is(v)).count();
    Standing {
        worlds: verdicts.len(),
        meets: count(&|v| v.meets),
        close: count(&|v| v.is_close),
        chance: verdicts.iter().map(|v| v.chance).sum::<f64>() / verdicts.len() as f64,
    }
}
