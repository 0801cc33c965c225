//! What may be typed.

pub mod args;
pub mod sweep;
