//! Flarepath in the browser. The pure modules (`state`, scenes and interactions of `views`) also build
//! natively, so that their tests need no browser.

pub mod api;
pub mod app;
pub mod browser;
pub mod canvas;
pub mod components;
pub mod local_file;
pub mod pages;
pub mod reactive;
pub mod routes;
pub mod state;
pub mod views;
