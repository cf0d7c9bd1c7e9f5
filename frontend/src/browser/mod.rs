//! The only wrappers of what a browser offers beside drawing and asking: address, clock, storage, clipboard,
//! theme, timers, page. Each does one thing and turns "not allowed here" into a plain value.

pub mod clipboard;
pub mod clock;
pub mod download;
pub mod file_drop;
pub mod focus;
pub mod form;
pub mod history;
pub mod keys;
pub mod leave;
pub mod media;
pub mod observe;
pub mod page;
pub mod panic_notice;
pub mod pattern;
pub mod profile_worker;
pub mod storage;
pub mod theme;
pub mod timer;
pub mod whole;
