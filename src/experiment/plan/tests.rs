use super::*;
use crate::experiment::example::scenario;

fn policies() -> Vec<Policy> {
    ["no limit", "hard 16", "hard 20"]
        .iter()
        .map(|name| Policy::without_limit(name))
        .collect()
}

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

#[test]
fn policies_run_in_the_order_of_the_file_and_once_each() {
    let asked = named(&["hard 20", "no limit", "hard 20"]);
    assert_eq!(chosen(&policies(), &asked), Ok(vec![0, 2]));
    assert_eq!(chosen(&policies(), &[]), Ok(vec![0, 1, 2]));
}

#[test]
fn a_refusal_for_memory_names_only_what_would_help() {
    let refused = |policies, replications, threads| {
        let played = Played {
            policies,
            is_compared: false,
            replications,
            threads,
        };
        let bytes = f64::INFINITY;
        PlanError::Memory { bytes, played }.to_string()
    };
    let all = refused(2, 100, 4);
    for part in [
        "--threads",
        "--policy",
        "up to 8 replications",
        "fewer months",
    ] {
        assert!(all.contains(part), "{all}");
    }
    let least = refused(1, 2, 1);
    for part in ["--threads", "--policy", "replications", "inf"] {
        assert!(!least.contains(part), "{least}");
    }
    assert!(
        least.contains("more memory than any machine has"),
        "{least}"
    );
}

#[test]
fn results_that_no_memory_holds_are_refused_with_an_estimate() {
    let wishes = Wishes::default();
    let mut scenario = scenario();
    assert!(Plan::new(&scenario, false, &wishes).is_ok());
    scenario.policies = vec![Policy::without_limit("again"); 50_000];
    let error = Plan::new(&scenario, false, &wishes).unwrap_err();
    let PlanError::Memory { bytes, .. } = error else {
        panic!("{error}");
    };
    // 50,000 policies x 4 rows x about 80 columns x about 2 kB.
    assert!((20e9..80e9).contains(&bytes), "{bytes}");
    // A few replications are kept as they are, and what is not played takes nothing.
    let few = Wishes {
        replications: Some(8),
        ..Wishes::default()
    };
    scenario.policies.truncate(20_000);
    assert!(Plan::new(&scenario, false, &wishes).is_err());
    assert!(Plan::new(&scenario, false, &few).is_ok());
    scenario.policies.push(Policy::without_limit("one"));
    let one = Wishes {
        policies: named(&["one"]),
        ..Wishes::default()
    };
    assert!(Plan::new(&scenario, false, &one).is_ok());
}

#[test]
fn an_unknown_policy_is_told_its_nearest_neighbour() {
    let error = chosen(&policies(), &named(&["hrad 16"])).unwrap_err();
    let words = error.to_string();
    assert!(words.contains("\"hrad 16\"") && words.contains("the nearest is \"hard 16\""));
    let strange = chosen(&policies(), &named(&["zzz"])).unwrap_err();
    assert!(!strange.to_string().contains("nearest"));
}

fn against(baseline: Baseline, policies: &[&str]) -> Wishes {
    Wishes {
        baseline: Some(baseline),
        policies: named(policies),
        ..Wishes::default()
    }
}

#[test]
fn the_baseline_is_always_run_and_is_the_first_if_nothing_is_said() {
    let all = compared(&policies(), &against(Baseline::First, &[]));
    assert_eq!(all, Ok((vec![0, 1, 2], Some(0))));
    let one = compared(&policies(), &against(Baseline::First, &["hard 20"]));
    assert_eq!(one, Ok((vec![0, 2], Some(0))));
    let last = Baseline::Named("hard 20".to_owned());
    let back = compared(&policies(), &against(last, &["hard 16", "no limit"]));
    assert_eq!(back, Ok((vec![0, 1, 2], Some(2))));
    let none = compared(&policies(), &Wishes::default());
    assert_eq!(none, Ok((vec![0, 1, 2], None)));
}

#[test]
fn one_policy_is_compared_with_nothing() {
    let error = compared(&policies(), &against(Baseline::First, &["no limit"])).unwrap_err();
    assert!(
        error.to_string().contains("add --policy \"hard 16\""),
        "{error}"
    );
    let alone = &policies()[..1];
    let error = compared(alone, &against(Baseline::First, &[])).unwrap_err();
    assert!(error.to_string().contains("add one to the file"), "{error}");
    let strange = Baseline::Named("hrad 16".to_owned());
    let error = compared(&policies(), &against(strange, &[])).unwrap_err();
    assert!(
        error.to_string().contains("the nearest is \"hard 16\""),
        "{error}"
    );
}

fn shares(
    replications: Option<u64>,
    outer: Option<u64>,
    is_uncertain: bool,
) -> Result<(u64, u64), PlanError> {
    let wishes = Wishes {
        replications,
        outer,
        ..Wishes::default()
    };
    shared_out(&scenario(), is_uncertain, &wishes)
}

#[test]
fn worlds_share_the_replications_alike() {
    let each = scenario().run.replications_per_world;
    assert_eq!(shares(None, Some(50), true), Ok((50 * each, each)));
    assert_eq!(shares(Some(600), Some(200), true), Ok((600, 3)));
    assert_eq!(shares(Some(600), None, true), Ok((600, each)));
    let told = |result: Result<(u64, u64), PlanError>| result.unwrap_err().to_string();
    assert!(told(shares(Some(1000), Some(300), true)).contains("write --replications 900"));
    assert!(told(shares(Some(100), Some(300), true)).contains("write --replications 300"));
    assert!(told(shares(None, Some(50), false)).contains("nothing in the scenario is uncertain"));
    for outer in [0, 1, REPLICATIONS_MAX, u64::MAX] {
        assert!(
            told(shares(None, Some(outer), true)).contains("--outer 200"),
            "{outer}"
        );
    }
}

#[test]
fn a_run_until_a_precision_must_have_enough_draws_to_look_at() {
    let mut wishes = Wishes {
        until: vec!["caseload_mean +- 0.1".to_owned()],
        ..Wishes::default()
    };
    let plan = |wishes: &Wishes| Plan::new(&scenario(), false, wishes);
    assert_eq!(plan(&wishes).map(|p| p.replications), Ok(UNTIL_MOST));
    wishes.replications = Some(99);
    let error = plan(&wishes).unwrap_err().to_string();
    assert!(error.contains("write --replications 100"), "{error}");
    wishes.until = vec!["caseload_man +- 0.1".to_owned()];
    let error = plan(&wishes).unwrap_err().to_string();
    assert!(error.contains("did you mean `caseload_mean`?"), "{error}");
    wishes.until = vec!["cost +- 1".to_owned()];
    let error = plan(&wishes).unwrap_err().to_string();
    assert!(error.contains("no prices"), "{error}");
}
