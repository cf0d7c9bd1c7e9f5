//! Shares that the user manages: the list, editing, narrower access, new links, transfer and revocation.

pub(crate) mod body;
pub(crate) mod edit;
pub(crate) mod narrow;
pub(crate) mod new_link;
pub(crate) mod revoke;
pub(crate) mod row;
pub(crate) mod transfer;

use crate::api::shares::{self, Listed, Row, Whose};
use crate::api::{Fetch, Sending};
use crate::browser::history::Address;
use crate::browser::page;
use crate::context::session::Session;
use crate::reactive::{Memo, RwSignal, effect, handler, list, shown};
use crate::state::url_text::parse_pairs;
use crate::state::view::HistoryMode;
use body::Body;
use edit::Edit;
use leptos::prelude::*;
use narrow::Narrow;
use new_link::NewLink;
use revoke::Revoke;
use transfer::Transfer;

/// An action on a share.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    Edit(Row),
    Narrow(Row),
    Revoke(Row),
    NewLink(Row),
    Transfer(Row),
}

/// What the page knows. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct SharesState {
    address: Address,
    /// The shares that are listed.
    whose: Memo<Whose>,
    /// The shares so far.
    rows: RwSignal<Vec<Row>>,
    listed: Fetch<Listed>,
    /// The action in progress.
    action: RwSignal<Option<Action>>,
    /// The result of the last action.
    status: RwSignal<&'static str>,
}

impl SharesState {
    fn new(address: Address) -> SharesState {
        let whose = Memo::new(move || address.query.with(|query| whose(query)));
        let (action, status) = (RwSignal::new(None), RwSignal::new(""));
        let state = SharesState {
            address,
            whose,
            rows: RwSignal::new(Vec::new()),
            listed: Fetch::new(),
            action,
            status,
        };
        effect(move || {
            whose.get();
            state.load();
        });
        effect(move || {
            if let Some(listed) = state.listed.data.get() {
                state.rows.update(|rows| rows.extend(listed.rows));
            }
        });
        state
    }

    /// Loads the first page.
    pub(crate) fn load(self) {
        self.listed.clear();
        self.rows.set(Vec::new());
        self.more(String::new());
    }

    fn more(self, before: String) {
        let whose = self.whose.get_untracked();
        self.listed.start(|abort| shares::listed(whose, before, abort));
    }

    /// Reports a finished change and reloads the list.
    pub(crate) fn done(self, text: &'static str) {
        if self.status.try_get_untracked().is_some() {
            self.status.set(text);
            self.action.set(None);
            self.load();
        }
    }
}

/// What the query of the address lists.
fn whose(query: &str) -> Whose {
    let pairs = parse_pairs(query);
    let flag = |name: &str| pairs.iter().any(|(key, value)| key == name && value == "true");
    match (flag("all"), flag("everyone")) {
        (false, _) => Whose::Mine,
        (true, false) => Whose::All,
        (true, true) => Whose::ForEveryone,
    }
}

#[component]
pub(crate) fn SharesPage(address: Address) -> impl IntoView {
    page::set_title("Shares · Flarepath");
    let state = SharesState::new(address);
    let choose = move |whose: Whose| {
        let path =
            if whose == Whose::Mine { "/shares".to_owned() } else { format!("/shares?{}", whose.query()) };
        state.address.go(&path, HistoryMode::Push);
    };
    let mode = move |(name, whose): (&'static str, Whose)| {
        view! {
            <button type="button" class="mode" aria-pressed=move || (state.whose.get() == whose).to_string()
                on:click=handler(move |_| choose(whose))>{name}</button>
        }
        .into_any()
    };
    let modes =
        [("My shares", Whose::Mine), ("All shares", Whose::All), ("Everyone signed in", Whose::ForEveryone)];
    let me = use_context::<Session>().map(Session::me);
    let may_all = move || {
        state.whose.get() != Whose::Mine || me.is_some_and(|me| me.with(|me| me.may("shares:manage")))
    };
    let action = move || {
        state.action.get().map(|action| match action {
            Action::Edit(row) => view! { <Edit state row /> }.into_any(),
            Action::Narrow(row) => view! { <Narrow state row /> }.into_any(),
            Action::Revoke(row) => view! { <Revoke state row /> }.into_any(),
            Action::NewLink(row) => view! { <NewLink state row /> }.into_any(),
            Action::Transfer(row) => view! { <Transfer state row /> }.into_any(),
        })
    };
    view! {
        <div class="shares">
            <h1>"Shares"</h1>
            <p class="shares-intro">"Snapshots behind links. A link is shown once, when it is created, as only its hash is stored. \
                You open your own shares from this list, without their links."</p>
            {shown(may_all, move || view! {
                <div class="modes" role="group" aria-label="Whose shares">{list(modes.map(mode))}</div>
            }.into_any())}
            <p role="status" class="shares-status">{move || state.status.get()}</p>
            {move || action()}
            <Body state />
        </div>
    }
}

/// Closes the form of an action.
fn close_button(state: SharesState, text: &'static str) -> AnyView {
    view! { <button class="button" type="button" on:click=handler(move |_| state.action.set(None))>{text}</button> }
        .into_any()
}

/// Why the last change failed.
fn problem(sending: Sending) -> AnyView {
    let text = move || sending.error.get().map(|error| error.line());
    view! { <p class="field-error" role="alert">{move || text()}</p> }.into_any()
}
