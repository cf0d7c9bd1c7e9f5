//! Profiles: the data model, the formats, and everything computed from them.
//!
//! Pure: bytes and numbers in, data out. No I/O, no clock, no HTTP, no DOM; the same code runs in the
//! browser (wasm32) and in the backend.
//!
//! The layers, lowest first:
//! 1. [`string_table`], [`labels`], [`selector`], [`profile_type`], [`units`]: the words.
//! 2. [`stack_table`], [`sample`], [`profile`]: a [`profile::Profile`] as a profiler recorded it, one call
//!    site a location, nothing lost. [`formats`] read and write it.
//! 3. [`frame_table`], [`package`], [`own_code`], [`origin`], [`call_tree`]: a [`call_tree::CallTree`], one function a frame, of one
//!    sample type. [`top_table`], [`tree_table`] and [`search`] are computed from it, on the whole tree; [`diff`] from two,
//!    [`heatmap`] from many over time. [`lanes`] puts samples in the order of time, [`line_costs`] adds
//!    them up by source line.
//!    [`sanitize`] takes out secrets and personal data before anything is shared.
//!    [`stats`] tells changes from noise, and [`verdict`] says in a sentence what it found, with functions by
//!    their [`short_name`]. [`name_match`] finds names by what somebody types.
//! 4. [`flame`]: the geometry of a call tree on a screen. Numbers in, numbers out.

pub mod call_tree;
pub mod diff;
pub mod flame;
pub mod formats;
pub mod frame_table;
pub mod heatmap;
pub mod labels;
pub mod lanes;
pub mod limits;
pub mod line_costs;
pub mod name_match;
pub mod origin;
pub mod own_code;
pub mod package;
pub mod profile;
pub mod profile_type;
pub mod sample;
pub mod sanitize;
pub mod search;
pub mod selector;
pub mod short_name;
pub mod stack_table;
pub mod stats;
pub mod string_table;
pub mod time_series;
pub mod top_table;
pub mod tree_table;
pub mod units;
pub mod unix_nanos;
pub mod varint;
pub mod verdict;
