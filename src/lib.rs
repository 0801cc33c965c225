//! casecap answers one question for people services: how many cases may one worker hold, and what
//! happens then?
//!
//! It plays a service forward in continuous time, many times and in parallel, under cap policies
//! that a planner writes down in a file, and reports month by month caseload, burnout risk and
//! cases without a worker.
//!
//! # The rooms
//!
//! Arrows point down: a room imports only from rooms below it.
//!
//! | room | what stands there |
//! | --- | --- |
//! | [`cli`] | the flags |
//! | [`output`], [`validation`] | results to people; simulated beside exact |
//! | [`experiment`] | many replications, in parallel, folded in a fixed order |
//! | [`engine`] | one replication |
//! | [`scenario`] | the file as written, every rule it must keep, and the service as checked |
//! | [`policy`], [`random`] | what a manager decides; chance and only chance |
//! | [`model`], [`metric`], [`statistics`], [`theory`] | what a service is; what is measured; numbers about numbers; exact answers |

pub mod cli;
pub mod engine;
pub mod experiment;
pub mod metric;
pub mod model;
pub mod output;
pub mod policy;
pub mod random;
pub mod scenario;
pub mod statistics;
pub mod theory;
pub mod validation;
