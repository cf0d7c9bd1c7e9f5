//! Saves what is on screen: as a picture (SVG, PNG) or as a page that opens offline.
//!
//! [`svg`] writes the scenes drawn last; a PNG is that SVG, drawn by the browser. [`html`] puts the program, its styles and a
//! [`saved::Saved`] into one file. [`subject`] gives titles and file names.

pub(crate) mod dialog;
pub(crate) mod html;
pub(crate) mod pack;
pub(crate) mod picture;
pub(crate) mod saved;
pub(crate) mod subject;
pub(crate) mod svg;
