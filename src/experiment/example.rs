//! A small service for the tests of this room and of `output`: four posts, one stage, two policies,
//! three months, one target.
#![allow(clippy::panic, reason = "a test that cannot go on has failed")]

use std::sync::atomic::AtomicBool;

use crate::engine::world::World;
use crate::experiment::plan::Plan;
use crate::experiment::run::{Watch, Worlds, run};
use crate::experiment::summary::Summary;
use crate::scenario::document::Document;
use crate::scenario::sections::{Opening, Scenario};

/// The scenario of the example.
pub(crate) const TEXT: &str = r#"
title = "A small example"
start = 2025-10-01
months = 3
targets = ["unallocated <= 5 at 2025-12-31"]

[referrals]
families_per_month = 5
first_stage = "open"

[stages.open]
hours_per_week = 6
work = { law = "exponential", mean = "90 days" }
then = "closed"

[opening]
open = 12

[grades.worker]
leave_per_year = 0.5

[[posts]]
grade = "worker"
count = 4

[recruitment]
time_to_fill = { law = "exponential", mean = "60 days" }

[policies."no limit"]
[policies."hard 3"]
limit = 3
"#;

/// Policies "no limit" and "hard 3".
pub(crate) fn scenario() -> Scenario {
    match Document::parse("example", TEXT) {
        Ok(document) => document.scenario().clone(),
        Err(problems) => panic!("{}", problems.render(false)),
    }
}

/// Worlds of the example.
pub(crate) struct Example {
    /// True: each world opens with as many cases as its index says.
    pub is_uncertain: bool,
    /// A world that cannot be made.
    pub broken: Option<u64>,
}

impl Worlds for Example {
    type Error = String;

    fn is_uncertain(&self) -> bool {
        self.is_uncertain
    }

    fn world(&self, _seed: u64, index: u64) -> Result<World, String> {
        if self.broken == Some(index) {
            return Err(format!("world {index} is broken"));
        }
        let mut scenario = scenario();
        if self.is_uncertain {
            scenario.opening = Opening::Counts(vec![index as u32]);
        }
        Ok(World::new(scenario))
    }
}

/// The example under both policies.
pub(crate) fn summary(replications: u64) -> Summary {
    played(&plan(replications), false)
}

/// The example with "hard 3" against "no limit".
pub(crate) fn compared(replications: u64) -> Summary {
    let plan = Plan {
        baseline: Some(0),
        ..plan(replications)
    };
    played(&plan, false)
}

/// As [`compared`], in worlds of five replications that differ in how many cases they open with.
pub(crate) fn compared_in_worlds(replications: u64) -> Summary {
    let plan = Plan {
        baseline: Some(0),
        replications_per_world: 5,
        ..plan(replications)
    };
    played(&plan, true)
}

/// Both policies, one replication a world, two threads.
pub(crate) fn plan(replications: u64) -> Plan {
    Plan {
        policies: vec![0, 1],
        baseline: None,
        first: 0,
        replications,
        until: Vec::new(),
        seed: 1,
        replications_per_world: 1,
        threads: 2,
    }
}

fn played(plan: &Plan, is_uncertain: bool) -> Summary {
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_replication: &|| {},
    };
    let worlds = Example {
        is_uncertain,
        broken: None,
    };
    match run(&worlds, plan, &watch, &mut |_| Ok(())) {
        Ok(summary) => summary,
        Err(error) => panic!("{error}"),
    }
}
