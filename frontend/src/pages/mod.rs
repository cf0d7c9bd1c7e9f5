//! Pages, one a file.

pub mod explore;
pub mod explore_state;
pub mod first_run;
pub mod local;
pub mod not_found;
