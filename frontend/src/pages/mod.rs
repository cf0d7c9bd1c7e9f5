//! Pages, one per file or folder.

pub(crate) mod admin;
pub(crate) mod auth_pages;
pub(crate) mod compare;
pub(crate) mod explore;
pub(crate) mod first_run;
pub(crate) mod heatmap;
pub(crate) mod home;
pub(crate) mod incident;
pub(crate) mod labels;
pub(crate) mod local;
pub(crate) mod not_found;
pub(crate) mod offline_page;
pub(crate) mod question;
pub(crate) mod service;
pub(crate) mod settings;
pub(crate) mod shares;
pub(crate) mod snapshot;
pub(crate) mod stores;
pub(crate) mod tokens;
