//! The rooms of the profile crate: their order.

use crate::wall::downward;

/// Lowest first. A room imports rooms of its own line and of lines above it here.
pub(crate) const ROOMS: &[&[&str]] = &[
    &[
        "limits",
        "name_match",
        "profile_type",
        "selector",
        "short_name",
        "stack_table",
        "string_table",
        "time_series",
        "units",
        "unix_nanos",
        "varint",
    ],
    &["frame_table", "labels", "sample"],
    &["package", "profile"],
    &["call_tree", "lanes", "origin", "own_code"],
    &["flame", "formats", "line_costs", "search", "top_table", "tree_table"],
    &["diff", "heatmap"],
    &["sanitize", "stats"],
    &["verdict"],
];

#[test]
fn rooms_import_only_downward() {
    downward("crates/profile/src", ROOMS);
}
