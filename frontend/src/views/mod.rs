//! The pictures of a profile.
//!
//! The way of a picture: [`derive`] turns profile and view into a tree, a layout, marks and rows; `model`
//! keeps each step and computes it when it is needed; [`flame_graph`], [`top_table`] and [`sandwich`] draw.

pub(crate) mod beside;
pub(crate) mod change_text;
pub(crate) mod comparison;
pub(crate) mod derive;
pub(crate) mod flame_chart;
pub(crate) mod flame_graph;
pub(crate) mod function_panel;
pub(crate) mod heatmap;
pub(crate) mod menu;
pub(crate) mod model;
pub(crate) mod on_screen;
pub(crate) mod parts;
pub(crate) mod picture;
pub(crate) mod profile_view;
pub(crate) mod sandwich;
pub(crate) mod save;
pub(crate) mod search;
pub(crate) mod share;
pub(crate) mod timeline;
pub(crate) mod toolbar;
pub(crate) mod top_table;
pub(crate) mod transform_bar;
pub(crate) mod transforms;
