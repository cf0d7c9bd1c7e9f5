//! The time zone of displayed times: local or UTC, chosen once for the whole page and remembered.

use crate::browser::storage;
use crate::reactive::RwSignal;
use leptos::prelude::use_context;

const KEY: &str = "flarepath.utc";

/// Whether times are shown in UTC.
#[derive(Clone, Copy)]
pub(crate) struct Utc(pub(crate) RwSignal<bool>);

impl Utc {
    /// As chosen before.
    pub(crate) fn stored() -> Utc {
        Utc(RwSignal::new(storage::read(KEY).as_deref() == Some("1")))
    }

    /// That of the page. For what is in the first program: `expect_context` would bring the formatting of its panic.
    #[inline(never)]
    pub(crate) fn of_page() -> Utc {
        use_context().expect("every page provides it")
    }
}

/// Remembers the choice.
pub(crate) fn store(utc: bool) {
    storage::write(KEY, if utc { "1" } else { "0" });
}
