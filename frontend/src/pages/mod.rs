//! Pages, one a file.

pub mod compare;
pub mod explore;
pub mod first_run;
pub mod heatmap;
pub mod labels;
pub mod local;
pub mod not_found;
pub mod saved;
pub mod shares;
pub mod snapshot;
