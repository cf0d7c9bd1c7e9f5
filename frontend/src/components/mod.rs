//! Parts of pages, one a file.

pub mod account_menu;
pub mod combobox;
pub mod confirm;
pub mod context_menu;
pub mod copy_link;
pub mod drop_zone;
pub mod export_menu;
pub mod field;
pub mod filter_bar;
pub mod header;
pub mod icon;
pub mod listing;
pub mod modal;
pub mod notice;
pub mod popover;
pub mod refresh_control;
pub mod search_bar;
pub mod secret_once;
pub mod sending_notice;
pub mod shortcuts;
pub mod summary_line;
pub mod time_picker;
pub mod tooltip;
pub mod when;
pub mod wish;
