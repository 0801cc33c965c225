//! The guideline number for people: a statement that may be quoted, tables, a page, and the folder that holds them.

pub mod folder;
pub mod kept;
mod page;
pub mod statement;
pub mod told;
pub mod words;

#[cfg(test)]
mod tests;
