//! Pages that people read: a shell, tables and figures. Each page is one file that needs no other, no network and no
//! script.

pub mod error;
pub mod figure;
pub mod shell;
pub mod table;
