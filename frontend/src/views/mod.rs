//! The pictures of a profile.
//!
//! The way of a picture: [`derive`] turns profile and view into a tree, a layout, marks and rows; `model`
//! keeps each step and computes it when it is needed; [`flame_graph`], [`top_table`] and [`sandwich`] draw.

pub mod beside;
pub mod change_text;
pub mod comparison;
pub mod derive;
pub mod flame_chart;
pub mod flame_graph;
pub mod function_panel;
pub mod heatmap;
pub mod menu;
pub mod model;
pub mod on_screen;
pub mod parts;
pub mod picture;
pub mod profile_view;
pub mod sandwich;
pub mod save;
pub mod search;
pub mod share;
pub mod shortcuts;
pub mod timeline;
pub mod toolbar;
pub mod top_table;
pub mod transform_bar;
pub mod transforms;
