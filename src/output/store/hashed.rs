//! A file of results on its way to the disk.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use sha2::{Digest, Sha256};

use crate::output::manifest::Written;
use crate::output::store::disk::OutFile;

/// A file of results while it is written: hash and length grow with it, so that it need not be read again.
///
/// It has no buffer: hand it to a writer that has one.
#[derive(Debug)]
pub struct Hashed {
    name: String,
    file: OutFile,
    hash: Sha256,
    bytes: u64,
    syncing: Arc<Syncing>,
}

impl Write for Hashed {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let taken = self.file.write(text)?;
        self.hash.update(&text[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Hashed {
    /// A new file.
    ///
    /// * `name` - by which the manifest knows it; * `path` - where it is made
    pub(in crate::output) fn create(
        name: &str,
        path: &Path,
        syncing: &Arc<Syncing>,
    ) -> io::Result<Hashed> {
        Ok(Hashed {
            name: name.to_owned(),
            file: OutFile::create(path)?,
            hash: Sha256::new(),
            bytes: 0,
            syncing: Arc::clone(syncing),
        })
    }

    /// Sends everything to the disk; [`Place::publish`](crate::output::store::place::Place::publish) waits until it is there.
    ///
    /// # Errors
    /// Those of the disk, where it was waited for here.
    pub fn finish(self) -> io::Result<Written> {
        self.syncing.begin(self.file.into_syncing()?)?;
        let sha256 = self.hash.finalize();
        Ok(Written {
            name: self.name,
            sha256: hexadecimal(&sha256),
            bytes: self.bytes,
        })
    }
}

/// Files on their way to the disk, all at once: one disk takes several in hardly more time than one.
#[derive(Debug, Default)]
pub(in crate::output) struct Syncing(Mutex<Vec<JoinHandle<io::Result<()>>>>);

impl Syncing {
    fn begin(&self, file: File) -> io::Result<()> {
        let file = Arc::new(file);
        let sync = Arc::clone(&file);
        match Builder::new().spawn(move || sync.sync_all()) {
            Ok(handle) => {
                let mut handles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                handles.push(handle);
                Ok(())
            }
            // Without another thread it is waited for.
            Err(_) => file.sync_all(),
        }
    }

    /// Waits until all are there.
    ///
    /// # Errors
    /// The first one.
    pub(in crate::output) fn wait(&self) -> io::Result<()> {
        let mut handles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = handles.drain(..).map(|handle| {
            let end = handle.join();
            end.unwrap_or_else(|_| Err(io::Error::other("a file was not brought to the disk")))
        });
        ends.fold(Ok(()), io::Result::and)
    }
}

/// Bytes as two digits each.
pub(in crate::output) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
