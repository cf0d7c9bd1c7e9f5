//! The views of one profile: flame graph, table, both, call tree, sandwich.

use super::flame::graph::{Flame, FlameGraph, MenuRequest};
use super::function_panel::source::Source;
use super::kernels::Kernels;
use super::menu::{Menus, Seen, Subject, open_sandwich};
use super::model::Model;
use super::origins::origin_chips;
use super::parts::Parts;
use super::picture::Picture;
use super::sandwich::SandwichView;
use super::toolbar::Toolbar;
use super::top_table::{Table, TopTable};
use crate::browser::event::{KeyboardEvent, on_window_key};
use crate::browser::focus;
use crate::components::virtual_grid::MenuAnchor;
use crate::reactive::{Callback, Memo, Signal, shown};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::view::{ColourBy, HistoryMode, Mode, SortBy, View};
use flarepath_profile::frame_table::FrameId;
use leptos::html::Input;
use leptos::prelude::*;

/// Shows `profile` as in `view`; changes of the view go to `on_view`.
#[component]
pub(crate) fn ProfileView(
    /// `None` while there is none.
    #[prop(into)]
    profile: Signal<Option<LoadedProfile>>,
    #[prop(into)] view: Signal<View>,
    on_view: Callback<(View, HistoryMode)>,
    /// Source of function details.
    source: Source,
) -> impl IntoView {
    let model = Model::new(profile, view, on_view, Signal::derive(Default::default));
    let menus = Menus::new(model);
    let field = NodeRef::<Input>::new();
    on_window_key(move |event| key(&event, model, field));

    let details = Memo::new(move || view.with(|v| v.details.clone()));
    let parts = Parts::of_program();
    let flame = main_flame(menus);
    let table = table(menus);
    let failure = move || model.trees.shown.get().and_then(Result::err);
    let mode = Memo::new(move || model.mode());
    let body = move || match mode.get() {
        Mode::Flame => view! { <FlameGraph label="Flame graph" flame /> }.into_any(),
        Mode::Table => view! { <TopTable table /> }.into_any(),
        Mode::Both => view! {
            <div class="table-and-flame"><TopTable table /><FlameGraph label="Flame graph" flame /></div>
        }
        .into_any(),
        Mode::CallTree => parts.map(|parts| parts.call_tree(menus)).into_any(),
        Mode::Sandwich => parts.map(|parts| parts.sandwich(menus, flame, table)).into_any(),
    };
    // Transforms and colours that this program does not have.
    let lacks_kernels = Kernels::of_program().is_none();
    let needs_kernels = |v: &View| !v.transforms.is_empty() || v.colour != ColourBy::Origin;
    let unable = Memo::new(move || parts.is_some() && lacks_kernels && view.with(needs_kernels));
    view! {
        <div class="profile-view">
            <Toolbar menus field />
            {move || failure().map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any())}
            {shown(move || is_empty(model), move || view! { <p class="notice" role="status">{move || empty_text(model).to_owned()}</p> }.into_any())}
            {move || without_width(model).map(|text| view! { <p class="notice" role="status">{text}</p> }.into_any())}
            {shown(move || unable.get(), move || parts.map(|parts| (parts.missing)()).into_any())}
            {move || body()}
            {origin_chips(model)}
            <p class="status-line" role="status">{move || menus.status.get()}</p>
            {parts.map(|parts| (parts.function_menu)(menus))}
            {shown(move || details.with(Option::is_some), move || parts.map(|parts| parts.function_panel(model, source)).into_any())}
        </div>
    }
}

/// Note about samples of negative value, as in differences, which have no width in the flame graph.
fn without_width(model: Model) -> Option<String> {
    let tree = model.trees.get()?;
    let (_, _, own, _) = tree.columns();
    let negative = own.iter().filter(|v| **v < 0).fold(0i64, |sum, v| sum.saturating_add(*v));
    (negative < 0).then(|| {
        let value = model.measure.get().value(negative);
        format!(
            "{value} in stacks with a negative value: included in all numbers, but without width in the graph."
        )
    })
}

/// Whether there is a tree without samples.
pub(super) fn is_empty(model: Model) -> bool {
    model.trees.get().is_some_and(|t| t.is_empty())
}

/// Why nothing is drawn.
pub(super) fn empty_text(model: Model) -> &'static str {
    if model.view.with(|v| v.transforms.is_empty()) {
        "Nothing to show: no samples with a value."
    } else {
        "No stacks match all the transforms above. Remove one of them."
    }
}

#[inline(never)]
pub(super) fn main_flame(menus: Menus) -> Flame {
    let model = menus.model;
    Flame {
        picture: model.picture,
        colours: model.colours,
        found: model.marks_in(move || model.picture.get()),
        measure: model.measure,
        zoom: model.zoom(),
        on_zoom: model.on_zoom(),
        on_menu: flame_menu(menus, Seen::Tree, move || model.picture.get_untracked()),
        jump: model.matches.jump.into(),
        upward: false,
    }
}

pub(super) fn flame_menu(
    menus: Menus,
    seen: Seen,
    picture: impl Fn() -> Option<Shared<Picture>> + Send + Sync + 'static,
) -> Callback<MenuRequest> {
    Callback::new(move |request: MenuRequest| {
        let Some(picture) = picture() else { return };
        let stack = picture.names(request.node);
        let subject = Subject::new(&picture.tree, picture.tree.frame(request.node), stack, seen);
        menus.ask(subject, request.kind);
    })
}

#[inline(never)]
fn table(menus: Menus) -> Table {
    let model = menus.model;
    let subject = move |frame: FrameId| {
        let tree = model.trees.get_untracked()?;
        Some(Subject::new(&tree, frame, Vec::new(), Seen::Table))
    };
    let name_of =
        move |frame: FrameId| model.trees.get_untracked().map(|t| t.frames().name(frame).to_owned());
    Table {
        tree: Signal::derive(move || model.trees.get()),
        rows: model.rows,
        colours: model.colours,
        measure: model.measure,
        sort: Signal::derive(move || model.view.with(|v| (v.sort, v.sort_reversed))),
        marked: model.marked_frame(),
        on_sort: Callback::new(move |by: SortBy| {
            model.change(HistoryMode::Push, |v| {
                v.sort_reversed = v.sort == by && !v.sort_reversed;
                v.sort = by;
            });
        }),
        on_mark: Callback::new(move |frame| {
            let name = name_of(frame);
            model.marked.update(|m| *m = if *m == name { None } else { name });
        }),
        on_sandwich: Callback::new(move |frame| {
            name_of(frame).into_iter().for_each(|n| open_sandwich(model, n))
        }),
        on_menu: Callback::new(move |(frame, (at, closed)): (FrameId, MenuAnchor)| {
            subject(frame).into_iter().for_each(|s| menus.open(s, at, closed));
        }),
        on_key: Callback::new(move |(frame, key)| {
            subject(frame).into_iter().for_each(|s| menus.press(s, key));
        }),
    }
}

/// The sandwich view beside the table that its function is chosen from; on a phone one of them.
pub(super) fn sandwich(menus: Menus, flame: Flame, table: Table) -> AnyView {
    let model = menus.model;
    let side = move |callers: bool| {
        let sides = model.sides.get()?.ok()?;
        Some(if callers { sides.callers } else { sides.callees })
    };
    let by = move || model.view.with(|v| v.colour);
    let kernels = Kernels::of_program();
    let colours = move |callers: bool| {
        Memo::new(move || {
            let tree = Shared::from_arc(side(callers)?.tree.clone());
            Some(super::derive::colours(&tree, by(), kernels, || model.trees.origins(&tree)))
        })
    };
    let callees = Flame {
        picture: Signal::derive(move || side(false)),
        colours: colours(false),
        found: model.marks_in(move || side(false)),
        on_menu: flame_menu(menus, Seen::Callees, move || side(false)),
        jump: Signal::derive(|| None),
        ..flame
    };
    let function = model.function;
    let list =
        Table { marked: model.frame_named(move || function.get()), on_mark: table.on_sandwich, ..table };
    let is_chosen = move || model.view.with(|v| v.function.is_some());
    let has_list = move || !model.is_narrow() || !is_chosen();
    let has_sides = move || function.with(Option::is_some) && (!model.is_narrow() || is_chosen());
    view! {
        <div class="sandwich-layout">
            {shown(has_list, move || view! { <div class="sandwich-list"><TopTable table=list /></div> }.into_any())}
            {shown(has_sides, move || view! {
                <SandwichView function sides=model.sides flame=callees caller_colours=colours(true)
                    caller_found=model.marks_in(move || side(true))
                    on_caller_menu=flame_menu(menus, Seen::Callers, move || side(true))
                    on_close=Callback::new(move |()| model.reshape(|v| v.function = None)) />
            }.into_any())}
        </div>
    }
    .into_any()
}

/// Keys that work anywhere on the page except in a field.
fn key(event: &KeyboardEvent, model: Model, field: NodeRef<Input>) {
    let Some(digit) = plain_key(event, model, field) else { return };
    if let Some(mode) = Mode::ALL.get(digit) {
        model.change(HistoryMode::Push, |v| v.mode = Some(*mode));
        event.prevent_default();
    }
}

/// Handles the keys that all profile views have. Returns the digit, counted from 0, of a key that chooses a view mode.
pub(super) fn plain_key(event: &KeyboardEvent, model: Model, field: NodeRef<Input>) -> Option<usize> {
    if event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || event.default_prevented()
        || focus::is_typing()
    {
        return None;
    }
    match event.key().as_str() {
        "/" => focus::field(field),
        "n" => model.matches.step(true),
        "N" => model.matches.step(false),
        "i" => model.invert(),
        "0" => model.change(HistoryMode::Push, |v| *v = v.unzoomed()),
        digit @ ("1" | "2" | "3" | "4" | "5") => return Some(usize::from(digit.as_bytes()[0] - b'1')),
        _ => return None,
    }
    event.prevent_default();
    None
}
