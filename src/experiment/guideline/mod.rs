//! The guideline number: which settings meet all requirements, decided with one stated chance of error.
//!
//! [`question`] is what is asked; [`stage`] plays a setting; [`pool`] gives replications to the settings that are still
//! undecided, and decides; [`search`] looks for the edge along a second key; [`run`] drives them; [`answer`] is what comes
//! of it, and [`price`] what the posts of an edge cost. [`plausible`] is what worlds draw, and [`assumption`] what that does.

pub mod answer;
pub mod assumption;
pub mod plausible;
pub mod pool;
pub mod price;
pub mod question;
pub mod run;
pub mod search;
pub mod stage;
