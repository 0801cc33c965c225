//! Chance, and only chance.

pub mod draw;
pub mod stream;
