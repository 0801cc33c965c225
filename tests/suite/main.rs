//! One binary of tests, a file for each kind of promise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod agreement;
mod command;
mod compare;
mod data;
mod evidence;
mod explain;
mod guideline;
mod hostile;
mod plain;
mod policies;
mod reference;
mod report;
mod right_values;
mod sensitivity;
mod signals;
mod stopping;
mod store;
mod support;
mod sweep;
mod theory;
