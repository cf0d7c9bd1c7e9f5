//! The session: who is signed in, for all pages.

use crate::api::{Fetch, people};
use crate::browser::history::Address;
use crate::reactive::{Memo, Signal, effect};
use crate::routes::Page;
use crate::state::session::Me;
use leptos::prelude::*;

/// The signed-in person, loaded once for the whole page. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Session(pub(crate) Fetch<Me>);

impl Session {
    /// Provides the session and loads it: again on each page, as permissions can change.
    pub(crate) fn provide(address: Address) -> Session {
        let session = Session(Fetch::new());
        provide_context(session);
        effect(move || {
            // No user is signed in on these pages.
            let page = address.path.with(|path| Page::at(path, ""));
            if !matches!(page, Page::Login | Page::Claim | Page::Invite) {
                session.load();
            }
        });
        session
    }

    /// Loads the session.
    pub(crate) fn load(self) {
        self.0.start(|_| people::me());
    }

    /// The person; nobody until loaded.
    pub(crate) fn me(self) -> Signal<Me> {
        Memo::new(move || self.0.data.get().unwrap_or_default())
    }
}
