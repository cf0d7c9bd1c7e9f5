//! What is on screen as a file: a picture (SVG, PNG) or a page that opens without a server and a network.
//!
//! [`svg`] draws from the scenes that were drawn last; a PNG is that SVG, drawn by the browser. [`html`] puts the program,
//! its styles and a [`saved::Saved`] into one file. [`subject`] says what it is of.

pub mod dialog;
pub mod html;
pub mod pack;
pub mod picture;
pub mod saved;
pub mod subject;
pub mod svg;
