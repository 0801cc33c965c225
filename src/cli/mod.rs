//! What may be typed.

pub mod args;
pub mod guideline;
pub mod sensitivity;
pub mod sweep;
