//! Geometry of a call tree on screen. Numbers in, numbers out; nothing here draws.
//!
//! From tree to picture: [`layout`] turns a tree into rows of boxes once; on each frame [`visible`] picks
//! the boxes that can be seen through a [`Viewport`], [`bucket`] groups them by [`color`] or [`origin_color`], and a painter
//! draws them. A [`chart`] is a layout too, of samples in time order instead of a tree. A pointer goes through [`hit_test`], a key through [`navigate`].

pub mod bucket;
pub mod chart;
pub mod color;
pub mod hit_test;
pub mod layout;
pub mod navigate;
pub mod origin_color;
mod viewport;
pub mod visible;
mod within;

pub use bucket::Groups;
pub use chart::{Chart, ChartColumns, ChartError, InvalidChart, Minimap};
pub use color::{ColorBy, frame_buckets};
pub use hit_test::hit_test;
pub use layout::{BoxId, Layout, Order};
pub use navigate::{Move, step};
pub use origin_color::origin_colors;
pub use viewport::{Bounds, Viewport};
pub use visible::{Content, View, VisibleBox, visible};
pub use within::within;
