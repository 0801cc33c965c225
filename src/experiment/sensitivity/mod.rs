//! Which assumption matters most, and in which plausible worlds a policy holds.
//!
//! [`input`] is what is not known; [`question`] what is asked; [`design`] the points; [`play`] plays them; [`answer`] is
//! where the spread comes from, and [`robust`] what the points say of policies as plausible worlds.

pub mod answer;
pub mod design;
pub mod input;
pub mod play;
pub mod question;
pub mod robust;
