//! A sweep on the disk: its blocks in one file, what it is in another, and the tables made of both.
//!
//! [`store`] holds the blocks, each with its hash and checksum, so that what a crash tore or a disk spoilt is seen
//! and played again; [`coding`] turns a block into bytes; [`spec`] is what a sweep is, as it stands in its folder;
//! [`tables`] writes the results; [`words`] is what people read on a terminal, and [`mod@page`] the page.

pub mod coding;
mod figures;
pub mod page;
pub mod spec;
pub mod store;
mod story;
pub mod tables;
pub mod words;
