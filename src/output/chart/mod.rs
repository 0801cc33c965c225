//! Charts as pictures of text: lines, bands, bars and marks, each with words that say what is seen.
//!
//! A chart is 340 pixels wide and its text 16 pixels high, so that it is read on a telephone, beside two others on a
//! desk, and on paper, without being made smaller. Nothing is told by colour alone: lines differ in dashes, marks in form,
//! and values stand beside what they belong to.

pub mod band;
pub mod canvas;
pub mod chance;
pub mod columns;
pub mod heat;
pub mod levels;
pub mod pathway;
pub mod rows;
pub mod scale;
pub mod scatter;
pub mod tiles;
