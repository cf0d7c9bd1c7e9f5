//! Two profiles side by side, each in its own unit, with one zoom and one search: two types of one service, or files that
//! cannot be subtracted.

use super::derive;
use super::flame::graph::{Flame, FlameGraph};
use super::menu::Menus;
use super::menu_entries::function_menu;
use super::model::Model;
use super::picture::{Measure, Picture};
use super::profile_view::{main_flame, plain_key};
use super::toolbar::colour_select;
use super::transform_bar::Chips;
use super::view_menu::ViewMenu;
use crate::browser::event::on_window_key;
use crate::components::search_bar::{SearchBar, SearchStatus};
use crate::reactive::{Callback, Memo, Signal, list};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::view::{HistoryMode, OrderBy, View};
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::side_order::larger_shares;
use leptos::html::Input;
use leptos::prelude::*;

/// Shows both profiles as in `view`; changes of the view go to `on_view`.
#[component]
pub(crate) fn SideBySideView(
    /// `None` while there is none.
    profiles: [Signal<Option<LoadedProfile>>; 2],
    titles: [Signal<String>; 2],
    view: Signal<View>,
    on_view: Callback<(View, HistoryMode)>,
) -> impl IntoView {
    let scale = Signal::derive(Default::default);
    let models = in_one_order(profiles.map(|profile| Model::new(profile, view, on_view, scale)));
    let menus = models.map(Menus::new);
    let field = NodeRef::<Input>::new();
    on_window_key(move |event| {
        plain_key(&event, models[0], field);
        if matches!(event.key().as_str(), "n" | "N") && event.default_prevented() {
            models[1].matches.step(event.key() == "n");
        }
    });
    let search = Callback::new(move |(text, regex): (String, bool)| models[0].search(text, regex));
    let step = Callback::new(move |forward: bool| models.into_iter().for_each(|m| m.matches.step(forward)));
    let failure = move |at: usize| models[at].trees.shown.get().and_then(Result::err);
    let side = move |at: usize, label: &'static str, flame: Flame| {
        view! {
            <div>
                <h3>{move || titles[at].get()}</h3>
                <p class="side-total">{move || total(profiles[at])}</p>
                {move || failure(at).map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any())}
                <FlameGraph label flame />
            </div>
        }
        .into_any()
    };
    let status = move || menus.map(|m| m.status.get()).join(" ");
    view! {
        <div class="profile-view">
            <div class="view-bar">
                <SearchBar text=Signal::derive(move || view.with(|v| v.search.clone()))
                    regex=Signal::derive(move || view.with(|v| v.regex)) status=search_status(models) field
                    on_change=search on_step=step />
                <ViewMenu>
                    {colour_select(Signal::derive(move || view.with(|v| v.colour)), Callback::new(move |by| models[0].change(HistoryMode::Push, |v| v.colour = by)))}
                </ViewMenu>
            </div>
            <Chips model=models[0] />
            <div class="side-by-side">
                {side(0, "Flame graph on the left", main_flame(menus[0]))}
                {side(1, "Flame graph on the right", main_flame(menus[1]))}
            </div>
            <p class="status-line" role="status">{move || status()}</p>
            {list(menus.map(function_menu))}
        </div>
    }
}

/// Siblings on both sides in one order, so that a function is in the same place: the largest on either side first.
fn in_one_order(models: [Model; 2]) -> [Model; 2] {
    let larger = Memo::new(move || {
        let [left, right] = models.map(|model| model.trees.get());
        Some(Shared::new(larger_shares([&*left?, &*right?])))
    });
    [0, 1].map(|at: usize| {
        let model = models[at];
        model.drawn_as(Memo::new(move || {
            let tree = model.trees.get()?;
            Some(match larger.get() {
                Some(larger) => Shared::new(Picture::ordered(tree.arc().clone(), &larger[at])),
                None => derive::picture(&tree, OrderBy::Total),
            })
        }))
    })
}

/// Total of a profile in its own unit.
fn total(profile: Signal<Option<LoadedProfile>>) -> String {
    profile.with(|p| {
        p.as_ref()
            .map_or(String::new(), |p| format!("{} total", Measure::of(p).value(p.tree.total(NodeId::ROOT))))
    })
}

/// Result of the search on both sides.
fn search_status(models: [Model; 2]) -> Signal<SearchStatus> {
    let of = models.map(|model| model.search_status());
    Signal::derive(move || {
        let [left, right] = of.map(|status| status.get());
        if left.error.is_some() || left.summary.is_empty() {
            return left;
        }
        let summary = format!("left: {} · right: {}", left.summary, right.summary);
        SearchStatus { summary, error: None, any: left.any || right.any }
    })
}
