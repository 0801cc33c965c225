//! What a sensitivity analysis says: on the terminal, as tables, as a page.
//!
//! [`told`] is what is told; [`story`] has the sentences, [`words`] the terminal, [`page`](mod@page) the page, and [`folder`]
//! writes it all.

pub mod folder;
pub mod page;
pub mod story;
pub mod told;
pub mod words;
pub mod worlds;
