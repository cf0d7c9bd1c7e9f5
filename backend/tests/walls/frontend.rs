//! The rooms of the page: their order, and the only places that may use the DOM.

use crate::source::rust;
use crate::wall::{downward, only};

/// Lowest first. A room imports rooms of its own line and of lines above it here.
pub(crate) const ROOMS: &[&[&str]] = &[
    &["state"],
    &["routes"],
    &["local_file"],
    &["reactive"],
    &["canvas"],
    &["browser"],
    &["api"],
    &["context"],
    &["components"],
    &["views"],
    &["pages"],
    &["app"],
    &["first_app", "full_app", "worker_dom"],
];

/// Folders that may use the DOM, in addition to painters.
const DOM_MODULES: [&str; 4] =
    ["frontend/src/canvas/", "frontend/src/browser/", "frontend/src/api/", "frontend/src/worker_dom"];

#[test]
fn rooms_import_only_downward() {
    downward("frontend/src", ROOMS);
}

#[test]
fn the_dom_is_used_only_in_its_modules() {
    let words = [
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "leptos::ev",
        "leptos_dom",
        "window_event_listener(",
        "window_event_listener_untyped(",
        "event_target_value(",
        "event_target_checked(",
        "set_timeout(",
        "set_interval(",
        "set_timeout_with_handle(",
        "set_interval_with_handle(",
        "request_animation_frame(",
        "request_animation_frame_with_handle(",
        "request_idle_callback(",
        "queue_microtask(",
        "window().",
        "document().",
        ".blur(",
        ".focus(",
        ".query_selector(",
        ".query_selector_all(",
        ".get_element_by_id(",
        ".get_attribute(",
        ".set_attribute(",
        ".set_text_content(",
        ".class_list(",
        ".show_modal(",
        ".scroll_into_view",
        ".set_pointer_capture",
        ".release_pointer_capture",
        ".get_bounding_client_rect",
        ".set_scroll_top",
        ".client_width",
        ".client_height",
        ".dyn_into",
        ".dyn_ref",
        ".unchecked_into",
        ".unchecked_ref",
    ];
    let painters: Vec<String> = rust("frontend/src/views")
        .into_iter()
        .map(|s| s.path)
        .filter(|path| path.rsplit('/').next().is_some_and(|name| name.contains("painter")))
        .collect();
    let allowed: Vec<&str> = DOM_MODULES.iter().copied().chain(painters.iter().map(String::as_str)).collect();
    only("frontend/src", &allowed, &words);
}

#[test]
fn wire_types_stop_at_the_client() {
    // A local file's tree travels from the worker to the page in the same columns as from the server, and a saved page
    // holds its trees in them.
    let allowed = [
        "frontend/src/api/",
        "frontend/src/local_file/",
        "frontend/src/context/local_files/",
        "frontend/src/state/local_",
        "frontend/src/worker_dom",
        "frontend/src/views/save/saved.rs",
    ];
    only("frontend/src", &allowed, &["flarepath_wire"]);
}

#[test]
fn case_is_changed_without_tables() {
    // The tables of all letters would be 8 KB of the first download: `browser::lower_case` has the browser's.
    only("frontend/src", &[], &[".to_lowercase", ".to_uppercase"]);
}

#[test]
fn only_entry_points_are_public() {
    // The lint `unreachable_pub` is off in this crate: leptos's `component` macro declares public items.
    let public = |code: &str| code.lines().any(|line| line.trim_start().starts_with("pub "));
    assert!(public("    pub fn f() {}") && !public("pub(crate) fn f() {}"));
    let entry =
        ["frontend/src/lib.rs", "frontend/src/first_app", "frontend/src/full_app", "frontend/src/worker_dom"];
    let found: Vec<String> = rust("frontend/src")
        .into_iter()
        .filter(|s| !entry.iter().any(|prefix| s.path.starts_with(prefix)) && public(&s.code))
        .map(|s| s.path)
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}
