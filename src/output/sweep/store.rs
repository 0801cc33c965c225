//! The blocks of a sweep in one file that only grows.
//!
//! A record is a mark, the name of its block, the length of its bytes, their checksum and they themselves, written
//! at once. What a crash tears stands at the end and is cut off; what is spoilt before it is named and passed over,
//! and its block is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use sha2::{Digest, Sha256};

pub use crate::output::manifest::BLOCKS;

/// A block's name: SHA-256 of all that it depends on.
pub type Hash = [u8; 32];

/// First bytes of the file.
const HEAD: &[u8] = b"casecap blocks 1\n";
/// First bytes of a record.
const MARK: &[u8; 4] = b"CBLK";
/// Mark, name, length, checksum.
const LEAD: usize = 4 + 32 + 4 + 32;
/// Seconds after which what was written must be on the disk itself.
const SYNCED_SECONDS: f64 = 2.0;

/// Blocks on the disk.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    file: File,
    /// One past the last whole record [bytes].
    end: u64,
    /// Where the bytes of each block stand, and how many.
    index: BTreeMap<Hash, (u64, u32)>,
    /// Names of blocks that were spoilt, or where they stood if their name was too.
    damaged: Vec<String>,
    synced: Instant,
}

impl Store {
    /// Opens the blocks of a folder, to add to them; makes the file where there is none.
    ///
    /// # Errors
    /// Those of the disk; where the file is none of ours, or another program adds to it.
    pub fn open(folder: &Path) -> io::Result<Store> {
        let path = folder.join(BLOCKS);
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)?;
        if file.try_lock().is_err() {
            let what = format!("another casecap is at work on {}", path.display());
            return Err(io::Error::other(what));
        }
        let mut store = Store::scan(path, file)?;
        store.file.set_len(store.end)?;
        if store.end == 0 {
            // A torn head has been read over.
            store.file.seek(SeekFrom::Start(0))?;
            store.file.write_all(HEAD)?;
            store.end = HEAD.len() as u64;
        }
        Ok(store)
    }

    /// Opens the blocks of a folder only to read them.
    ///
    /// # Errors
    /// Those of the disk; where the file is none of ours.
    pub fn read(folder: &Path) -> io::Result<Store> {
        let path = folder.join(BLOCKS);
        let file = File::open(&path)?;
        Store::scan(path, file)
    }

    fn scan(path: PathBuf, file: File) -> io::Result<Store> {
        let size = file.metadata()?.len();
        let mut store = Store {
            path,
            file,
            end: 0,
            index: BTreeMap::new(),
            damaged: Vec::new(),
            synced: Instant::now(),
        };
        let mut reader = BufReader::with_capacity(1 << 20, store.file.try_clone()?);
        reader.seek(SeekFrom::Start(0))?;
        let mut head = [0; HEAD.len()];
        if size < HEAD.len() as u64 {
            let mut start = Vec::new();
            reader.read_to_end(&mut start)?;
            return match HEAD.starts_with(&start) {
                true => Ok(store),
                false => Err(store.not_ours()),
            };
        }
        reader.read_exact(&mut head)?;
        if head != HEAD {
            return Err(store.not_ours());
        }
        let mut at = HEAD.len() as u64;
        store.end = at;
        let mut spoilt: Option<String> = None;
        while at < size {
            match record(&mut reader, at, size)? {
                Ok((name, length)) => {
                    store.damaged.extend(spoilt.take());
                    store.index.insert(name, (at + LEAD as u64, length));
                    at += LEAD as u64 + u64::from(length);
                    store.end = at;
                }
                Err(name) => {
                    if spoilt.is_none() {
                        spoilt = Some(name.map_or(format!("at byte {at}"), |name| hex(&name)));
                    }
                    match next_mark(&mut reader, at + 1, size)? {
                        Some(next) => at = next,
                        None => break,
                    }
                }
            }
        }
        // A whole record at the very end that does not hold its checksum is spoilt; a torn one was never done.
        Ok(store)
    }

    fn not_ours(&self) -> io::Error {
        io::Error::other(format!(
            "{} holds no blocks of this version",
            self.path.display()
        ))
    }

    /// Whether a block is there.
    pub fn has(&self, name: &Hash) -> bool {
        self.index.contains_key(name)
    }

    /// Blocks that are there.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// True where no block is there.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Length of the file [bytes].
    pub fn bytes(&self) -> u64 {
        self.end
    }

    /// Blocks that were found spoilt: the beginning of their names.
    pub fn damaged(&self) -> &[String] {
        &self.damaged
    }

    /// The bytes of a block, as they were written.
    ///
    /// * returns - nothing where it is not there, or no longer holds its checksum
    ///
    /// # Errors
    /// Those of the disk.
    pub fn get(&mut self, name: &Hash) -> io::Result<Option<Vec<u8>>> {
        let Some((at, length)) = self.index.get(name).copied() else {
            return Ok(None);
        };
        let mut sum = [0; 32];
        self.file.seek(SeekFrom::Start(at - sum.len() as u64))?;
        self.file.read_exact(&mut sum)?;
        let mut bytes = vec![0; length as usize];
        self.file.read_exact(&mut bytes)?;
        if checksum(name, &bytes) == sum {
            return Ok(Some(bytes));
        }
        self.index.remove(name);
        self.damaged.push(hex(name));
        Ok(None)
    }

    /// Adds a block. Where that fails the file is as it was.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn put(&mut self, name: &Hash, bytes: &[u8]) -> io::Result<()> {
        let record = record_of(name, bytes)?;
        self.file.seek(SeekFrom::Start(self.end))?;
        if let Err(error) = self.file.write_all(&record) {
            let _ = self.file.set_len(self.end);
            return Err(error);
        }
        let length = (record.len() - LEAD) as u32;
        self.index.insert(*name, (self.end + LEAD as u64, length));
        self.end += record.len() as u64;
        if self.synced.elapsed().as_secs_f64() > SYNCED_SECONDS {
            self.sync()?;
        }
        Ok(())
    }

    /// Writes a file of blocks: those named, in that order and each once, then all others in the order of their names.
    ///
    /// # Errors
    /// Those of the disk; a block that is not there or is damaged.
    pub fn copy(
        &mut self,
        first: impl Iterator<Item = Hash>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        out.write_all(HEAD)?;
        let mut left: BTreeSet<Hash> = self.index.keys().copied().collect();
        let mut names: Vec<Hash> = first.filter(|name| left.remove(name)).collect();
        names.extend(left);
        for name in names {
            let damaged = || io::Error::other(format!("block {} is damaged", hex(&name)));
            let bytes = self.get(&name)?.ok_or_else(damaged)?;
            out.write_all(&record_of(&name, &bytes)?)?;
        }
        Ok(())
    }

    /// Makes sure that everything is on the disk itself.
    ///
    /// # Errors
    /// Those of the disk, which may only show here.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()?;
        self.synced = Instant::now();
        Ok(())
    }
}

/// A record as it stands in the file.
fn record_of(name: &Hash, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    let mut record = Vec::with_capacity(LEAD + bytes.len());
    record.extend_from_slice(MARK);
    record.extend_from_slice(name);
    record.extend_from_slice(&length.to_le_bytes());
    record.extend_from_slice(&checksum(name, bytes));
    record.extend_from_slice(bytes);
    Ok(record)
}

/// The length counts too, so that a record is whole or is none.
fn checksum(name: &Hash, bytes: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(name);
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
    hash.finalize().into()
}

/// The record at a place: its name and length.
///
/// * returns - where it does not hold, the name that it claims, if it has the mark
fn record(
    reader: &mut BufReader<File>,
    at: u64,
    size: u64,
) -> io::Result<Result<(Hash, u32), Option<Hash>>> {
    if size - at < LEAD as u64 {
        return Ok(Err(None));
    }
    seek(reader, at)?;
    let mut lead = [0; LEAD];
    reader.read_exact(&mut lead)?;
    let (mark, rest) = lead.split_at(4);
    let (name, rest) = rest.split_at(32);
    let (length, sum) = rest.split_at(4);
    let mut own = [0; 32];
    own.copy_from_slice(name);
    if mark != MARK {
        return Ok(Err(None));
    }
    let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]);
    if u64::from(length) > size - at - LEAD as u64 {
        return Ok(Err(Some(own)));
    }
    let mut bytes = vec![0; length as usize];
    reader.read_exact(&mut bytes)?;
    Ok(match checksum(&own, &bytes)[..] == *sum {
        true => Ok((own, length)),
        false => Err(Some(own)),
    })
}

/// The next place from which on a record may stand.
fn next_mark(reader: &mut BufReader<File>, from: u64, size: u64) -> io::Result<Option<u64>> {
    const WINDOW: usize = 1 << 16;
    let mut at = from;
    let mut window = vec![0; WINDOW];
    while at + (LEAD as u64) <= size {
        seek(reader, at)?;
        let wanted = WINDOW.min((size - at) as usize);
        reader.read_exact(&mut window[..wanted])?;
        let found = window[..wanted]
            .windows(MARK.len())
            .position(|four| four == MARK);
        if let Some(place) = found {
            return Ok(Some(at + place as u64));
        }
        at += (wanted - (MARK.len() - 1)) as u64;
    }
    Ok(None)
}

fn seek(reader: &mut BufReader<File>, at: u64) -> io::Result<()> {
    let here = reader.stream_position()?;
    // Within what is read ahead already where it can be.
    reader.seek_relative(at as i64 - here as i64)
}

fn hex(name: &Hash) -> String {
    name.iter().take(6).map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(of: u8) -> Hash {
        [of; 32]
    }

    /// Three blocks of different lengths; the last bytes of the second hold a mark.
    fn filled(folder: &Path) -> Vec<u8> {
        let mut store = Store::open(folder).unwrap();
        for (of, bytes) in [(1, &b"one"[..]), (2, b"second CBLK"), (3, b"3")] {
            store.put(&name(of), bytes).unwrap();
        }
        store.sync().unwrap();
        std::fs::read(folder.join(BLOCKS)).unwrap()
    }

    #[test]
    fn blocks_come_back_after_the_program_has_ended() {
        let home = tempfile::tempdir().unwrap();
        filled(home.path());
        let mut store = Store::open(home.path()).unwrap();
        assert_eq!((store.len(), store.damaged().len()), (3, 0));
        assert_eq!(store.get(&name(2)).unwrap().unwrap(), b"second CBLK");
        assert_eq!(store.get(&name(4)).unwrap(), None);
        assert!(Store::open(home.path()).is_err(), "two at once");
    }

    #[test]
    fn a_file_torn_anywhere_keeps_every_whole_block_and_grows_on() {
        let home = tempfile::tempdir().unwrap();
        let whole = filled(home.path());
        for length in 0..whole.len() {
            std::fs::write(home.path().join(BLOCKS), &whole[..length]).unwrap();
            let mut store = Store::open(home.path()).unwrap();
            for of in 1..=3 {
                if !store.has(&name(of)) {
                    store.put(&name(of), &[of]).unwrap();
                }
            }
            drop(store);
            let store = Store::read(home.path()).unwrap();
            assert_eq!((store.len(), store.damaged().len()), (3, 0), "{length}");
        }
    }

    #[test]
    fn a_spoilt_byte_costs_its_own_block_and_no_other() {
        let home = tempfile::tempdir().unwrap();
        let whole = filled(home.path());
        for at in HEAD.len()..whole.len() {
            let mut spoilt = whole.clone();
            spoilt[at] ^= 0x20;
            std::fs::write(home.path().join(BLOCKS), &spoilt).unwrap();
            let store = Store::read(home.path()).unwrap();
            assert_eq!(store.len(), 2, "{at}");
        }
        let mut spoilt = whole.clone();
        spoilt[HEAD.len() + LEAD] ^= 1;
        std::fs::write(home.path().join(BLOCKS), &spoilt).unwrap();
        let store = Store::open(home.path()).unwrap();
        assert_eq!(store.damaged(), ["010101010101"]);
        assert!(!store.has(&name(1)) && store.has(&name(2)) && store.has(&name(3)));
    }

    #[test]
    fn a_file_of_somebody_else_is_refused() {
        let home = tempfile::tempdir().unwrap();
        for text in ["mine", "my own file, which is longer than that"] {
            std::fs::write(home.path().join(BLOCKS), text).unwrap();
            assert!(Store::open(home.path()).is_err(), "{text}");
            assert_eq!(
                std::fs::read_to_string(home.path().join(BLOCKS)).unwrap(),
                text
            );
        }
    }
}
