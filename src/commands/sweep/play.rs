//! A sweep is played, or gone on with.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use casecap::cli::sweep::Sweep as Args;
use casecap::experiment::run::Watch;
use casecap::experiment::sweep::plan::{BLOCKS_MAX, Block, Sweep, short};
use casecap::experiment::sweep::run::{Went, pilot, run};
use casecap::output::check;
use casecap::output::folder::REPORT;
use casecap::output::manifest::shell_word;
use casecap::output::number;
use casecap::output::page::error::PageError;
use casecap::output::page::shell::is_ours;
use casecap::output::progress::Progress;
use casecap::output::store::recovery::recover;
use casecap::output::sweep::coding::encode;
use casecap::output::sweep::spec::{SPEC, Spec};
use casecap::output::sweep::store::{BLOCKS, Store};
use casecap::output::sweep::tables::{OURS, Whole, expected_bytes};
use casecap::output::sweep::words::{self, Size};
use casecap::scenario::document::Document;

use crate::commands::console::{
    DAY, PILOT, as_typed, is_colored, print, say, say_recovered, stopped_by_signals,
};
use crate::commands::failure::{Done, Failure, read, told, unwritable};
use crate::commands::sweep::asked::{asked, repeating, shard, share, wrong_points};
use crate::commands::sweep::publish::{publish, typed_again};

/// Most that a sweep writes unasked [bytes].
const MOST_BYTES: f64 = 1e10;

/// Bytes of a number of a block, about; the blocks are written again in the order of the design, in place of the first.
const BYTES_EACH: f64 = 28.0;

/// Plays a sweep, or goes on with one.
pub fn sweep(args: &Args) -> Done {
    let document = read(&args.scenario, &args.data_dir)?;
    let (sweep, threads) = asked(args, &document)?;
    let shard = args.shard.as_deref().map(shard).transpose()?;
    for key in &sweep.design.keys {
        let lever = document.lever(key).map_err(told("in --vary"))?;
        let words = words::meaning(key, &lever.policies(), lever.places.len());
        if let (Some(words), false) = (words, args.quiet) {
            say(|out| writeln!(out, "{words}"));
        }
    }
    let checked = sweep
        .check(&document)
        .map_err(|bad| wrong_points(&sweep, &bad))?;
    let folder = args.out.clone().unwrap_or_else(|| {
        let name = &document.scenario().name;
        let share = shard.map_or(String::new(), |(i, n)| format!("-{i}-of-{n}"));
        PathBuf::from("results").join(format!("{name}-sweep{share}"))
    });
    let command = repeating(args, &sweep);
    let spec = Spec::of(&document, &sweep, shard, &command, args.include_case_list);
    if sweep.count(&checked) > BLOCKS_MAX {
        return Err(Failure::Input(format!(
            "the design has {} blocks of replications, and one sweep has at most {}\n  \
             take fewer points or replications",
            number::count(sweep.count(&checked)),
            number::count(BLOCKS_MAX)
        )));
    }
    let mine = share(sweep.blocks(&checked), shard);
    let is_share = shard.is_some_and(|(_, n)| n > 1);
    if args.dry_run {
        let done = match folder.join(BLOCKS).exists() {
            true => {
                Store::read(&folder).map(|store| mine.iter().filter(|b| store.has(&b.hash)).count())
            }
            false => Ok(0),
        };
        let done = done.map_err(|e| Failure::Input(e.to_string()))?;
        let left: Vec<&Block> = mine.iter().skip(done).collect();
        let size = size(&document, &sweep, threads, mine.len(), &left, is_share);
        return print(|out| {
            words::design(out, &sweep.design)?;
            writeln!(out, "{}", words::size(&spec, &size))
        });
    }
    prepare(&folder, args)?;
    // First of all, so that a folder with blocks always says whose they are.
    let before = Spec::read(&folder).ok();
    spec.write(&folder).map_err(|e| unwritable(&folder, &e))?;
    let mut store = Store::open(&folder).map_err(|e| unwritable(&folder, &e))?;
    for name in store.damaged() {
        say(|out| {
            writeln!(
                out,
                "warning: block {name} is damaged, and is played again if it is wanted"
            )
        });
    }
    let left = left(&mine, &store, args.block.as_deref())?;
    let size = size(&document, &sweep, threads, mine.len(), &left, is_share);
    let is_large = size.seconds.is_some_and(|s| s > DAY) || size.bytes > MOST_BYTES;
    if is_large && !args.yes {
        match before {
            Some(before) => before.write(&folder).map_err(|e| unwritable(&folder, &e))?,
            None => {
                // It was made to be sure of the folder, and holds nothing.
                drop(store);
                let _ = fs::remove_file(folder.join(BLOCKS));
                let _ = fs::remove_file(folder.join(SPEC));
                let _ = fs::remove_dir(&folder);
            }
        }
        let typed = as_typed();
        return Err(Failure::Input(format!(
            "this is a large sweep: {}\n  take fewer points or replications, share it out with --shard, keep fewer \
             --metric, or say that it is meant:\n    {typed} --yes",
            words::size(&spec, &size)
        )));
    }
    if !args.quiet {
        let path = shell_word(&args.scenario.to_string_lossy());
        say(|out| {
            check::warnings(out, &document, &path, is_colored(&io::stderr()))?;
            writeln!(out, "{}", words::size(&spec, &size))
        });
    }
    let went = go(
        &document, &sweep, threads, &left, size.left, &mut store, args.quiet,
    )?;
    told_of_blocks(&went, &spec, left.len(), &folder)?;
    let missing = mine.iter().filter(|block| !store.has(&block.hash)).count();
    if missing > 0 {
        let what = format!("{missing} of {} blocks are still to be played", mine.len());
        say(|out| writeln!(out, "{what}"));
        return Ok(ExitCode::FAILURE);
    }
    if let Some((i, n)) = shard.filter(|(_, n)| *n > 1) {
        if args.quiet {
            return Ok(ExitCode::SUCCESS);
        }
        let shown = folder.display();
        return print(|out| {
            writeln!(
                out,
                "Share {i} of {n} is whole, in {shown}; `casecap merge` joins all shares."
            )
        });
    }
    let whole = Whole {
        document: &document,
        sweep: &sweep,
        checked: &checked,
        spec: &spec,
    };
    publish(&folder, &mut store, &whole, args.report, args.quiet)
}

/// The blocks that are still to be played.
fn left<'a>(
    mine: &'a [Block],
    store: &Store,
    only: Option<&str>,
) -> Result<Vec<&'a Block>, Failure> {
    let Some(only) = only else {
        return Ok(mine.iter().filter(|b| !store.has(&b.hash)).collect());
    };
    let named: Vec<&Block> = mine
        .iter()
        .filter(|b| short(&b.hash).starts_with(only))
        .collect();
    if named.is_empty() {
        return Err(Failure::Input(format!(
            "no block of this sweep is called {only:?}\n  `casecap status` names those that are to come"
        )));
    }
    let left = named.into_iter().filter(|b| !store.has(&b.hash));
    Ok(left.collect())
}

fn size(
    document: &Document,
    sweep: &Sweep,
    threads: usize,
    blocks: usize,
    left: &[&Block],
    is_share: bool,
) -> Size {
    let runs: u64 = left.iter().map(|b| b.count).sum();
    let seconds = match runs {
        0 => None,
        _ => pilot(document, sweep, PILOT).map(|each| each * runs as f64 / threads as f64),
    };
    Size {
        blocks,
        done: blocks - left.len(),
        left: runs,
        seconds,
        // A share has no tables, and where nothing is left they are written anew all the same.
        bytes: left.len() as f64 * sweep.cells(document).len() as f64 * BYTES_EACH
            + if is_share {
                0.0
            } else {
                expected_bytes(document, sweep)
            },
    }
}

/// Plays all of a sweep that was kept, into a folder of its own.
pub fn again(spec: &Spec, document: &Document, folder: &Path, with: (usize, bool)) -> Done {
    let (threads, is_quiet) = with;
    let sweep = spec.sweep(document).map_err(Failure::Input)?;
    let checked = sweep
        .check(document)
        .map_err(|bad| wrong_points(&sweep, &bad))?;
    fs::create_dir_all(folder).map_err(|e| unwritable(folder, &e))?;
    let mut store = Store::open(folder).map_err(|e| unwritable(folder, &e))?;
    let blocks = sweep.blocks(&checked);
    let all: Vec<&Block> = blocks.iter().collect();
    let runs = all.iter().map(|b| b.count).sum();
    let went = go(document, &sweep, threads, &all, runs, &mut store, is_quiet)?;
    told_of_blocks(&went, spec, all.len(), folder)?;
    if !went.failed.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    let whole = Whole {
        document,
        sweep: &sweep,
        checked: &checked,
        spec,
    };
    publish(folder, &mut store, &whole, false, true)
}

/// Makes sure that the folder may be written to.
fn prepare(folder: &Path, args: &Args) -> Result<(), Failure> {
    let recovered = recover(folder);
    if !args.quiet {
        say_recovered(folder, recovered);
    }
    let page = folder.join(REPORT);
    if page.exists() && !is_ours(&page) && (args.report || args.force) {
        return Err(PageError::Foreign(page).into());
    }
    let there = OURS.iter().find(|name| folder.join(name).exists());
    let is_sweep = folder.join(SPEC).exists();
    if let Some(name) = there {
        let shown = folder.display();
        if args.resume && !is_sweep {
            return Err(Failure::Input(format!(
                "{shown} holds a {name} and no sweep\n  name another folder with --out"
            )));
        }
        if !args.resume && !args.force {
            let typed = as_typed();
            return Err(Failure::Input(match is_sweep {
                true => format!(
                    "{shown} holds a sweep already\n  go on with it, or add to it, with --resume; begin anew with --force:\n    {typed} --resume"
                ),
                false => format!(
                    "{shown} holds a {name} and no sweep\n  name another folder with --out, or replace it with --force"
                ),
            }));
        }
        if args.force {
            for name in OURS {
                match fs::remove_file(folder.join(name)) {
                    Err(e) if e.kind() != io::ErrorKind::NotFound => {
                        return Err(unwritable(folder, &e));
                    }
                    _ => {}
                }
            }
        }
    }
    fs::create_dir_all(folder).map_err(|e| unwritable(folder, &e))?;
    Ok(())
}

/// Plays the blocks that are left.
fn go(
    document: &Document,
    sweep: &Sweep,
    threads: usize,
    left: &[&Block],
    runs: u64,
    store: &mut Store,
    is_quiet: bool,
) -> Result<Went, Failure> {
    if left.is_empty() {
        return Ok(Went::default());
    }
    let stop = stopped_by_signals()?;
    let progress = Progress::new(runs, is_quiet);
    let began = Instant::now();
    let shelf = Mutex::new(&mut *store);
    let watch = Watch {
        stop: &stop,
        on_replication: &|| progress.advance(),
    };
    let went = run(document, sweep, left, threads, &watch, &|block, cells| {
        let bytes = encode(cells);
        shelf
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .put(&block.hash, &bytes)
    });
    progress.clear();
    let went =
        went.map_err(|e| Failure::Running(format!("the threads could not be started: {e}")))?;
    store
        .sync()
        .map_err(|e| Failure::Running(format!("the blocks could not be written: {e}")))?;
    if !is_quiet && went.kept > 0 {
        let seconds = began.elapsed().as_secs_f64();
        say(|out| {
            writeln!(
                out,
                "{} blocks played in {}",
                went.kept,
                number::seconds(seconds)
            )
        });
    }
    Ok(went)
}

/// Tells of blocks that failed and of an end before the end.
fn told_of_blocks(went: &Went, spec: &Spec, asked: usize, folder: &Path) -> Result<(), Failure> {
    /// Failures that are told one by one.
    const TOLD: usize = 10;
    let again = typed_again();
    if went.failed.len() > TOLD {
        let more = went.failed.len();
        say(|out| {
            writeln!(
                out,
                "error: {more} blocks could not be played; the first {TOLD}:"
            )
        });
    }
    for (block, why) in went.failed.iter().take(TOLD) {
        say(|out| {
            writeln!(
                out,
                "error: {} could not be played: {why}",
                words::block(block, spec)
            )?;
            writeln!(
                out,
                "  play it again with: {again} --block {}",
                short(&block.hash)
            )
        });
    }
    if let Some(error) = &went.disk {
        return Err(Failure::Running(format!(
            "the blocks could not be written to {}: {error}\n  what was written is kept; go on with: {again}",
            folder.display()
        )));
    }
    if went.kept + went.failed.len() < asked {
        let shown = folder.display();
        return Err(Failure::Running(format!(
            "interrupted; {} blocks were added to {shown}\n  go on with: {again}",
            went.kept
        )));
    }
    Ok(())
}
