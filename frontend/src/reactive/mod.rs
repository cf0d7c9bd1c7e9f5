//! Signals, memos, callbacks, effects and parts of views: what leptos offers, in few types.
//!
//! leptos is compiled once for each type of value and each closure; with the sixty types of this page that was most
//! of the download. Here each value is behind one pointer (`any_value.rs`) and each computation behind another, so that
//! leptos is compiled once for all. Names and methods are those of leptos; import them from here after
//! `leptos::prelude::*`. See docs/decisions/0006-few-view-types.md.

mod any_value;
mod attribute;
mod callback;
mod part;
mod signal;

pub(crate) use attribute::{attribute, live_attribute, live_state, optional_attribute};
pub(crate) use callback::Callback;
pub(crate) use part::{effect, handler, list, scope, shown};
pub(crate) use signal::{Memo, RwSignal, Signal};
