//! Who is at the page, for all pages that ask.

use crate::api::{Fetch, people};
use crate::browser::history::Address;
use crate::reactive::{Memo, Signal, effect};
use crate::routes::Page;
use crate::state::session::Me;
use leptos::prelude::*;

/// The person, asked for once for all parts of the page. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Session(pub(crate) Fetch<Me>);

impl Session {
    /// Puts it into the context and asks who it is: again on each page, as what one may do can change.
    pub(crate) fn provide(address: Address) -> Session {
        let session = Session(Fetch::new());
        provide_context(session);
        effect(move || {
            // Where one is nobody yet there is nothing to ask.
            let page = address.path.with(|path| Page::at(path));
            if !matches!(page, Page::Login | Page::Claim | Page::Invite) {
                session.ask();
            }
        });
        session
    }

    /// Asks who it is.
    pub(crate) fn ask(self) {
        self.0.start(|_| people::me());
    }

    /// The person; nobody until the answer has come.
    pub(crate) fn me(self) -> Signal<Me> {
        Memo::new(move || self.0.data.get().unwrap_or_default())
    }
}
