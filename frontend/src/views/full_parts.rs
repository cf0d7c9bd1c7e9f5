//! The parts of the full program: all of them.

use super::call_tree::{PROFILE, call_tree};
use super::kernels::Kernels;
use super::parts::Parts;
use super::transform_bar::Chips;
use super::{derive, function_panel, markers, menu_entries, profile_view, toolbar, transforms};
use flarepath_profile::origin::derived_origins;
use leptos::prelude::*;

impl Kernels {
    /// Those of the full program.
    pub(crate) const ALL: Kernels = Kernels {
        steps: transforms::apply,
        inverted: transforms::inverted,
        sides: derive::sides,
        diff_steps: derive::transformed_diff,
        sums: derive::sums,
        diff_picture: derive::diff_picture,
        named_colours: derive::named_colours,
        guessed_origins: derive::guessed_origins,
        derived_origins,
    };
}

impl Parts {
    /// Every part: those of the full program.
    pub(crate) const FULL: Parts = Parts {
        view_menu: toolbar::view_menu,
        chips: |model| view! { <Chips model /> }.into_any(),
        function_menu: menu_entries::function_menu,
        call_tree: Some(|menus| call_tree(menus, &PROFILE)),
        sandwich: Some(profile_view::sandwich),
        function_panel: Some(function_panel::function_panel),
        markers: markers::marker_dialogs,
        missing: || ().into_any(),
    };
}
