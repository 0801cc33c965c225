//! Many settings of one scenario, each played alike: designs, blocks of replications, and what they come to.
//!
//! A [`design`] is a list of points, each a set of numbers. A [`plan`] cuts points x policies x replications into
//! blocks, each named by the hash of all that it depends on; [`block`] plays one; [`run`](mod@run) plays those that are
//! not there yet, on threads; [`fold`] joins the blocks of a point in the order of replications, so that it does not
//! matter where and when each was played.

pub mod block;
pub mod design;
pub mod fold;
pub mod plan;
pub mod run;
