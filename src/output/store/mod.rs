//! The store of results: a folder is replaced as a whole or not at all, whichever command made it.
//!
//! A command opens a [`place::Place`], which locks the folder, creates its files there, and publishes them. The new
//! folder is made beside the earlier one and exchanged for it in one step, so that after a kill or an error at any point
//! the folder holds all of the earlier results or all of the new ones. What a killed command left behind is removed by
//! the next command ([`recovery::recover`]). Where a file system cannot exchange two folders, the new files are
//! complete inside the folder before the first of them is moved, and the next command completes an interrupted move.
//!
//! Every change to the disk goes through [`disk`], where a test can let any one of them fail.

pub mod add;
pub mod disk;
pub mod error;
pub mod hashed;
mod lock;
pub mod place;
pub mod recovery;
#[cfg(test)]
mod tests;
