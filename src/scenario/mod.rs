//! The file as written, every rule it must keep, and the service as checked.
//!
//! [`document::Document`] is the door. A file becomes a tree of values that know where they stand
//! ([`node`], [`file`](mod@file)); [`shape`] holds each value against the one [`catalogue`] of keys; [`service`]
//! puts the checked [`sections`] together and holds them against each other.

pub mod catalogue;
mod choices;
mod counts;
pub mod document;
pub mod evidence;
pub mod file;
mod fit;
mod flow;
mod gaps;
mod hint;
pub mod home;
pub mod implied;
pub mod key;
mod laws;
mod limits;
pub(crate) mod listing;
pub mod measured;
mod merge;
pub mod names;
pub mod node;
pub mod outcome;
mod phases;
mod policies;
pub mod precision;
pub mod problem;
pub mod quantity;
pub mod reference;
pub mod requirement;
pub mod schema;
mod season;
pub mod sections;
pub mod service;
pub mod shape;
mod share;
pub mod size;
mod staff;
mod staffing;
mod stages;
pub mod starter;
pub mod study;
pub mod target;
pub mod uncertain;
pub mod vary;
mod view;
