//! What is on screen, as values: read from the URL and written back to it.

pub mod choice;
pub mod clock_text;
pub mod compare;
pub mod compare_source;
pub mod heatmap;
pub mod labels;
pub mod loaded_profile;
pub mod local_chart;
pub mod local_files;
pub mod local_offsets;
pub mod local_view;
pub mod offsets_view;
pub mod preferences;
pub mod presets;
pub mod query;
pub mod share;
pub mod share_view;
pub mod time_range;
pub mod transform;
pub mod url_text;
pub mod view;
