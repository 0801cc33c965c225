//! Numbers of a scenario set from outside: a key, a number, and the scenario built anew with every check.
//!
//! [`setting`] holds what is set; [`place`](mod@place) finds the places that a key means, and the key that was meant
//! where there is none; [`amend`] puts a number there; [`values`] reads what a key is varied over; [`range`](mod@range) takes ranges as laws; [`whole`] says
//! what factors of whole numbers come to; [`identity`]
//! tells whether two scenarios give a policy the same numbers. [`Document::varied`] is the door.
//!
//! [`Document::varied`]: crate::scenario::document::Document::varied

pub mod amend;
pub mod amount;
pub mod identity;
pub mod place;
pub mod range;
pub mod setting;
pub mod values;
pub mod whole;

#[cfg(test)]
mod tests;
