//! Flarepath in the browser. The pure modules (`state`, scenes and interactions of `views`) also build
//! natively, so that their tests need no browser.

// leptos's `component` macro declares public items; the walls test looks for our own.
#![allow(unreachable_pub)]

mod api;
mod app;
mod browser;
mod canvas;
mod components;
mod context;
pub mod first_app;
pub mod full_app;
mod local_file;
mod pages;
mod reactive;
mod routes;
mod state;
mod views;
pub mod worker_dom;
