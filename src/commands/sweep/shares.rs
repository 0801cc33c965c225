//! Shares of a sweep: joined, and how far each has come.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use casecap::cli::sweep::{Merge, Status};
use casecap::experiment::sweep::plan::Block;
use casecap::output::manifest::MANIFEST;
use casecap::output::number;
use casecap::output::sweep::coding::decode;
use casecap::output::sweep::spec::{SPEC, Spec};
use casecap::output::sweep::store::{BLOCKS, Store};
use casecap::output::sweep::tables::Whole;
use casecap::output::sweep::words;
use casecap::text::one_line;

use crate::commands::console::print;
use crate::commands::failure::{Done, Failure, unwritable};
use crate::commands::sweep::asked::{share, wrong_points};
use crate::commands::sweep::publish::{publish, resuming};

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
                "{} lacks {missing} of its {} blocks{damaged}\n    {}",
                folder.display(),
                mine.len(),
                one_line(&resuming(spec, folder))
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
            writeln!(out, "damaged: block {}", one_line(name))?;
        }
        for block in left.iter().take(5) {
            writeln!(out, "to come: {}", words::block(block, &spec))?;
        }
        if !left.is_empty() {
            writeln!(out, "go on with: {}", resuming(&spec, &args.folder))?;
        }
        Ok(())
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
