//! What may be typed.

pub mod args;
pub mod guideline;
mod number;
pub mod sensitivity;
pub mod sweep;
