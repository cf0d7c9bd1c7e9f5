//! An opened share: its snapshot, in the views of the live pages and as its owner saw it.
//!
//! The page requests the share and nothing else, so that it reveals nothing else about this server. Titles, notes and
//! function names are always text, never markup.

pub(crate) mod banner;
pub(crate) mod heatmap;
mod in_time;
pub(crate) mod named_views;
pub(crate) mod notes;
pub(crate) mod profile;
pub(crate) mod unavailable;

use crate::api::Fetch;
use crate::api::shares::{self, Opened, SnapshotData};
use crate::browser::history::Address;
use crate::browser::page;
use crate::components::notice::FailedNotice;
use crate::components::print_head::PrintHead;
use crate::reactive::{Callback, Memo, Signal, effect, shown};
use crate::state::share_view::{SharePlace, state_in};
use crate::state::view::HistoryMode;
use crate::views::flame::graph::pins::Pins;
use banner::Banner;
use leptos::prelude::*;
use named_views::NamedViews;
use notes::Notes;
use profile::SnapshotProfile;
use unavailable::unavailable;

/// What the page knows. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct ShareState {
    address: Address,
    /// Which share, and which of its views.
    pub(crate) place: Memo<SharePlace>,
    /// The part of the share that can change.
    pub(crate) opened: Fetch<Opened>,
    /// The snapshot, which never changes.
    pub(crate) snapshot: Fetch<SnapshotData>,
    /// The state of the view.
    pub(crate) state: Memo<String>,
}

impl ShareState {
    fn new(address: Address) -> ShareState {
        let place = Memo::new(move || address.path.with(|path| SharePlace::parse(path)).unwrap_or_default());
        let (opened, snapshot) = (Fetch::<Opened>::new(), Fetch::<SnapshotData>::new());
        let state = Memo::new(move || {
            let own = address.query.with(|query| state_in(query));
            own.unwrap_or_else(|| {
                let number = place.with(|p| p.view);
                opened.data.with(|o| o.as_ref().and_then(|o| o.state_of(number))).unwrap_or_default()
            })
        });
        let state = ShareState { address, place, opened, snapshot, state };
        let key = Memo::new(move || place.with(|p| p.key.clone()));
        effect(move || {
            key.get();
            state.load();
        });
        // How a heat map is drawn depends on its rows, which the state holds.
        effect(move || {
            if let Some(first) = opened.data.with(|o| o.as_ref().map(|o| o.state.clone()))
                && snapshot.data.with_untracked(Option::is_none)
            {
                let key = key.get_untracked();
                snapshot.start(|_| async move { shares::snapshot(&key, &first).await });
            }
        });
        state
    }

    /// Loads the share.
    pub(crate) fn load(self) {
        self.opened.clear();
        self.snapshot.clear();
        self.refresh();
    }

    /// Reloads what may have changed.
    pub(crate) fn refresh(self) {
        let key = self.place.with_untracked(|p| p.key.clone());
        self.opened.start(|_| async move { shares::open(&key).await });
    }

    /// Shows the same snapshot differently.
    pub(crate) fn show(self, state: &str, mode: HistoryMode) {
        let to = self.place.with_untracked(|p| p.seen(state));
        self.address.go(&to, mode);
    }

    /// Id to manage the share by; empty without the permission.
    fn row(self) -> String {
        self.opened.data.with_untracked(|o| o.as_ref().map(|o| o.row.clone())).unwrap_or_default()
    }

    /// Whether the user may change the share.
    fn may_change(self) -> bool {
        self.opened.data.with(|o| o.as_ref().is_some_and(|o| !o.row.is_empty()))
    }

    /// Path and query of the page.
    fn here(self) -> String {
        let (path, query) = (self.address.path.get(), self.address.query.get());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// The path of a named view, or of the original one.
    pub(crate) fn path_of(self, view: Option<u32>) -> String {
        self.place.with(|p| SharePlace { view, ..p.clone() }.path())
    }
}

#[component]
pub(crate) fn SharedPage(address: Address) -> impl IntoView {
    let state = ShareState::new(address);
    effect(move || {
        let title = state.opened.data.with(|o| o.as_ref().map(|o| o.title.clone()));
        page::set_title(
            &title.map_or_else(|| "Flarepath".to_owned(), |title| format!("{title} · Flarepath")),
        );
    });
    let here = Memo::new(move || {
        state.opened.data.with(Option::is_some) && state.snapshot.data.with(Option::is_some)
    });
    let error = move || state.opened.error.get().or_else(|| state.snapshot.error.get());
    let retry = Callback::new(move |()| state.load());
    let instead = move || match error() {
        Some(error) if error.kind == "share-not-found" || error.kind.starts_with("share-") => {
            unavailable(&error, &state.place.with(SharePlace::path))
        }
        Some(error) => {
            view! { <FailedNotice what="This share".to_owned() error on_retry=retry /> }.into_any()
        }
        None => view! { <p class="message" role="status">"Loading the share …"</p> }.into_any(),
    };
    view! {
        {shown(move || !here.get(), move || view! { {move || instead()} }.into_any())}
        {shown(move || here.get(), move || view! { <Body state /> }.into_any())}
    }
}

#[component]
fn Body(state: ShareState) -> impl IntoView {
    let opened: Signal<Option<Opened>> = state.opened.data.into();
    let title = move || opened.with(|o| o.as_ref().map(|o| o.title.clone())).unwrap_or_default();
    let note = move || opened.with(|o| o.as_ref().map(|o| o.note.clone())).filter(|note| !note.is_empty());
    let paths =
        |o: &Option<Opened>| o.iter().flat_map(|o| o.annotations.iter().map(|r| r.path.clone())).collect();
    provide_context(Pins::new(Memo::new(move || opened.with(paths))));
    view! {
        <article class="snapshot">
            <h1 class="snapshot-title">{move || title()}</h1>
            <PrintHead lines=Signal::derive(Vec::new) path=Signal::derive(move || state.here()) />
            <Banner state />
            {move || note().map(|note| view! { <p class="snapshot-note">{note}</p> }.into_any())}
            <NamedViews state />
            <section class="profile-section" aria-label="Profile"><SnapshotProfile state /></section>
            <Notes state />
        </article>
    }
}
