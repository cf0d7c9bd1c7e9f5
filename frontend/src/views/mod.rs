//! Views of a profile.
//!
//! [`derive`] computes trees, layouts, colours and rows from a profile; [`model`] keeps each step and computes it when it is
//! needed; [`flame`], [`top_table`], [`call_tree`] and [`sandwich`] draw. [`profile_view`], [`comparison`] and [`side_by_side`] combine them.

pub(crate) mod call_tree;
pub(crate) mod callers;
pub(crate) mod change_text;
pub(crate) mod chart;
mod chip;
pub(crate) mod comparison;
pub(crate) mod derive;
pub(crate) mod flame;
mod full_parts;
pub(crate) mod function_panel;
pub(crate) mod heatmap;
pub(crate) mod kernels;
pub(crate) mod markers;
pub(crate) mod menu;
pub(crate) mod menu_entries;
mod menu_key;
mod menu_request;
pub(crate) mod model;
pub(crate) mod on_screen;
mod origins;
pub(crate) mod palette;
pub(crate) mod parts;
pub(crate) mod picture;
pub(crate) mod profile_view;
pub(crate) mod sandwich;
pub(crate) mod save;
pub(crate) mod scales;
pub(crate) mod search;
pub(crate) mod share;
pub(crate) mod side_by_side;
pub(crate) mod stand_ins;
pub(crate) mod timeline;
pub(crate) mod toolbar;
pub(crate) mod top_table;
pub(crate) mod transform_bar;
pub(crate) mod transforms;
pub(crate) mod treemap;
pub(crate) mod verdict_line;
pub(crate) mod view_menu;
