//! Signals, memos, callbacks, effects and parts of views: what leptos offers, in few types.
//!
//! leptos compiles its machinery once for each type of value and each closure, and with the sixty types of this
//! page that machinery was most of the download. Here a value lies behind one pointer (`held.rs`), a computation
//! behind another, and the machinery exists once. The names and methods are those of leptos; import them from here
//! after `leptos::prelude::*`. See docs/decisions/0006-few-view-types.md.

mod callback;
mod held;
mod part;
mod rw_signal;
mod signal;

pub(crate) use callback::Callback;
pub(crate) use part::{effect, handler, list, shown};
pub(crate) use rw_signal::RwSignal;
pub(crate) use signal::{Memo, Signal};
