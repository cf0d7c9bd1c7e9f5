//! The time zone of displayed times: local or UTC, chosen once for the whole page and remembered.

use crate::browser::storage;
use crate::reactive::RwSignal;

const KEY: &str = "flarepath.utc";

/// Whether times are shown in UTC.
#[derive(Clone, Copy)]
pub(crate) struct Utc(pub(crate) RwSignal<bool>);

impl Utc {
    /// As chosen before.
    pub(crate) fn stored() -> Utc {
        Utc(RwSignal::new(storage::read(KEY).as_deref() == Some("1")))
    }
}

/// Remembers the choice.
pub(crate) fn store(utc: bool) {
    storage::write(KEY, if utc { "1" } else { "0" });
}
