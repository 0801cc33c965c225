//! Results to people: files, a manifest that repeats them, and words on a terminal.
//!
//! This room computes no statistic.

pub mod asked;
pub mod chart;
pub mod check;
pub mod compare;
mod contrast;
pub mod csv;
pub mod evidence;
pub mod explain;
pub mod folder;
mod grid;
pub mod guideline;
pub mod html;
pub mod kept;
pub mod manifest;
pub mod metrics;
pub mod number;
pub mod page;
pub mod parquet;
pub mod picture;
mod precision;
pub mod progress;
mod prose;
mod reading;
mod relay;
pub mod report;
pub mod results;
pub mod seal;
pub mod sensitivity;
pub mod store;
pub mod sweep;
pub mod terminal;
pub mod verify;
pub mod workbook;
