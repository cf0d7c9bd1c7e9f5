//! Pages, one a file.

pub mod admin;
pub mod compare;
pub mod door;
pub mod explore;
pub mod first_run;
pub mod heatmap;
pub mod labels;
pub mod local;
pub mod not_found;
pub mod saved;
pub mod session;
pub mod settings;
pub mod shares;
pub mod snapshot;
pub mod tokens;
