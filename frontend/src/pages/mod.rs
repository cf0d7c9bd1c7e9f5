//! Pages, one a file.

pub mod local;
