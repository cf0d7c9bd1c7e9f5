//! Results of the palette for the typed text, as far as they are there.

use super::actions;
use super::functions::{self, Functions};
use crate::api::explore::find_services;
use crate::api::shares::{Listed, Whose, listed};
use crate::api::{ApiError, Fetch};
use crate::browser::{lower_case, timer};
use crate::context::session::Session;
use crate::context::utc::Utc;
use crate::reactive::{Memo, RwSignal, effect};
use crate::state::identity::Shared;
use crate::state::palette::{Entry, Group, MOST, Target, page_entry, ranked};
use crate::state::query::Query;
use crate::state::services::ServiceInfo;
use crate::state::share_view::read;
use leptos::prelude::*;

/// Time without another letter after which the server is asked.
const DEBOUNCE_MS: u32 = 120;
/// Time between two looks at what the page offers.
const LOOK_MS: u32 = 250;

/// See the module. Copied freely; it lives while the palette is open.
#[derive(Clone, Copy)]
pub(super) struct Found {
    /// The query string of the page on screen.
    query: RwSignal<String>,
    typed: RwSignal<String>,
    /// The text that the server was asked for last.
    asked: RwSignal<String>,
    services: Fetch<Vec<ServiceInfo>>,
    shares: Fetch<Listed>,
    /// What matches, in the order of the list.
    pub(super) entries: Memo<Vec<Entry>>,
}

impl Found {
    /// Nothing typed yet.
    pub(super) fn new(query: RwSignal<String>) -> Found {
        let typed = RwSignal::new(String::new());
        let (services, shares) = (Fetch::<Vec<ServiceInfo>>::new(), Fetch::<Listed>::new());
        let me = expect_context::<Session>().me();
        let utc = expect_context::<Utc>().0;
        // The page may still be loading, as it is when this program has just taken over.
        let on_page = || (functions::generations(), actions::offered());
        let page = RwSignal::new(on_page());
        timer::every(LOOK_MS, move || {
            let now = on_page();
            if page.try_get_untracked().is_some_and(|before| before != now) {
                page.set(now);
            }
        });
        let loaded = Memo::new(move || page.with(|(generations, _)| generations.clone()));
        let functions = Memo::new(move || {
            loaded.get();
            Shared::new(Functions::on_screen())
        });
        let entries = Memo::new(move || {
            let text = typed.get();
            let service =
                |s: &ServiceInfo| Entry::new(Group::Services, s.name.clone(), "", Target::Service(s.clone()));
            let mut all: Vec<Entry> = services.data.with(|s| s.iter().flatten().map(service).collect());
            // Not before something is typed: the list would be twice as long.
            if !text.trim().is_empty() {
                let page = |s: &ServiceInfo| query.with(|query| page_entry(query, &s.name));
                all.extend(services.data.with(|s| s.iter().flatten().map(page).collect::<Vec<_>>()));
            }
            all.extend(functions.with(|functions| functions.matching(&text)));
            all.extend(me.with(actions::pages));
            all.extend(page.with(|(_, offered)| actions::commands(offered)));
            all.extend(actions::preferences(utc.get()));
            all.extend(
                shares.data.with(|listed| listed.iter().flat_map(|l| &l.rows).map(share).collect::<Vec<_>>()),
            );
            ranked(all, &text, lower_case::of)
        });
        effect(move || {
            if me.with(|me| me.may("shares:create")) {
                shares.start(|abort| listed(Whose::Mine, String::new(), abort));
            }
        });
        let found = Found { query, typed, asked: RwSignal::new(String::new()), services, shares, entries };
        found.ask(String::new());
        found
    }

    /// Searches for a text, and asks the server once nothing more is typed.
    pub(super) fn type_text(self, text: String) {
        self.typed.set(text.clone());
        timer::after(DEBOUNCE_MS, move || {
            let unchanged = self.typed.try_get_untracked().as_ref() == Some(&text);
            if unchanged && self.asked.get_untracked() != text {
                self.ask(text);
            }
        });
    }

    fn ask(self, text: String) {
        self.asked.set(text.clone());
        let store = self.query.with_untracked(|query| read(query, |get| Query::from_params(get)).store);
        self.services.start(|abort| find_services(store, text.trim().to_owned(), MOST, abort));
    }

    /// Whether the services that match the text are still awaited.
    pub(super) fn is_awaited(self) -> bool {
        self.typed.get() != self.asked.get() || self.services.pending.get()
    }

    /// What is awaited, what failed, or that nothing was found; empty otherwise.
    pub(super) fn status(self) -> String {
        let failed = |what: &str, error: Option<ApiError>| {
            error.map(|error| format!("{what} could not be loaded: {}.", error.title))
        };
        let mut said: Vec<String> = Vec::new();
        said.extend(failed("Services", self.services.error.get()));
        said.extend(failed("Shares", self.shares.error.get()));
        if self.is_awaited() {
            said.push("Loading services …".to_owned());
        } else if self.shares.pending.get() {
            said.push("Loading shares …".to_owned());
        } else if self.entries.with(Vec::is_empty) {
            said.push("No matches".to_owned());
        }
        said.join(" ")
    }
}

/// Shares are opened from their list: the server keeps no links.
fn share(row: &crate::api::shares::Row) -> Entry {
    Entry::new(Group::Shares, row.title.clone(), row.kind.clone(), Target::Page("/shares".to_owned()))
}
