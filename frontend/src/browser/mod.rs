//! Wrappers of browser APIs other than drawing and requests: history, clock, storage, clipboard, theme, timers, elements.
//! Each does one thing and turns "not allowed here" into a plain value.

pub(crate) mod clipboard;
pub(crate) mod clock;
pub(crate) mod command;
pub(crate) mod download;
pub(crate) mod element;
pub(crate) mod event;
pub(crate) mod file_drop;
pub(crate) mod focus;
pub(crate) mod focus_keeper;
pub(crate) mod form;
pub(crate) mod handover;
pub(crate) mod history;
pub(crate) mod keys;
pub(crate) mod lower_case;
pub(crate) mod media;
pub(crate) mod navigation;
pub(crate) mod node;
pub(crate) mod observe;
pub(crate) mod page;
pub(crate) mod page_focus;
pub(crate) mod panic_notice;
pub(crate) mod pattern;
pub(crate) mod print;
pub(crate) mod profile_worker;
pub(crate) mod row_cells;
pub(crate) mod storage;
pub(crate) mod theme;
pub(crate) mod timer;
