use crate::experiment::guideline::answer::{Answer, Row};
use crate::experiment::guideline::pool::{Setting, Tally};
use crate::experiment::guideline::price::Price;
use crate::experiment::guideline::question::{Axis, Question};
use crate::experiment::guideline::search::Edge;
use crate::output::guideline::page::page;
use crate::output::guideline::statement::statement;
use crate::output::guideline::told::Told;
use crate::scenario::document::Document;
use crate::scenario::requirement::parse;
use crate::scenario::starter::starter;
use crate::statistics::proportion::Counts;

/// Verdicts on the values 10, 11, ... of the limit; with an edge for each where `posts` are given.
fn with_told<T>(
    title: &str,
    verdicts: &[Option<bool>],
    edges: &[Edge],
    tell: impl FnOnce(&Told<'_>) -> T,
) -> T {
    let old = starter().lines().find(|l| l.starts_with("title")).unwrap();
    let text = starter().replacen(old, &format!("title = {title:?}"), 1);
    let document = Document::parse("mine", &text).unwrap();
    let policy = document.scenario().policies.len() - 1;
    let axis = |text: &str| Axis::read(&document, policy, text).unwrap();
    let calendar = &document.scenario().calendar;
    let require = |text| parse(text, &[], calendar).unwrap();
    let last = 10 + verdicts.len() - 1;
    let question = Question {
        policy,
        requirements: vec![require("unallocated <= 5 in every month with 90%")],
        axes: vec![axis(&format!("limit.value=10:{last}"))],
        against: (!edges.is_empty()).then(|| axis("posts.worker.count=5:40")),
        worlds: 0,
        share: 0.8,
        error: 0.05,
        budget: 1000,
        seed: 7,
        threads: 1,
    };
    let setting = |holds: Option<bool>| Setting {
        tallies: vec![Tally {
            counts: Counts {
                successes: match holds {
                    Some(true) => 100,
                    Some(false) => 0,
                    None => 90,
                },
                n: 100,
            },
            undefined: 0,
            holds,
        }],
        played: 128,
    };
    let answer = Answer {
        grid: verdicts.iter().map(|v| setting(*v)).collect(),
        worlds: Vec::new(),
        assumptions: Vec::new(),
        rows: edges
            .iter()
            .map(|edge| Row {
                probes: Vec::new(),
                edge: edge.clone(),
                contradictions: Vec::new(),
                price: Some(Price {
                    posts: 31,
                    a_year: Some(1_900_000.0),
                }),
            })
            .collect(),
        spent: 500,
        equal: 1000,
        played: verdicts.len(),
        notes: Vec::new(),
        is_interrupted: false,
    };
    tell(&Told {
        document: &document,
        question: &question,
        answer: &answer,
        plausible: None,
        rules: question.rules(),
    })
}

const MEETS: Option<bool> = Some(true);
const FAILS: Option<bool> = Some(false);

#[test]
fn the_statement_says_the_least_and_the_greatest_and_every_qualifier() {
    let words = with_told("A team", &[FAILS, MEETS, MEETS, None], &[], |t| {
        statement(t).join("\n")
    });
    for part in [
        "as written but for limit.value, 11 and 12",
        "11 and 12 meet the requirement: the least is 11 and the greatest 12",
        "Undecided within the budget: 13 (within ±",
        "\"unallocated <= 5 in every month\" in at least 90 % of all replications",
        "wrong is at most 5 %",
        "Played: 500 replications over 4 settings on the same luck, seed 7",
        "50 % of those were saved",
        "over luck alone",
        "Scenario \"A team\"",
        "must not be used to judge a person",
    ] {
        assert!(words.contains(part), "{part} is not in {words}");
    }
    assert!(!words.contains("hole"), "{words}");
}

#[test]
fn a_hole_is_told_and_an_end_that_meets_is_no_limit() {
    let words = with_told("A", &[MEETS, FAILS, MEETS], &[], |t| {
        statement(t)[0].clone()
    });
    assert!(words.contains("has a hole: 11 between them"), "{words}");
    assert!(
        words.contains("what lies beyond it was not looked at"),
        "{words}"
    );
    let words = with_told("A", &[FAILS, FAILS], &[], |t| statement(t)[0].clone());
    assert!(words.ends_with("none meets the requirement."), "{words}");
    let words = with_told("A", &[FAILS, None], &[], |t| statement(t)[0].clone());
    assert!(words.contains("none is known to meet"), "{words}");
}

#[test]
fn the_frontier_tells_posts_and_money_and_where_it_turns_back() {
    let between = |holds: usize| Edge::Between {
        holds,
        fails: holds - 1,
    };
    let edges = [between(20), between(12), between(16), between(5)];
    let words = with_told("A", &[FAILS, FAILS, FAILS, MEETS], &edges, |t| {
        statement(t)[1].clone()
    });
    for part in [
        "at 10, 25 is the fewest (31 posts more than today, 1.9 million a year)",
        "With today's posts 13 is the lowest limit.value that meets the requirement",
        "not monotone: from 11 to 12 it goes against the trend",
    ] {
        assert!(words.contains(part), "{part} is not in {words}");
    }
    let wide = [
        Edge::Nowhere,
        Edge::All,
        Edge::Unknown,
        Edge::Between { holds: 9, fails: 4 },
    ];
    let words = with_told("A", &[FAILS; 4], &wide, |t| statement(t)[1].clone());
    for part in [
        "at 10, nothing in the range will do",
        "at 11, the whole range will do",
        "at 12, an end of the range is undecided",
        "at 13, 14 is enough and 9 is not, with those between undecided or not looked at (at most 31 posts more than today",
        "With today's posts no value",
    ] {
        assert!(words.contains(part), "{part} is not in {words}");
    }
}

#[test]
fn a_title_that_would_be_a_script_is_shown_as_words() {
    let title = "</title><script>alert(1)</script>";
    let edges = [Edge::Nowhere, Edge::Between { holds: 9, fails: 4 }];
    let page = with_told(title, &[FAILS, MEETS], &edges, |t| {
        page(t, "casecap <b>").unwrap()
    });
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&lt;script&gt;") && page.contains("casecap &lt;b&gt;"));
    assert!(!page.contains("NaN"));
}
