//! Parts of pages, one a file.

pub mod context_menu;
pub mod drop_zone;
pub mod search_bar;
pub mod tooltip;
