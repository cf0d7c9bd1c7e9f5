//! What is on screen as a file: a picture (SVG, PNG) or a page that opens without a server and a network.
//!
//! [`svg`] draws from the scenes that were drawn last; a PNG is that SVG, drawn by the browser. [`html`] puts the program,
//! its styles and a [`saved::Saved`] into one file. [`subject`] says what it is of.

pub(crate) mod dialog;
pub(crate) mod html;
pub(crate) mod pack;
pub(crate) mod picture;
pub(crate) mod saved;
pub(crate) mod subject;
pub(crate) mod svg;
