//! Parts of pages, one a file.

pub(crate) mod account_menu;
pub(crate) mod combobox;
pub(crate) mod confirm;
pub(crate) mod context_menu;
pub(crate) mod copy_link;
pub(crate) mod drop_zone;
pub(crate) mod export_menu;
pub(crate) mod field;
pub(crate) mod filter_bar;
pub(crate) mod header;
pub(crate) mod icon;
pub(crate) mod listing;
pub(crate) mod modal;
pub(crate) mod notice;
pub(crate) mod popover;
pub(crate) mod refresh_control;
pub(crate) mod search_bar;
pub(crate) mod secret_once;
pub(crate) mod sending_notice;
pub(crate) mod share_button;
pub(crate) mod shortcuts;
pub(crate) mod summary_line;
pub(crate) mod time_picker;
pub(crate) mod tooltip;
pub(crate) mod virtual_grid;
pub(crate) mod when;
