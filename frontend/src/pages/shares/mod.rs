//! Shares that the user manages: the list, editing, new links, transfer and revocation.

pub(crate) mod edit;
pub(crate) mod new_link;
pub(crate) mod revoke;
pub(crate) mod row;
pub(crate) mod transfer;

use crate::api::shares::{self, Listed, Row};
use crate::api::{Fetch, Sending};
use crate::browser::history::Address;
use crate::browser::page;
use crate::components::data_table::data_table;
use crate::components::notice::{FailedNotice, message};
use crate::context::session::Session;
use crate::reactive::{Callback, Memo, RwSignal, effect, handler, list, shown};
use crate::state::url_text::parse_pairs;
use crate::state::view::HistoryMode;
use edit::Edit;
use leptos::prelude::*;
use new_link::NewLink;
use revoke::Revoke;
use row::row;
use transfer::Transfer;

/// An action on a share.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    Edit(Row),
    Revoke(Row),
    NewLink(Row),
    Transfer(Row),
}

/// What the page knows. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct SharesState {
    address: Address,
    /// Whether the shares of all users are listed.
    all: Memo<bool>,
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
        let all = Memo::new(move || {
            address.query.with(|q| parse_pairs(q).iter().any(|(key, value)| key == "all" && value == "true"))
        });
        let (action, status) = (RwSignal::new(None), RwSignal::new(""));
        let state = SharesState {
            address,
            all,
            rows: RwSignal::new(Vec::new()),
            listed: Fetch::new(),
            action,
            status,
        };
        effect(move || {
            all.get();
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
        let all = self.all.get_untracked();
        self.listed.start(|abort| shares::listed(all, before, abort));
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

#[component]
pub(crate) fn SharesPage(address: Address) -> impl IntoView {
    page::set_title("Shares · Flarepath");
    let state = SharesState::new(address);
    let choose = move |all: bool| {
        state.address.go(if all { "/shares?all=true" } else { "/shares" }, HistoryMode::Push);
    };
    let mode = move |(name, all): (&'static str, bool)| {
        view! {
            <button type="button" class="mode" aria-pressed=move || (state.all.get() == all).to_string()
                on:click=handler(move |_| choose(all))>{name}</button>
        }
        .into_any()
    };
    let me = use_context::<Session>().map(Session::me);
    let may_all = move || state.all.get() || me.is_some_and(|me| me.with(|me| me.may("shares:manage")));
    let action = move || {
        state.action.get().map(|action| match action {
            Action::Edit(row) => view! { <Edit state row /> }.into_any(),
            Action::Revoke(row) => view! { <Revoke state row /> }.into_any(),
            Action::NewLink(row) => view! { <NewLink state row /> }.into_any(),
            Action::Transfer(row) => view! { <Transfer state row /> }.into_any(),
        })
    };
    view! {
        <div class="shares">
            <h1>"Shares"</h1>
            <p class="shares-intro">"Snapshots behind links. A link is shown once, when it is created. Only its hash is stored, so \
                reading this list or the database does not give access to a share."</p>
            {shown(may_all, move || view! {
                <div class="modes" role="group" aria-label="Whose shares">{list([("My shares", false), ("All shares", true)].map(mode))}</div>
            }.into_any())}
            <p role="status" class="shares-status">{move || state.status.get()}</p>
            {move || action()}
            <Body state />
        </div>
    }
}

/// The list in its four states.
#[component]
fn Body(state: SharesState) -> impl IntoView {
    let retry = Callback::new(move |()| state.load());
    let failed = move || {
        let error = state.listed.error.get()?;
        if error.kind == "forbidden" {
            return Some(message(
                "You don't have permission to see all shares. Ask an administrator for it.",
            ));
        }
        Some(view! { <FailedNotice what="The list of shares".to_owned() error on_retry=retry /> }.into_any())
    };
    let empty = move || {
        let none = state.rows.with(Vec::is_empty) && state.listed.error.with(Option::is_none);
        let answered = state.listed.data.with(Option::is_some);
        match (none, answered) {
            (false, _) => None,
            (true, false) => Some(message("Loading the shares …")),
            (true, true) => Some(
                view! {
                    <div class="empty"><h2>"No shares yet"</h2>
                        <p>"Select Share above a flame graph, diff, heat map or local file."</p></div>
                }
                .into_any(),
            ),
        }
    };
    let table = move || {
        let (all, rows) = (state.all.get(), state.rows.get());
        let rows = (!rows.is_empty()).then(|| rows.into_iter().map(move |share| row(state, share, all)))?;
        Some(data_table("Shares", &["Title", "Access", "Created", "Expires", "Views"], rows))
    };
    let next = move || {
        let next = state.listed.data.with(|l| l.as_ref().map(|l| l.next.clone()))?;
        (!next.is_empty()).then(|| {
            view! { <button class="button" type="button" on:click=handler(move |_| state.more(next.clone()))>"Show more"</button> }
                .into_any()
        })
    };
    view! {
        {move || failed()}
        {move || empty()}
        {move || table()}
        {move || next()}
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
