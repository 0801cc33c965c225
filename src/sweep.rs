//! The commands of a sweep: play it or go on with it, join its shares, say what is done.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use casecap::cli::sweep::{Merge, Status, Sweep as Args};
use casecap::experiment::plan::{Plan, Wishes};
use casecap::experiment::run::Watch;
use casecap::experiment::sweep::design::{Design, Way};
use casecap::experiment::sweep::plan::{BLOCKS_MAX, BadPoint, Block, Sweep, short};
use casecap::experiment::sweep::run::{Went, pilot, run};
use casecap::output::check;
use casecap::output::csv::sweep::design as read_design;
use casecap::output::folder::REPORT;
use casecap::output::manifest::{MANIFEST, shell_word};
use casecap::output::number;
use casecap::output::page::error::PageError;
use casecap::output::page::shell::is_ours;
use casecap::output::progress::Progress;
use casecap::output::sweep::coding::{decode, encode};
use casecap::output::sweep::page;
use casecap::output::sweep::spec::{SPEC, Spec, metrics};
use casecap::output::sweep::store::{BLOCKS, Store};
use casecap::output::sweep::tables::{OURS, Whole, write};
use casecap::output::sweep::words::{self, Size};
use casecap::output::terminal;
use casecap::scenario::document::Document;
use casecap::scenario::vary::values::Varied;

use crate::{
    DAY, Done, Failure, PILOT, as_typed, is_colored, print, read, say, stopped_by_signals, told,
    unwritable,
};

/// Most that a sweep writes unasked [bytes].
const MOST_BYTES: f64 = 1e10;
/// Bytes of a number of a block, about.
const BYTES_EACH: f64 = 28.0;

/// Plays a sweep, or goes on with one.
pub fn sweep(args: &Args) -> Done {
    let document = read(&args.scenario)?;
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
    let spec = Spec::of(&document, &sweep, shard, &as_typed());
    if sweep.count(&checked) > BLOCKS_MAX {
        return Err(Failure::Input(format!(
            "the design has {} blocks of replications, and one sweep has at most {}\n  \
             take fewer points or replications",
            number::count(sweep.count(&checked)),
            number::count(BLOCKS_MAX)
        )));
    }
    let mine = share(sweep.blocks(&checked), shard);
    if args.dry_run {
        let done = match folder.join(BLOCKS).exists() {
            true => {
                Store::read(&folder).map(|store| mine.iter().filter(|b| store.has(&b.hash)).count())
            }
            false => Ok(0),
        };
        let done = done.map_err(|e| Failure::Input(e.to_string()))?;
        let left: Vec<&Block> = mine.iter().skip(done).collect();
        let size = size(&document, &sweep, threads, mine.len(), &left);
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
    let size = size(&document, &sweep, threads, mine.len(), &left);
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
    ended(&went, &spec, left.len(), &folder)?;
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

/// Joins the shares of a sweep.
pub fn merge(args: &Merge) -> Done {
    let specs = args
        .folders
        .iter()
        .map(|folder| Ok((folder, Spec::read(folder).map_err(Failure::Input)?)))
        .collect::<Result<Vec<(&PathBuf, Spec)>, Failure>>()?;
    let (first_folder, first) = &specs[0];
    for (folder, spec) in &specs[1..] {
        let differences = first.differences(spec);
        if !differences.is_empty() {
            return Err(Failure::Input(format!(
                "{} and {} are no shares of one sweep; they differ in\n  {}",
                first_folder.display(),
                folder.display(),
                differences.join("\n  ")
            )));
        }
    }
    complete(&specs)?;
    let document = first.document().map_err(Failure::Scenario)?;
    let sweep = first.sweep(&document).map_err(Failure::Input)?;
    let checked = sweep
        .check(&document)
        .map_err(|bad| wrong_points(&sweep, &bad))?;
    let all = sweep.blocks(&checked);
    let out = &args.out;
    if out.join(SPEC).exists() || out.join(BLOCKS).exists() || out.join(MANIFEST).exists() {
        let what = format!(
            "{} holds results already\n  name another folder with --out",
            out.display()
        );
        return Err(Failure::Input(what));
    }
    let mut problems = Vec::new();
    let mut shares = Vec::new();
    for (folder, spec) in &specs {
        let store = Store::read(folder).map_err(|e| Failure::Input(e.to_string()))?;
        let mine = share(&all, spec.shard);
        let missing = mine.iter().filter(|b| !store.has(&b.hash)).count();
        if missing > 0 {
            let damaged = match store.damaged() {
                [] => String::new(),
                names => format!(" (damaged: {})", names.join(", ")),
            };
            problems.push(format!(
                "{} lacks {missing} of its {} blocks{damaged}\n    {} --resume",
                folder.display(),
                mine.len(),
                spec.command.replace(" --resume", "")
            ));
        }
        shares.push((store, mine));
    }
    if !problems.is_empty() {
        return Err(Failure::Input(format!(
            "not every share is whole\n  {}",
            problems.join("\n  ")
        )));
    }
    fs::create_dir_all(out).map_err(|e| unwritable(out, &e))?;
    let mut store = Store::open(out).map_err(|e| unwritable(out, &e))?;
    for (from, mine) in &mut shares {
        for block in mine.iter() {
            let bytes = from
                .get(&block.hash)
                .map_err(|e| Failure::Running(e.to_string()))?;
            let bytes = bytes
                .filter(|bytes| decode(bytes).is_some())
                .ok_or_else(|| {
                    let what = format!("{} is damaged", words::block(block, first));
                    Failure::Running(what)
                })?;
            store
                .put(&block.hash, &bytes)
                .map_err(|e| unwritable(out, &e))?;
        }
    }
    store.sync().map_err(|e| unwritable(out, &e))?;
    let spec = Spec {
        shard: None,
        command: as_typed(),
        ..first.clone()
    };
    spec.write(out).map_err(|e| unwritable(out, &e))?;
    let whole = Whole {
        document: &document,
        sweep: &sweep,
        checked: &checked,
        spec: &spec,
    };
    publish(out, &mut store, &whole, args.report, args.quiet)
}

/// Says what is done of a sweep.
pub fn status(args: &Status) -> Done {
    let spec = Spec::read(&args.folder).map_err(Failure::Input)?;
    let document = spec.document().map_err(Failure::Scenario)?;
    let sweep = spec.sweep(&document).map_err(Failure::Input)?;
    let checked = sweep
        .check(&document)
        .map_err(|bad| wrong_points(&sweep, &bad))?;
    let mine = share(sweep.blocks(&checked), spec.shard);
    let store = Store::read(&args.folder).map_err(|e| Failure::Input(e.to_string()))?;
    let left: Vec<&Block> = mine.iter().filter(|b| !store.has(&b.hash)).collect();
    let points: BTreeSet<usize> = left.iter().map(|b| b.point).collect();
    let whole = spec.points.len() - points.len();
    print(|out| {
        if let Some((i, n)) = spec.shard {
            writeln!(out, "share {i} of {n}")?;
        }
        writeln!(
            out,
            "{} of {} blocks are done, {:.1} MB; {whole} of {} points have nothing left",
            number::count((mine.len() - left.len()) as u64),
            number::count(mine.len() as u64),
            store.bytes() as f64 / 1e6,
            number::count(spec.points.len() as u64),
        )?;
        for name in store.damaged() {
            writeln!(out, "damaged: block {name}")?;
        }
        for block in left.iter().take(5) {
            writeln!(out, "to come: {}", words::block(block, &spec))?;
        }
        if !left.is_empty() {
            writeln!(out, "go on with: {}", resuming(&spec))?;
        }
        Ok(())
    })
}

/// The sweep that flags and scenario make, and the threads.
fn asked(args: &Args, document: &Document) -> Result<(Sweep, usize), Failure> {
    let wishes = Wishes {
        policies: args.policy.clone(),
        replications: args.replications,
        seed: args.seed,
        threads: args.threads,
        ..Wishes::default()
    };
    let plan = Plan::new(document.scenario(), document.is_uncertain(), &wishes)?;
    let way = match args.design.as_deref() {
        None | Some("grid") => Some(Way::Grid),
        Some("one-at-a-time") => Some(Way::OneAtATime),
        Some("lhs") => Some(Way::Latin),
        Some("sobol") => Some(Way::Sobol),
        Some(_) => None,
    };
    let design = match (way, &args.design) {
        (None, Some(file)) => {
            if !Path::new(file).is_file() {
                return Err(Failure::Input(format!(
                    "{file} is no design and no file\n  write --design grid, one-at-a-time, lhs, sobol, or a CSV file"
                )));
            }
            if !args.vary.is_empty() || args.points.is_some() {
                return Err(Failure::Input(format!(
                    "{file} holds all points\n  leave --vary and --points out"
                )));
            }
            read_design(Path::new(file)).map_err(Failure::Input)?
        }
        (way, _) => {
            let varied = args
                .vary
                .iter()
                .map(|text| Varied::parse(text).map_err(told("in --vary")))
                .collect::<Result<Vec<Varied>, Failure>>()?;
            Design::new(way.unwrap_or(Way::Grid), &varied, args.points, plan.seed)
                .map_err(told("in the design"))?
        }
    };
    let sweep = Sweep {
        design,
        policies: plan.policies,
        replications: plan.replications,
        seed: plan.seed,
        per_world: plan.replications_per_world,
        metrics: metrics(&args.metric).map_err(Failure::Input)?,
    };
    Ok((sweep, plan.threads))
}

/// `3/8`
fn shard(text: &str) -> Result<(u64, u64), Failure> {
    let read = text
        .split_once('/')
        .and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match read {
        Some((i, n)) if 1 <= i && i <= n => Ok((i, n)),
        _ => Err(Failure::Input(format!(
            "{text:?} is no share\n  write --shard 1/8 to --shard 8/8"
        ))),
    }
}

/// The blocks of a share: every n-th.
fn share<B>(all: impl IntoIterator<Item = B>, shard: Option<(u64, u64)>) -> Vec<B> {
    let (i, n) = shard.unwrap_or((1, 1));
    let numbered = (0..).zip(all);
    numbered
        .filter(|(at, _)| at % n == i - 1)
        .map(|(_, block)| block)
        .collect()
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
        bytes: left.len() as f64 * sweep.cells(document).len() as f64 * BYTES_EACH,
    }
}

/// Makes sure that the folder may be written to.
fn prepare(folder: &Path, args: &Args) -> Result<(), Failure> {
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
    // What a kill left of tables under way.
    let entries = fs::read_dir(folder).map_err(|e| unwritable(folder, &e))?;
    for entry in entries.flatten() {
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with(".unfinished-")
        {
            let _ = fs::remove_file(entry.path());
        }
    }
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
fn ended(went: &Went, spec: &Spec, asked: usize, folder: &Path) -> Result<(), Failure> {
    /// Failures that are told one by one.
    const TOLD: usize = 10;
    let again = resuming(spec);
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

/// The command that goes on with a sweep.
fn resuming(spec: &Spec) -> String {
    let mut words = spec
        .command
        .replace(" --force", "")
        .replace(" --resume", "");
    if let Some(at) = words.find(" --block ") {
        words.truncate(at);
    }
    format!("{words} --resume")
}

/// Writes the tables, and shows the main numbers.
fn publish(
    folder: &Path,
    store: &mut Store,
    whole: &Whole<'_>,
    has_report: bool,
    is_quiet: bool,
) -> Done {
    let most = words::ROWS.div_ceil(whole.spec.policies.len().max(1));
    let written = write(folder, store, whole, most);
    let (mut files, shown) = written.map_err(|e| {
        Failure::Running(format!(
            "the results could not be written to {}: {e}",
            folder.display()
        ))
    })?;
    // A page that is there already keeps in step.
    let old = folder.join(REPORT);
    if has_report || (old.exists() && is_ours(&old)) {
        page::write(folder)?;
        files.push(REPORT.to_owned());
    }
    if is_quiet {
        return Ok(ExitCode::SUCCESS);
    }
    print(|out| {
        words::answer(out, whole.sweep, &whole.spec.policies, &shown)?;
        terminal::files(out, folder, &files)
    })
}

/// All shares must be there, each once.
fn complete(specs: &[(&PathBuf, Spec)]) -> Result<(), Failure> {
    let of = |spec: &Spec| spec.shard.unwrap_or((1, 1));
    let (_, n) = of(&specs[0].1);
    let mut seen: Vec<(u64, &PathBuf)> = Vec::new();
    for (folder, spec) in specs {
        let (i, own) = of(spec);
        if own != n {
            return Err(Failure::Input(format!(
                "{} is one of {own} shares, and {} one of {n}\n  join shares of one cut only",
                folder.display(),
                specs[0].0.display()
            )));
        }
        if let Some((_, other)) = seen.iter().find(|(j, _)| *j == i) {
            return Err(Failure::Input(format!(
                "{} and {} are both share {i} of {n}\n  give each share once",
                other.display(),
                folder.display()
            )));
        }
        seen.push((i, folder));
    }
    let missing: Vec<String> = (1..=n)
        .filter(|i| seen.iter().all(|(j, _)| j != i))
        .take(20)
        .map(|i| format!("{i}/{n}"))
        .collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Failure::Input(format!(
            "these shares are missing: {}\n  play them with --shard, or name their folders",
            missing.join(", ")
        ))),
    }
}

fn wrong_points(sweep: &Sweep, bad: &[BadPoint]) -> Failure {
    let mut words = String::from("the design has points that cannot be played");
    for BadPoint { point, problems } in bad {
        let settings: Vec<String> = sweep
            .design
            .settings(*point)
            .iter()
            .map(|s| format!("{} = {}", s.key, s.amount))
            .collect();
        words.push_str(&format!(
            "\npoint {}: {}\n{}",
            point + 1,
            settings.join(", "),
            problems.to_string().trim_end()
        ));
    }
    Failure::Input(words)
}
