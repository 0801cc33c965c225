//! What a service is: laws of durations, the pathway of a case, grades and posts, the calendar, strain.
//!
//! This room knows no file and no dice.

pub mod calendar;
pub mod law;
pub mod normal;
pub mod pathway;
pub mod post;
pub mod strain;
