//! The stores that profiles are read from, for all pages. Only in the full program.

use crate::api::{Fetch, stores};
use crate::browser::timer;
use crate::reactive::RwSignal;
use crate::state::stores::StoreList;
use leptos::prelude::*;

/// The stores that the person may read. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Stores {
    pub(crate) list: Fetch<StoreList>,
    /// Whether it was asked for.
    asked: RwSignal<bool>,
}

impl Stores {
    /// Provides the list, which nobody has asked for yet.
    pub(crate) fn provide() -> Stores {
        let stores = Stores { list: Fetch::new(), asked: RwSignal::new(false) };
        provide_context(stores);
        stores
    }

    /// Those of the page. A part that is lent to the first program has its own.
    pub(crate) fn of_page() -> Stores {
        use_context().unwrap_or_else(Stores::provide)
    }

    /// Loads the list once for all pages, when the browser has drawn what it has.
    pub(crate) fn ask(self) {
        if !self.asked.get_untracked() {
            self.asked.set(true);
            timer::when_idle(move || self.load());
        }
    }

    /// Loads the list: the state of stores as it is now.
    pub(crate) fn load(self) {
        self.list.start(|_| stores::stores());
    }
}
