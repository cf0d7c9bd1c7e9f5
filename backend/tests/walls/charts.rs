//! The rooms of the crate of charts: their order.

use crate::wall::downward;

/// Lowest first. A room imports rooms of its own line and of lines above it here.
pub(crate) const ROOMS: &[&[&str]] = &[
    &["recorder", "text_room", "theme", "value_unit"],
    &["pen", "value_axis"],
    &["frame", "strip_layout"],
    &["line_chart", "strip_plot"],
];

#[test]
fn rooms_import_only_downward() {
    downward("crates/charts/src", ROOMS);
}
