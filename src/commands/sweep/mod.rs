//! `sweep`, and `merge` and `status` of what it leaves.

mod asked;
pub mod play;
mod publish;
pub mod shares;
