//! Shares that one manages: what they are, who may open them, how often that was done; changed, revoked, handed over.

pub(crate) mod edit;
pub(crate) mod hand_over;
pub(crate) mod new_link;
pub(crate) mod row;

use crate::api::shares::{self, Listed, Row};
use crate::api::{ApiError, Fetch};
use crate::browser::history::Address;
use crate::browser::page;
use crate::components::notice::FailedNotice;
use crate::context::session::Session;
use crate::reactive::{Callback, Memo, RwSignal, effect, handler, list, shown};
use crate::state::url_text::parse_pairs;
use crate::state::view::HistoryMode;
use edit::Edit;
use hand_over::HandOver;
use leptos::prelude::*;
use leptos::task::spawn_local;
use new_link::NewLink;
use row::row;

/// What is done with a share.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Doing {
    /// It is changed.
    Edit(Row),
    /// It is about to be revoked.
    Revoke(Row),
    /// It gets another link.
    NewLink(Row),
    /// It is given to someone else.
    HandOver(Row),
}

/// What the page knows. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct SharesState {
    address: Address,
    /// Whether those of everyone are listed.
    all: Memo<bool>,
    /// The shares so far.
    rows: RwSignal<Vec<Row>>,
    listed: Fetch<Listed>,
    /// What is done with one of them.
    doing: RwSignal<Option<Doing>>,
    /// What was done last.
    said: RwSignal<String>,
}

impl SharesState {
    fn new(address: Address) -> SharesState {
        let all = Memo::new(move || {
            address.query.with(|q| parse_pairs(q).iter().any(|(key, value)| key == "all" && value == "true"))
        });
        let (doing, said) = (RwSignal::new(None), RwSignal::new(String::new()));
        let state =
            SharesState { address, all, rows: RwSignal::new(Vec::new()), listed: Fetch::new(), doing, said };
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

    /// Asks for the first of them.
    pub(crate) fn load(self) {
        self.listed.clear();
        self.rows.set(Vec::new());
        self.more(String::new());
    }

    fn more(self, before: String) {
        let all = self.all.get_untracked();
        self.listed.start(|abort| shares::listed(all, before, abort));
    }

    /// Says what came of something, and lists anew when it was done.
    pub(crate) fn told(self, done: Result<(), ApiError>, text: &str) -> bool {
        if self.said.try_get_untracked().is_none() {
            return false;
        }
        let went = done.is_ok();
        self.said.set(done.map_or_else(|e| format!("{}: {}", e.title, e.detail), |()| text.to_owned()));
        if went {
            self.doing.set(None);
            self.load();
        }
        went
    }
}

/// The page.
#[component]
pub(crate) fn SharesPage(
    /// Where the page is.
    address: Address,
) -> impl IntoView {
    page::set_title("Shares · Flarepath");
    let state = SharesState::new(address);
    let choose = move |all: bool| {
        state.address.go(if all { "/shares?all=true" } else { "/shares" }, HistoryMode::Push);
    };
    let way = move |(name, all): (&'static str, bool)| {
        view! {
            <button type="button" class="mode" aria-pressed=move || (state.all.get() == all).to_string()
                on:click=handler(move |_| choose(all))>{name}</button>
        }
        .into_any()
    };
    let me = use_context::<Session>().map(Session::me);
    let may_all = move || state.all.get() || me.is_some_and(|me| me.with(|me| me.may("shares:manage")));
    let doing = move || {
        state.doing.get().map(|doing| match doing {
            Doing::Edit(row) => view! { <Edit state row /> }.into_any(),
            Doing::Revoke(row) => view! { <Revoke state row /> }.into_any(),
            Doing::NewLink(row) => view! { <NewLink state row /> }.into_any(),
            Doing::HandOver(row) => view! { <HandOver state row /> }.into_any(),
        })
    };
    view! {
        <div class="shares">
            <h1>"Shares"</h1>
            <p class="shares-lead">"Snapshots behind links. A link is shown once, when it is made: only a hash of it is kept, so \
                that nobody who reads this list, or the database, can open a share."</p>
            {shown(may_all, move || view! {
                <div class="modes" role="group" aria-label="Whose shares">{list([("My shares", false), ("All shares", true)].map(way))}</div>
            }.into_any())}
            <p role="status" class="shares-said">{move || state.said.get()}</p>
            {move || doing()}
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
            return Some(said(
                "You may not see the shares of others; ask an administrator for that permission.",
            ));
        }
        Some(view! { <FailedNotice what="The list of shares".to_owned() error on_retry=retry /> }.into_any())
    };
    let message = move || {
        let none = state.rows.with(Vec::is_empty) && state.listed.error.with(Option::is_none);
        let answered = state.listed.data.with(Option::is_some);
        match (none, answered) {
            (false, _) => None,
            (true, false) => Some(said("Loading the shares …")),
            (true, true) => Some(
                view! {
                    <div class="empty"><h2>"Nothing is shared yet"</h2>
                        <p>"Press “Share” above a flame graph, a difference, a heat map or a local file."</p></div>
                }
                .into_any(),
            ),
        }
    };
    let any = Memo::new(move || !state.rows.with(Vec::is_empty));
    let rows = move || {
        let all = state.all.get();
        list(state.rows.get().into_iter().map(|share| row(state, share, all)))
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
        {move || message()}
        {shown(move || any.get(), move || view! {
            <table class="shares-table">
                <thead><tr>
                    <th scope="col">"Title"</th><th scope="col">"Who"</th><th scope="col">"Made"</th>
                    <th scope="col">"Ends"</th><th scope="col">"Views"</th><th scope="col"><span class="visually-hidden">"Actions"</span></th>
                </tr></thead>
                <tbody>{move || rows()}</tbody>
            </table>
        }.into_any())}
        {move || next()}
    }
}

fn said(text: &'static str) -> AnyView {
    view! { <div class="message" role="status"><p>{text}</p></div> }.into_any()
}

/// Asks whether to revoke.
#[component]
fn Revoke(state: SharesState, row: Row) -> impl IntoView {
    let id = row.id.clone();
    let revoke = move |_| {
        let id = id.clone();
        spawn_local(async move {
            state.told(shares::revoke(&id).await, "Revoked: the link opens nothing any more.");
        });
    };
    page::focus_soon("shares-revoke");
    view! {
        <section class="shares-doing" role="alertdialog" aria-labelledby="revoke-title" aria-describedby="revoke-text">
            <h2 id="revoke-title">{format!("Revoke “{}”?", row.title)}</h2>
            <p id="revoke-text">"Its link stops working at once, for everyone, and can't be made to work again. What is frozen is \
                deleted seven days later."</p>
            <div class="share-row">
                <button id="shares-revoke" class="button primary" type="button" on:click=handler(revoke)>"Revoke"</button>
                <button class="button" type="button" on:click=handler(move |_| state.doing.set(None))>"Cancel"</button>
            </div>
        </section>
    }
}
