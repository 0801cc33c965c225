//! What may be typed.

pub mod args;
