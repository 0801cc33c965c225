use super::*;
use crate::experiment::example;
use crate::output::csv::{self, Names, difference, distribution};
use crate::output::folder::{DIFFERENCES, Folder, MONTHLY, SUMMARY, TARGETS};
use crate::output::manifest::tests::manifest;
use crate::output::seal::sealed;
use crate::output::store::hashed::Hashed;
use tempfile::TempDir;

type Write1<'a> = (&'a str, &'a dyn Fn(&mut Hashed) -> io::Result<()>);

/// A folder with a summary of the example, as a run would have written it.
pub fn folder(summary: &Summary) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let names = Names::of(&example::scenario());
    let mut run = manifest(example::TEXT, 1);
    run.scenario.title = "A small example".to_owned();
    run.run.policies = summary.policies.iter().map(|p| p.name.clone()).collect();
    run.run.replications_kept = summary.replications;
    run.run.replications_asked = summary.replications;
    run.run.baseline = summary.comparison.as_ref().map(|_| "no limit".to_owned());
    run.run.replications_per_world = summary.worlds.map(|n| summary.replications / n);
    let folder = Folder::open(home.path(), &run, false).unwrap();
    let comparison = summary.comparison.as_ref();
    let files: [Write1<'_>; 6] = [
        (MONTHLY, &|out| csv::monthly(out, summary, &names)),
        (SUMMARY, &|out| csv::horizon(out, summary, &names)),
        (DISTRIBUTION, &|out| {
            distribution::distributions(out, summary)
        }),
        (DIFFERENCES, &|out| {
            difference::differences(out, summary, comparison.unwrap(), &names)
        }),
        (TARGETS, &|out| match comparison {
            Some(comparison) => difference::targets(out, summary, comparison),
            None => csv::targets(out, summary),
        }),
        (crate::output::folder::SPREAD, &|out| {
            difference::spreads(out, summary, &names)
        }),
    ];
    let written = |(name, _): &&Write1<'_>| match *name {
        DIFFERENCES => comparison.is_some(),
        crate::output::folder::SPREAD => summary.worlds.is_some(),
        _ => true,
    };
    run.files = files
        .iter()
        .filter(written)
        .map(|(name, write)| {
            let mut sheet = folder.create(name).unwrap();
            write(&mut sheet).unwrap();
            sheet.finish().unwrap()
        })
        .collect();
    folder.publish(&run).unwrap();
    home
}

/// Everything but what no file holds, as text: a missing number is equal to another one there.
fn told(summary: &Summary) -> String {
    let mut summary = summary.clone();
    let months: Vec<_> = summary.months.iter().map(|m| m.last_day).collect();
    summary.months.clear();
    for policy in &mut summary.policies {
        policy.targets.clear();
        policy.all_targets = None;
    }
    let bins = summary
        .layout
        .bins(crate::metric::distribution::Distribution::Caseload);
    for versus in summary.comparison.iter_mut().flat_map(|c| &mut c.versus) {
        // Differences of distributions are in no file.
        versus.differences.truncate(bins.start);
        for (at, difference) in versus.differences.iter_mut().enumerate() {
            let column = summary.layout.column(at).unwrap();
            if column.metric.definition().better == crate::metric::catalogue::Better::Neither {
                difference.lower = 0;
            }
        }
    }
    format!("{months:?} {summary:?}")
}

#[test]
fn what_a_run_wrote_reads_back_to_the_same_bits() {
    for summary in [example::summary(20), example::compared(20)] {
        let home = folder(&summary);
        let kept = Kept::open(home.path()).unwrap();
        assert!(told(&kept.summary) == told(&summary));
        for (policy, aims) in summary.policies.iter().zip(&kept.aims) {
            let all = policy.targets.iter().chain(&policy.all_targets);
            for (hits, aim) in all.zip(aims) {
                assert_eq!(
                    (hits.hits, hits.n, hits.interval()),
                    (aim.hits, aim.n, aim.interval)
                );
            }
            assert_eq!(aims.len(), 2);
        }
    }
}

#[test]
fn the_intervals_of_shared_worlds_read_back_too() {
    let summary = example::compared_in_worlds(50);
    let home = folder(&summary);
    let kept = Kept::open(home.path()).unwrap();
    for (policy, read) in summary.policies.iter().zip(&kept.summary.policies) {
        let bins = summary
            .layout
            .bins(crate::metric::distribution::Distribution::Caseload);
        for (numbers, read) in policy.numbers[..bins.start].iter().zip(&read.numbers) {
            assert_eq!(numbers.interval(), read.interval());
        }
    }
    assert_eq!(kept.summary.worlds, Some(10));
}

fn told_wrong(home: &TempDir) -> String {
    Kept::open(home.path()).unwrap_err().to_string()
}

#[test]
fn a_file_that_was_edited_or_taken_away_is_named_and_so_are_all() {
    let home = folder(&example::summary(3));
    let path = home.path().join(MONTHLY);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen('1', "2", 1)).unwrap();
    fs::remove_file(home.path().join(TARGETS)).unwrap();
    let told = told_wrong(&home);
    assert!(
        told.contains("monthly.csv is not as the run wrote it"),
        "{told}"
    );
    assert!(told.contains("targets.csv is not there"), "{told}");
    let again = format!(
        "casecap run first.toml --out {} --force",
        home.path().display()
    );
    assert!(told.ends_with(&again), "{told}");
}

/// Writes a file of the folder anew, and its hash into the manifest.
fn forge(home: &TempDir, name: &str, change: impl Fn(&str) -> String) {
    let path = home.path().join(name);
    let text = change(&fs::read_to_string(&path).unwrap());
    fs::write(&path, text).unwrap();
    let path = home.path().join(MANIFEST);
    let mut manifest: Manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let file = manifest.files.iter_mut().find(|f| f.name == name).unwrap();
    file.sha256 = hash_of(&home.path().join(name)).unwrap();
    fs::write(&path, sealed(&manifest).unwrap()).unwrap();
}

#[test]
fn every_file_that_was_edited_is_named_the_manifest_and_what_was_added_too() {
    let home = folder(&example::summary(3));
    crate::output::report::write(home.path()).unwrap();
    crate::output::evidence::write(home.path()).unwrap();
    let listed = Listed::open(home.path()).unwrap();
    assert_eq!(listed.troubles(home.path()), []);
    let pages = ["report.html", "evidence/pack.html", "evidence/SHA256SUMS"];
    for name in pages {
        let path = home.path().join(name);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, "edited").unwrap();
        assert!(told_wrong(&home).contains(&format!("{name} is not as")));
        // What was added may be taken away, and is then made anew; that it is gone is no secret.
        fs::remove_file(&path).unwrap();
        let missing = Trouble::Missing(name.to_owned());
        assert_eq!(listed.troubles(home.path()), [missing]);
        Kept::open(home.path()).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    let path = home.path().join(MANIFEST);
    let text = fs::read_to_string(&path).unwrap();
    let title = text.replace("A small example", "A large example");
    let (bare, _) = text.split_once(",\n  \"manifest_sha256\"").unwrap();
    let bare = format!("{bare}\n}}\n");
    for (changed, words) in [
        (title, "manifest.json is not as casecap wrote it"),
        (bare, "manifest.json has no hash of itself"),
    ] {
        fs::write(&path, changed).unwrap();
        assert!(told_wrong(&home).contains(words), "{}", told_wrong(&home));
    }
}

#[test]
fn a_policy_that_a_table_leaves_out_and_a_cell_that_is_no_number_are_named() {
    let home = folder(&example::summary(3));
    forge(&home, SUMMARY, |text| {
        let lines = text.lines().filter(|line| !line.starts_with("hard 3"));
        lines.collect::<Vec<_>>().join("\n")
    });
    let told = told_wrong(&home);
    assert!(
        told.contains("summary.csv says nothing of policy \"hard 3\""),
        "{told}"
    );
    let home = folder(&example::summary(3));
    forge(&home, MONTHLY, |text| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[1] = lines[1].replace(",3", ",three");
        lines.join("\n")
    });
    let told = told_wrong(&home);
    assert!(
        told.contains("monthly.csv, line 2: n is no count: \"three\""),
        "{told}"
    );
}

#[test]
fn no_folder_no_results_a_broken_manifest_and_a_newer_version_are_told_apart() {
    let home = tempfile::tempdir().unwrap();
    assert!(told_wrong(&home).contains("there is no manifest.json"));
    let told = Kept::open(&home.path().join("none")).unwrap_err();
    assert!(told.to_string().contains("is no folder"));
    for (text, words) in [
        ("{", "cannot be read"),
        ("[1]", "cannot be read"),
        (r#"{"casecap": "99.0.1"}"#, "was written by casecap 99.0.1"),
        (r#"{"casecap": "0.0.1"}"#, "missing field"),
    ] {
        fs::write(home.path().join(MANIFEST), text).unwrap();
        let told = told_wrong(&home);
        assert!(told.contains(words), "{text}: {told}");
    }
}

#[test]
fn a_manifest_cannot_point_out_of_its_folder() {
    let home = folder(&example::summary(2));
    let path = home.path().join(MANIFEST);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"monthly.csv\"", "\"../monthly.csv\"")).unwrap();
    let told = told_wrong(&home);
    assert!(told.contains("which is no file of this folder"), "{told}");
}

#[test]
fn an_earlier_run_without_distributions_is_read_and_says_so() {
    let home = folder(&example::summary(2));
    let path = home.path().join(MANIFEST);
    let mut manifest: Manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    manifest.files.retain(|file| file.name != DISTRIBUTION);
    fs::write(&path, sealed(&manifest).unwrap()).unwrap();
    let kept = Kept::open(home.path()).unwrap();
    assert!(!kept.has_distributions());
}
