//! Flame graphs and flame charts: one canvas of boxes, and the two owners that provide the boxes.
//!
//! A pointer or key event becomes an [`interaction::Action`]. The [`host::Host`] handles it: what moves with the pointer
//! stays in the [`stage`], and what belongs into the URL goes through the [`owner::Owner`]. [`scene`] turns visible boxes
//! into a draw list, `painter` paints it, [`text_view`] has the same for screen readers.
//!
//! Boxes are addressed by [`BoxId`](flarepath_profile::flame::BoxId): in a [`graph`] each tree node has one box, in a
//! [`chart`] as many as its function had calls.

mod actions;
pub(crate) mod boxes;
pub(crate) mod camera;
mod canvas;
pub(crate) mod chart;
mod events;
pub(crate) mod fill;
pub(crate) mod graph;
pub(crate) mod host;
pub(crate) mod interaction;
pub(crate) mod label_text;
pub(crate) mod owner;
pub(crate) mod painter;
pub(crate) mod scene;
pub(crate) mod stage;
mod text_view;
