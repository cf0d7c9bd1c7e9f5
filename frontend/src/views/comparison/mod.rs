//! The views of a comparison: overlaid flame graph, two side by side, call tree, table.

mod cells;
pub(crate) mod diff_table;
mod filter_chips;
mod largest;
pub(crate) mod legend;
mod sparks;
pub(crate) mod table;
pub(crate) mod toolbar;
pub(crate) mod verdict;

use super::call_tree::{DIFFERENCE, call_tree};
use super::derive::{KnownCauses, Listing};
use super::flame::graph::{Flame, FlameGraph};
use super::menu::{Menus, Seen};
use super::menu_entries::function_menu;
use super::model::Model;
use super::picture::Picture;
use super::profile_view::{empty_text, flame_menu, is_empty, main_flame, plain_key};
use super::scales::{Scaling, scales};
use super::{change_text, derive, transform_bar::Chips};
use crate::api::request::ProfileRequest;
use crate::browser::event::on_window_key;
use crate::browser::media;
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, shown};
use crate::state::compare::{DiffMode, DiffView};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::verdict::Verdict;
use crate::state::view::{HistoryMode, OrderBy};
use diff_table::DiffTable;
use filter_chips::FilterChips;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::side_order::larger_shares;
use flarepath_profile::diff::{DiffTree, Mode as ScaleMode, Side};
use flarepath_profile::flame::Order;
use flarepath_profile::own_code::OwnCode;
use largest::Largest;
use legend::Legend;
use leptos::html::Input;
use leptos::prelude::*;
use std::sync::Arc;
use table::Table;
use toolbar::DiffToolbar;

/// Rows of the table that a phone shows first: those that explain the most.
const ON_A_PHONE: usize = 5;
/// Rows of a table that is above the graph, in a wide window.
const ABOVE_THE_GRAPH: usize = 10;

/// State of a comparison. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Comparison {
    model: Model,
    view: Signal<DiffView>,
    on_view: Callback<(DiffView, HistoryMode)>,
    /// How values are compared.
    scaling: Memo<Scaling>,
    /// What the verdict says about functions.
    known: Memo<KnownCauses>,
    /// Whether the change of the total is significant; `None` where that was not tested, as for a part of the profiles.
    is_significant: Memo<Option<bool>>,
    /// Whether any function can be a part of the change of the total: where none can, there is no column for it.
    has_parts: Memo<bool>,
    /// Whether values are levels, such as memory in use, which are compared as means of profiles.
    level: Memo<bool>,
    /// What the server is asked about both sides over time, where there is a column for it.
    over_time: Option<Signal<Option<[ProfileRequest; 2]>>>,
    /// Whether the table comes first and the graph below it, until something is chosen.
    table_first: bool,
}

impl Comparison {
    fn mode(self) -> DiffMode {
        let default = if self.table_first { DiffMode::Table } else { DiffMode::Overlay };
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
    /// The verdict on these profiles: its functions come first in the table.
    #[prop(default = Signal::derive(|| None))]
    verdict: Signal<Option<Verdict>>,
    /// The requests of both sides, where the server knows them over time.
    #[prop(default = None)]
    over_time: Option<Signal<Option<[ProfileRequest; 2]>>>,
    /// Whether the table comes first also in a wide window, with the graph below it.
    #[prop(optional)]
    table_first: bool,
) -> impl IntoView {
    let inner = Memo::new(move || view.with(|v| v.view.clone()));
    let on_inner = Callback::new(move |(inner, mode)| {
        on_view.run((DiffView { view: inner, ..view.get_untracked() }, mode));
    });
    let scaling = Memo::new(move || {
        let covered_ns = profile.with(|p| p.as_ref().and_then(|p| p.covered_ns));
        let usual = if covered_ns.is_some() { ScaleMode::PerSecond } else { ScaleMode::Share };
        (view.with(|v| v.scale).unwrap_or(usual), covered_ns)
    });
    let model = Model::new(profile, inner, on_inner, scaling);
    let known = Memo::new(move || {
        let both = profile.with(|p| p.as_ref().and_then(|p| p.diff.clone()));
        verdict.with(|v| v.as_ref().map(|v| known_causes(v, both.as_deref()))).unwrap_or_default()
    });
    let is_significant = Memo::new(move || {
        let tested = verdict.with(|v| v.as_ref().and_then(|v| v.total_changed));
        tested.filter(|_| inner.with(|v| v.transforms.is_empty()))
    });
    let has_parts = Memo::new(move || {
        let both = model.trees.diff.get().and_then(Result::ok);
        both.is_none_or(|both| {
            let (scales, whole) = (scales(&both, scaling.get()), both.total(NodeId::ROOT));
            change_text::has_parts(&scales, whole, is_significant.get())
        })
    });
    let level = Memo::new(move || profile.with(|p| p.as_ref().is_some_and(LoadedProfile::is_level)));
    let narrow = media::is_narrow();
    let first = table_first || narrow;
    let comparison = Comparison {
        model,
        view,
        on_view,
        scaling,
        known,
        is_significant,
        has_parts,
        level,
        over_time,
        table_first: first,
    };
    let most_rows = Memo::new(move || match model.narrow.get() {
        true => Some(ON_A_PHONE),
        false => table_first.then_some(ABOVE_THE_GRAPH),
    });
    let menus = Menus::new(model);
    let field = NodeRef::<Input>::new();
    on_window_key(move |event| {
        let mode = plain_key(&event, model, field).and_then(|digit| DiffMode::ALL.get(digit).copied());
        mode.into_iter().for_each(|mode| comparison.change(|v| v.mode = Some(mode)));
    });

    let flame = main_flame(menus);
    let red_green = Memo::new(move || view.with(|v| v.red_green));
    // Where nothing was chosen, the graph is below a table that comes first.
    let both = move || first && view.with(|v| v.mode.is_none());
    let picture = Memo::new(move || (comparison.mode(), red_green.get(), both()));
    let failure = move || model.trees.shown.get().and_then(Result::err);
    // Rebuilt for other colours, which a canvas reads when it starts.
    let body = move || match picture.get().0 {
        DiffMode::Overlay => view! { <FlameGraph label="Flame graph of the difference" flame /> }.into_any(),
        DiffMode::Beside => view! { <SideBySide menus flame scaling /> }.into_any(),
        DiffMode::CallTree => call_tree(menus, &DIFFERENCE),
        DiffMode::Table => {
            let below = picture
                .get()
                .2
                .then(|| view! { <FlameGraph label="Flame graph of the difference" flame /> }.into_any());
            view! { {listed(table(comparison, menus, most_rows))}{below} }.into_any()
        }
    };
    view! {
        <div class="profile-view comparison" class:red-green=move || red_green.get() class:without-parts=move || !has_parts.get()>
            <DiffToolbar comparison menus field />
            <Chips model />
            {move || failure().map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any())}
            {shown(move || is_empty(model), move || view! { <p class="notice" role="status">{move || empty_text(model)}</p> }.into_any())}
            {move || body()}
            <Legend scaling level />
            <p class="status-line" role="status">{move || menus.status.get()}</p>
            {function_menu(menus)}
        </div>
    }
}

/// The functions of a verdict: those that explain the change, and those between which costs moved; and what is own code in `both`, the
/// whole difference that it is about. What was own code when a snapshot was taken stays so.
fn known_causes(verdict: &Verdict, both: Option<&DiffTree>) -> KnownCauses {
    let (moved, causes): (Vec<_>, Vec<_>) = verdict.functions.iter().partition(|f| f.moved.is_some());
    let names = moved.iter().flat_map(|f| [Some(f.name.clone()), f.moved.clone()]).flatten();
    KnownCauses {
        causes: causes.into_iter().map(|f| (f.name.clone(), f.file.clone())).collect(),
        moved: names.filter(|name| !name.is_empty()).collect(),
        own_code: match (&verdict.own_functions, both) {
            (Some(positions), Some(both)) => Some(OwnCode::at(both.frames(), positions)),
            _ => verdict.own_code.clone().map(OwnCode::set),
        },
    }
}

fn table(comparison: Comparison, menus: Menus, most_rows: Memo<Option<usize>>) -> Table {
    let Comparison { model, view, scaling, known, .. } = comparison;
    let listing = Memo::new(move || {
        view.with(|v| Listing { only: v.only, sort: v.sort.map(|column| (column, v.sort_reversed)) })
    });
    let marks = model.marks_in(move || model.picture.get());
    let searched = Memo::new(move || model.view.with(|v| !v.search.is_empty()));
    let all = Memo::new(move || {
        let Some(both) = model.trees.diff.get().and_then(Result::ok) else { return Shared::new(Vec::new()) };
        let found = if searched.get() { marks.get() } else { None };
        let found = found.as_ref().map(|f| f.as_slice());
        listing.with(|listing| {
            known.with(|known| derive::diff_rows(&both, found, listing, scaling.get(), known))
        })
    });
    let open = RwSignal::new(Vec::<String>::new());
    let counts = Memo::new(move || {
        let Some(both) = model.trees.diff.get().and_then(Result::ok) else { return Default::default() };
        let found = if searched.get() { marks.get() } else { None };
        let found = found.as_ref().map(|f| f.as_slice());
        known.with(|known| derive::counts(&both, found, scaling.get(), known))
    });
    let largest = Memo::new(move || {
        let both = model.trees.diff.get().and_then(Result::ok);
        both.map_or_else(Largest::default, |both| all.with(|rows| Largest::of(rows, &both, scaling.get())))
    });
    let unfolded = Memo::new(move || {
        let Some(both) = model.trees.diff.get().and_then(Result::ok) else { return Shared::new(Vec::new()) };
        let is_open = |head| open.with(|open| open.iter().any(|name| name == both.frames().name(head)));
        let rows = all.get();
        Shared::new(rows.iter().filter(|row| row.under.is_none_or(is_open)).copied().collect::<Vec<_>>())
    });
    let whole = RwSignal::new(false);
    let left_out = Memo::new(move || match most_rows.get().filter(|_| !whole.get()) {
        Some(most) => unfolded.with(|rows| rows.len().saturating_sub(most)),
        None => 0,
    });
    let rows = Memo::new(move || {
        let rows = unfolded.get();
        match left_out.get() {
            0 => rows,
            more => Shared::new(rows[..rows.len() - more].to_vec()),
        }
    });
    let all_rows = Memo::new(move || unfolded.with(|rows| rows.len()));
    Table { comparison, rows, largest, open, counts, left_out, all_rows, whole, menus }
}

/// The table with its filters; on a phone, or above the graph, the first rows of it.
fn listed(table: Table) -> AnyView {
    let more = move || format!("Show all {} functions", table.all_rows.get());
    view! {
        <FilterChips table />
        <DiffTable table />
        {shown(move || table.left_out.get() > 0, move || view! {
            <button type="button" class="button show-all" on:click=handler(move |_| table.whole.set(true))>{move || more()}</button>
        }.into_any())}
    }
    .into_any()
}

/// Two flame graphs with one zoom and one search, coloured by change as when they are drawn over each other, and in one order.
#[component]
fn SideBySide(menus: Menus, flame: Flame, scaling: Memo<Scaling>) -> impl IntoView {
    let model = menus.model;
    let order = Memo::new(move || model.view.with(|v| v.order));
    let pictures: Memo<Option<Shared<[Shared<Picture>; 2]>>> = Memo::new(move || {
        let both = model.trees.diff.get()?.ok()?;
        let colours = scales(&both, scaling.get()).colours(&both);
        Some(Shared::new(beside(&both, &colours, order.get())))
    });
    let side = move |side: Side| {
        let picture = Memo::new(move || pictures.with(|both| Some(both.as_ref()?[side as usize].clone())));
        Flame {
            picture,
            colours: Signal::derive(|| None),
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

/// The pictures of both sides in one order: the largest on either side first, or by name. `colours` has one entry a node of the union.
fn beside(both: &DiffTree, colours: &[u8], order: OrderBy) -> [Shared<Picture>; 2] {
    let trees = Side::BOTH.map(|side| Arc::new(both.side(side)));
    let larger = larger_shares([&trees[0], &trees[1]]);
    Side::BOTH.map(|side| {
        let tree = trees[side as usize].clone();
        let picture = match order {
            OrderBy::Total => Picture::ordered(tree, &larger[side as usize]),
            OrderBy::Name => Picture::new(tree, Order::ByName),
        };
        Shared::new(Picture { change_colours: Some(both.on_side(side, colours)), ..picture })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::derive::tests::tree;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::diff::diff;
    use flarepath_profile::flame::BoxId;
    use flarepath_profile::frame_table::FrameText;
    use flarepath_profile::own_code::OwnPattern;

    #[test]
    fn a_snapshot_knows_its_own_functions_whatever_their_names_are() {
        let mut tree = TreeBuilder::new();
        let frame = |name| FrameText { name, symbolized: true, ..FrameText::default() };
        let path = ["main", "serve(<e-mail>)"].map(|name| tree.frame(frame(name)));
        tree.add_path(path, 1);
        let tree = tree.finish();
        let both = diff(&tree, &tree);
        let own_code = Some(vec![OwnPattern::Name("main".to_owned())]);
        let live = Verdict { own_code, ..Verdict::default() };
        let own = |verdict: &Verdict| {
            let own = known_causes(verdict, Some(&both)).own_code.unwrap();
            ["main", "serve(<e-mail>)"].map(|name| own.is_own(frame(name)))
        };
        assert_eq!(own(&live), [true, false]);
        assert_eq!(own(&Verdict { own_functions: Some(vec![1]), ..live }), [false, true]);
        assert_eq!(known_causes(&Verdict::default(), Some(&both)).own_code, None, "guessed");
    }

    #[test]
    fn both_sides_have_the_same_functions_in_the_same_order() {
        let cost = |a, b, c| tree(&[(&["a"][..], a), (&["b"][..], b), (&["c"][..], c)]);
        let both = diff(&cost(10, 80, 10), &cost(10, 30, 60));
        let colours: Vec<u8> = (0..both.len() as u8).collect();
        let names = |order| {
            beside(&both, &colours, order).map(|picture| {
                let boxes = picture.layout.children(BoxId(0));
                let node = |at: usize| picture.layout.node(BoxId(at as u32));
                boxes.map(|at| picture.tree.name(node(at)).to_owned()).collect::<Vec<_>>().join(" ")
            })
        };
        assert_eq!(names(OrderBy::Total), ["b c a", "b c a"]);
        assert_eq!(names(OrderBy::Name), ["a b c", "a b c"]);
    }
}
