//! The views of a comparison: overlaid flame graph, two side by side, table.

pub(crate) mod legend;
pub(crate) mod table;
pub(crate) mod toolbar;

use super::derive::Scaling;
use super::flame::graph::{Flame, FlameGraph};
use super::menu::{Menus, Seen};
use super::model::Model;
use super::picture::Picture;
use super::profile_view::{empty_text, flame_menu, is_empty, main_flame, plain_key};
use super::{derive, transform_bar::Chips};
use crate::browser::event::on_window_key;
use crate::browser::media;
use crate::components::context_menu::ContextMenu;
use crate::reactive::{Callback, Memo, Signal, shown};
use crate::state::compare::{DiffMode, DiffView};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::view::HistoryMode;
use flarepath_profile::diff::Side;
use flarepath_profile::flame::Order;
use legend::Legend;
use leptos::html::Input;
use leptos::prelude::*;
use std::sync::Arc;
use table::{DiffTable, Table};
use toolbar::DiffToolbar;

/// State of a comparison. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Comparison {
    model: Model,
    view: Signal<DiffView>,
    on_view: Callback<(DiffView, HistoryMode)>,
    /// How values are compared.
    scaling: Memo<Scaling>,
    narrow: bool,
}

impl Comparison {
    fn mode(self) -> DiffMode {
        let default = if self.narrow { DiffMode::Table } else { DiffMode::Overlay };
        self.view.with(|v| v.mode).unwrap_or(default)
    }

    fn change(self, f: impl FnOnce(&mut DiffView)) {
        let mut view = self.view.get_untracked();
        f(&mut view);
        self.on_view.run((view, HistoryMode::Push));
    }
}

/// Shows a profile of two trees as in `view`; changes of the view go to `on_view`.
#[component]
pub(crate) fn ComparisonView(
    /// `None` while there is none.
    profile: Signal<Option<LoadedProfile>>,
    view: Signal<DiffView>,
    on_view: Callback<(DiffView, HistoryMode)>,
) -> impl IntoView {
    let inner = Memo::new(move || view.with(|v| v.view.clone()));
    let on_inner = Callback::new(move |(inner, mode)| {
        on_view.run((DiffView { view: inner, ..view.get_untracked() }, mode));
    });
    let scaling =
        Memo::new(move || (view.with(|v| v.scale), profile.with(|p| p.as_ref().and_then(|p| p.covered_ns))));
    let model = Model::new(profile, inner, on_inner, scaling);
    let comparison = Comparison { model, view, on_view, scaling, narrow: media::is_narrow() };
    let menus = Menus::new(model);
    let field = NodeRef::<Input>::new();
    on_window_key(move |event| {
        let mode = plain_key(&event, model, field).and_then(|digit| DiffMode::ALL.get(digit).copied());
        mode.into_iter().for_each(|mode| comparison.change(|v| v.mode = Some(mode)));
    });

    let flame = main_flame(menus);
    let red_green = Memo::new(move || view.with(|v| v.red_green));
    let picture = Memo::new(move || (comparison.mode(), red_green.get()));
    let failure = move || model.trees.shown.get().and_then(Result::err);
    // Rebuilt for other colours, which a canvas reads when it starts.
    let body = move || match picture.get().0 {
        DiffMode::Overlay => view! { <FlameGraph label="Flame graph of the difference" flame /> }.into_any(),
        DiffMode::Beside => view! { <SideBySide menus flame /> }.into_any(),
        DiffMode::Table => view! { <DiffTable table=table(comparison, menus) /> }.into_any(),
    };
    view! {
        <div class="profile-view comparison" class:red-green=move || red_green.get()>
            <DiffToolbar comparison menus field />
            <Chips model />
            {shown(move || comparison.mode() != DiffMode::Beside, move || view! { <Legend scaling /> }.into_any())}
            {move || failure().map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any())}
            {shown(move || is_empty(model), move || view! { <p class="notice" role="status">{move || empty_text(model)}</p> }.into_any())}
            {move || body()}
            <p class="status-line" role="status">{move || menus.status.get()}</p>
            <ContextMenu menu=menus.open />
        </div>
    }
}

fn table(comparison: Comparison, menus: Menus) -> Table {
    let Comparison { model, view, scaling, .. } = comparison;
    let order = Memo::new(move || view.with(|v| (v.only, v.sort, v.sort_reversed)));
    let marks = model.marks_in(move || model.picture.get());
    let searched = Memo::new(move || model.view.with(|v| !v.search.is_empty()));
    let rows = Memo::new(move || {
        let Some(both) = model.trees.diff.get().and_then(Result::ok) else { return Shared::new(Vec::new()) };
        let (only, sort, reversed) = order.get();
        let found = if searched.get() { marks.get() } else { None };
        derive::diff_rows(&both, found.as_ref().map(|f| f.as_slice()), only, scaling.get(), (sort, reversed))
    });
    Table { comparison, rows, menus }
}

/// Two flame graphs with one zoom and one search.
#[component]
fn SideBySide(menus: Menus, flame: Flame) -> impl IntoView {
    let model = menus.model;
    let side = move |side: Side| {
        let picture: Memo<Option<Shared<Picture>>> = Memo::new(move || {
            let both = model.trees.diff.get()?.ok()?;
            Some(Shared::new(Picture::new(Arc::new(both.side(side)), Order::ByName)))
        });
        let by = move || model.view.with(|v| v.colour);
        Flame {
            picture,
            colours: Memo::new(move || picture.get().map(|p| derive::colours(&p.tree, by()))),
            found: model.marks_in(move || picture.get()),
            on_menu: flame_menu(menus, Seen::Tree, move || picture.get_untracked()),
            jump: Signal::derive(|| None),
            ..flame
        }
    };
    let (baseline, comparison) = (side(Side::Baseline), side(Side::Comparison));
    view! {
        <div class="side-by-side">
            <div><h3>"Baseline"</h3><FlameGraph label="Flame graph of the baseline" flame=baseline /></div>
            <div><h3>"Comparison"</h3><FlameGraph label="Flame graph of the comparison" flame=comparison /></div>
        </div>
    }
}
