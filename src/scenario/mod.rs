//! The file as written, every rule it must keep, and the service as checked.

pub mod implied;
pub mod sections;
pub mod target;
