use super::*;
use crate::experiment::example;
use crate::output::evidence::items::{Fill, ITEMS};
use crate::output::kept::tests::folder;
use crate::output::report::tests::keeps_its_rules;
use std::io::Write;
use std::process::Command;

#[test]
fn a_pack_has_every_item_its_data_a_dictionary_and_hashes_that_hold() {
    let home = folder(&example::compared(40));
    let written = write(home.path()).unwrap();
    let page = fs::read_to_string(&written.page).unwrap();
    keeps_its_rules(&page);
    for (at, item) in ITEMS.iter().enumerate() {
        assert!(
            page.contains(&format!("{}. {}", at + 1, item.title)),
            "{}",
            item.title
        );
        for (_, prompt) in item.prompts {
            assert!(
                page.contains(&format!("Not answered: {prompt}")),
                "{prompt}"
            );
        }
    }
    assert_eq!(
        written.blanks,
        ITEMS.iter().map(|i| i.prompts.len()).sum::<usize>()
    );
    let pack = home.path().join(PACK);
    for name in [
        "data/monthly.csv",
        "data/summary.csv",
        "data/differences.csv",
    ] {
        let own = fs::read(home.path().join(name.trim_start_matches("data/"))).unwrap();
        assert!(fs::read(pack.join(name)).unwrap() == own, "{name}");
    }
    let dictionary = fs::read_to_string(pack.join("data/dictionary.csv")).unwrap();
    assert!(!dictionary.contains(", of this table"), "{dictionary}");
    let done = Command::new("sha256sum")
        .args(["--check", "--quiet", SUMS])
        .current_dir(&pack)
        .output();
    match done {
        Ok(done) => assert!(done.status.success(), "{done:?}"),
        Err(error) => {
            let _ = writeln!(
                io::stderr(),
                "SKIPPED the check of the hashes: sha256sum: {error}"
            );
        }
    }
}

#[test]
fn answers_are_kept_and_shown_and_change_what_is_open() {
    let home = folder(&example::compared(40));
    let blank = write(home.path()).unwrap();
    let text = fs::read_to_string(&blank.answers).unwrap();
    let filled = text.replace("status = \"\"", "status = \"draft <b>\"");
    fs::write(&blank.answers, &filled).unwrap();
    let again = write(home.path()).unwrap();
    assert_eq!(again.blanks + 1, blank.blanks);
    let page = fs::read_to_string(&again.page).unwrap();
    assert!(page.contains("draft &lt;b&gt;"));
    assert!(page.contains("the same run with the same results"));
    assert_eq!(fs::read_to_string(&again.answers).unwrap(), filled);
    fs::write(&blank.answers, "[nobody]\n").unwrap();
    assert!(write(home.path()).unwrap_err().is_input());
    assert_eq!(fs::read_to_string(&again.page).unwrap(), page);
}

#[test]
fn a_folder_of_another_hand_is_left_alone() {
    let home = folder(&example::compared(40));
    fs::create_dir(home.path().join(PACK)).unwrap();
    fs::write(home.path().join(PACK).join("mine.txt"), "mine").unwrap();
    assert!(matches!(write(home.path()), Err(PageError::Foreign(_))));
    assert!(home.path().join(PACK).join("mine.txt").exists());
}

#[test]
fn what_somebody_put_into_a_pack_is_not_taken_away_with_it() {
    let home = folder(&example::compared(40));
    write(home.path()).unwrap();
    for name in ["note.txt", "data/mine.csv"] {
        let guest = home.path().join(PACK).join(name);
        fs::write(&guest, "mine").unwrap();
        assert!(matches!(write(home.path()), Err(PageError::Foreign(path)) if path == guest));
        assert!(guest.exists());
        fs::remove_file(guest).unwrap();
    }
    write(home.path()).unwrap();
}

#[test]
fn every_item_that_the_run_fills_says_something() {
    let home = folder(&example::compared(40));
    let kept = Kept::open(home.path()).unwrap();
    let parts = run::parts(&Story::of(&kept), &Answers::default(), None).unwrap();
    for (part, item) in parts.iter().zip(&ITEMS) {
        let body = part.body.piece();
        let filled = body.matches("<p").count() + body.matches("<table").count();
        let least = 1 + item.prompts.len() + usize::from(item.fill != Fill::Person);
        assert!(filled >= least, "{}: {body}", item.title);
    }
}

#[test]
fn names_of_files_are_plain() {
    assert_eq!(plain_name(0, "../a b/x$y.toml"), "1-x_y.toml");
    assert_eq!(plain_name(1, ""), "2-");
}
