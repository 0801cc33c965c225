//! The commands of the program, one after another: flags to a question, the question to an answer, the answer to words.
//!
//! What is computed and written stands in the library; here it is put together.

pub mod console;
pub mod failure;
pub mod finished;
pub mod guard;
pub mod guide;
pub mod guideline;
pub mod play;
pub mod sensitivity;
pub mod start;
pub mod sweep;
pub mod validate;
