//! Exact answers: what the simulation must give where the truth is known.
//!
//! Closed forms and small linear algebra on the ground floor: nothing here has seen the engine. Of the
//! house only [`crate::model::law`] is used, for the laws of durations. Rates are per day and times in
//! days unless a function says otherwise; any other unit does as long as it is the same throughout.

pub mod counts;
pub mod departure;
pub mod erlang;
pub mod infinite;
pub mod markov;
pub mod network;
pub mod quadrature;
pub mod renewal;
pub mod residual;
pub mod single;
pub mod strain;
pub mod survival;
