//! Pages, one a file.

pub mod compare;
pub mod explore;
pub mod first_run;
pub mod local;
pub mod not_found;
