//! A small flame graph of one function: its callers above it, so that one sees why it costs what it costs. It zooms in place; all else is done
//! on a page of its own.

use super::derive::colours;
use super::flame::graph::{Flame, FlameGraph, MenuRequest, MenuRequestKind, Zoom};
use super::kernels::Kernels;
use super::picture::{Measure, Picture};
use crate::components::context_menu::{ContextMenu, MenuItem, OpenMenu};
use crate::reactive::{Callback, Memo, RwSignal, Signal};
use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::view::{ColourBy, HistoryMode, OrderBy};
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::origin::Origin;
use leptos::prelude::*;

/// The key that opens a function, as in the other flame graphs.
const OPEN_KEY: char = 's';

/// See the module. Needs the kernels of the full program.
#[component]
pub(crate) fn CallersGraph(
    /// The whole profile; `None` while there is none.
    profile: Signal<Option<LoadedProfile>>,
    /// The function.
    function: Signal<Option<String>>,
    /// Receives a function whose callers and callees are to be opened.
    on_function: Callback<String>,
) -> impl IntoView {
    let kernels = Kernels::of_program();
    let laid_out = Memo::new(move || {
        let (name, sides) = (function.get()?, kernels?.sides);
        let callers = |p: &LoadedProfile| sides(&p.tree, &name, OrderBy::Total).map(|sides| sides.callers);
        profile.with(|profile| profile.as_ref().map(callers))
    });
    let picture: Signal<Option<Shared<Picture>>> =
        Memo::new(move || laid_out.with(|found| found.as_ref().and_then(|found| found.clone().ok())));
    let failure = move || laid_out.with(|found| found.as_ref().and_then(|found| found.clone().err()));
    let colours = Memo::new(move || {
        let tree = picture.get()?.tree.clone();
        profile.with(|profile| {
            let profile = profile.as_ref()?;
            Some(colours(&tree, ColourBy::Origin, kernels, || origins(profile, kernels, &tree)))
        })
    });
    let measure = Memo::new(move || profile.with(|p| p.as_ref().map_or_else(Measure::unknown, Measure::of)));
    let zoom = RwSignal::new(Zoom::default());
    let menu = RwSignal::new(None::<OpenMenu>);
    let flame = Flame {
        picture,
        colours,
        found: Signal::derive(|| None),
        measure,
        zoom: zoom.into(),
        on_zoom: Callback::new(move |(to, _): (Zoom, HistoryMode)| zoom.set(to)),
        on_menu: on_menu(picture, menu, on_function),
        jump: Signal::derive(|| None),
        upward: true,
    };
    view! {
        {move || failure().map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any())}
        <FlameGraph label="Callers" flame />
        <ContextMenu menu />
    }
}

/// A menu with one entry, which has a key.
fn on_menu(
    picture: Signal<Option<Shared<Picture>>>,
    menu: RwSignal<Option<OpenMenu>>,
    on_function: Callback<String>,
) -> Callback<MenuRequest> {
    let asked = RwSignal::new(String::new());
    let run = Callback::new(move |()| on_function.run(asked.get_untracked()));
    Callback::new(move |MenuRequest { node, kind }: MenuRequest| {
        let Some(picture) = picture.get_untracked() else { return };
        let name = picture.tree.name(node).to_owned();
        match kind {
            MenuRequestKind::Open { at: (x, y), closed } => {
                asked.set(name.clone());
                let label = "Callers and callees in Explore".to_owned();
                let items = vec![MenuItem { label, key: "s", run }];
                menu.set(Some(OpenMenu { x, y, title: name, items, closed }));
            }
            MenuRequestKind::Key(OPEN_KEY) => on_function.run(name),
            MenuRequestKind::Key(_) => {}
        }
    })
}

/// The origins of the functions of a part of a profile.
fn origins(profile: &LoadedProfile, kernels: Option<Kernels>, part: &CallTree) -> Shared<Vec<Origin>> {
    let Some(kernels) = kernels else { return Shared::new(vec![Origin::Unknown; part.frames().len()]) };
    let frames = profile.tree.frames();
    let known = profile.origins.clone().unwrap_or_else(|| Shared::new((kernels.guessed_origins)(frames)));
    Shared::new((kernels.derived_origins)(frames, &known, part.frames()))
}
