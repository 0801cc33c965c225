//! The systems with a known answer: each a scenario, and what is asked of it.

use crate::scenario::sections::Scenario;
use crate::validation::ask::Ask;
use crate::validation::{pathway, people, queue, sharing};

/// A system with a known answer.
pub struct Configuration {
    /// Name of its file in `scenarios/theory`, without the ending.
    pub name: &'static str,
    /// What it is, and by which theory the answer is known.
    pub system: &'static str,
    /// The scenario.
    pub text: &'static str,
    /// Replications of a quick run: enough for errors of about 1 % at low load and 5 % at 0.96.
    pub quick: u64,
    /// Replications of a full run: enough for errors below 0.5 % at low load and of 1.3 % at 0.96.
    pub full: u64,
    /// What is asked, with exact answers worked out from the scenario; nothing where it has none.
    pub(super) asks: fn(&Scenario) -> Option<Vec<Ask>>,
}

macro_rules! configuration {
    ($name:literal, $system:literal, $quick:literal, $full:literal, $asks:path) => {
        Configuration {
            name: $name,
            system: $system,
            text: include_str!(concat!("../../scenarios/theory/", $name, ".toml")),
            quick: $quick,
            full: $full,
            asks: $asks,
        }
    };
}

/// Every configuration, in the order of the table in the model's page.
#[rustfmt::skip]
pub static CONFIGURATIONS: [Configuration; 24] = [
    configuration!("erlang-c", "M/M/c: Erlang C", 40, 600, queue::places),
    configuration!("caseload-limit", "M/M/(c m): Erlang C at caseload scale", 40, 600, queue::places),
    configuration!("single-worker", "M/G/1: Pollaczek-Khinchine", 40, 600, queue::single),
    configuration!("erlang-a", "M/M/c+M: Erlang A", 40, 600, queue::withdrawing),
    configuration!("priorities", "Head-of-line priority M/G/1: Cobham", 40, 600, queue::priorities),
    configuration!("erlang-b", "M/G/c/c: Erlang B, insensitive", 40, 600, queue::lost),
    configuration!("open-cases", "M/G/infinity: Poisson, transient too", 1000, 20_000, pathway::open_cases),
    configuration!("families", "M[K]/G/infinity: batch Poisson", 1000, 20_000, pathway::families),
    configuration!("shared-worker", "M/G/1 processor sharing, insensitive", 40, 600, sharing::shared),
    configuration!("shared-time", "Capacitated sharing", 40, 600, sharing::shared),
    configuration!("overtime", "Capacitated sharing with overtime and thin", 40, 600, sharing::shared),
    configuration!("stages", "Jackson network: product form", 40, 600, queue::stages),
    configuration!("returns", "Jackson network: returns", 40, 600, queue::returns),
    configuration!("vacancies", "Alternating renewal: binomial", 600, 10_000, people::renewal),
    configuration!("leavers", "Alternating renewal from the start", 1000, 20_000, people::leavers),
    configuration!("absence", "Alternating renewal: absence", 400, 5000, people::absence),
    configuration!("departures", "Markov chain of posts and cases", 40, 600, queue::departures),
    configuration!("pathway", "Competing clocks: absorption", 200, 4000, pathway::with_worker),
    configuration!("unmet-need", "Competing clocks at 1 + k", 200, 4000, pathway::without_worker),
    configuration!("strain", "Strain in closed form", 500, 10_000, people::strain),
    configuration!("survival", "Integral of the hazard", 1000, 20_000, people::survival),
    configuration!("frailty", "Integral of the hazard, mixed", 1000, 20_000, people::survival),
    configuration!("noise", "Negative binomial counts", 1000, 10_000, pathway::noise),
    configuration!("opening", "Equilibrium residual law", 1000, 20_000, pathway::opening),
];

/// The configurations of some names, in the order of the table; of no names, all.
///
/// # Errors
/// In words: a name that no configuration has.
pub fn chosen(names: &[String]) -> Result<Vec<&'static Configuration>, String> {
    let is_known = |name: &&String| CONFIGURATIONS.iter().any(|c| c.name == **name);
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        let known: Vec<&str> = CONFIGURATIONS.iter().map(|c| c.name).collect();
        return Err(format!(
            "there is no configuration {unknown:?}\n  there are: {}",
            known.join(", ")
        ));
    }
    let is_chosen = |c: &&Configuration| names.is_empty() || names.iter().any(|n| n == c.name);
    Ok(CONFIGURATIONS.iter().filter(is_chosen).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::document::Document;

    #[test]
    fn every_configuration_is_a_scenario_with_an_exact_answer() {
        for configuration in &CONFIGURATIONS {
            let document = Document::parse(configuration.name, configuration.text)
                .unwrap_or_else(|problems| panic!("{}", problems.render(false)));
            let asks = (configuration.asks)(document.scenario()).expect(configuration.name);
            assert!(!asks.is_empty());
            for ask in asks {
                assert!(
                    ask.exact.is_finite(),
                    "{}: {}",
                    configuration.name,
                    ask.quantity
                );
            }
        }
    }

    #[test]
    fn every_file_of_the_folder_is_played_and_no_two_share_a_seed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/theory");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        files.sort();
        let mut names: Vec<&str> = CONFIGURATIONS.iter().map(|c| c.name).collect();
        names.sort_unstable();
        assert_eq!(names, files);
        let seeds: std::collections::BTreeSet<u64> = CONFIGURATIONS
            .iter()
            .map(|c| Document::parse(c.name, c.text).unwrap().scenario().run.seed)
            .collect();
        assert_eq!(seeds.len(), CONFIGURATIONS.len());
    }

    #[test]
    fn configurations_are_chosen_by_name_in_the_order_of_the_table() {
        let names = ["noise".to_owned(), "erlang-c".to_owned()];
        let found: Vec<&str> = chosen(&names).unwrap().iter().map(|c| c.name).collect();
        assert_eq!(found, ["erlang-c", "noise"]);
        assert_eq!(chosen(&[]).unwrap().len(), CONFIGURATIONS.len());
        assert!(chosen(&["erlang-d".to_owned()]).is_err());
    }
}
