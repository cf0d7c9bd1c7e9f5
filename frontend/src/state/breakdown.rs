//! Breakdown by a label: a page of its values with their costs.

use crate::state::spark::Frame;

/// A page of the values.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Breakdown {
    /// The label whose values they are: while another is being loaded, not yet the one of the question.
    pub(crate) label: String,
    /// Sample type, such as `cpu`.
    pub(crate) sample_type: String,
    /// Unit of the costs.
    pub(crate) unit: String,
    /// Whether rates are averages of profiles, and not costs by second.
    pub(crate) is_level: bool,
    /// How many values there are.
    pub(crate) values: u64,
    /// How many of them contain the text that was asked for.
    pub(crate) matching: u64,
    /// How many of all values differ from the others.
    pub(crate) odd: u64,
    /// The buckets of the small timelines.
    pub(crate) frame: Frame,
    /// The values, in the requested order.
    pub(crate) rows: Vec<ValueRow>,
    /// Where the next page begins; empty at the end.
    pub(crate) next: String,
}

/// A value of the label.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ValueRow {
    /// The value; empty for series without the label.
    pub(crate) value: String,
    /// Its service; empty if several have it.
    pub(crate) service: String,
    /// Cost by second and replica, or average level.
    pub(crate) rate: f64,
    /// Cost of all replicas.
    pub(crate) total: f64,
    /// Part of the total of all values.
    pub(crate) share: f64,
    pub(crate) replicas: u64,
    pub(crate) profiles: u64,
    /// Covered time of all replicas together.
    pub(crate) covered_ms: i64,
    /// Whether it differs from the others.
    pub(crate) is_odd: bool,
    /// How it compares with the others.
    pub(crate) sentence: String,
    /// Buckets with data by number, each with its rate.
    pub(crate) spark: Vec<(u32, f64)>,
}

impl ValueRow {
    /// The displayed form of the value.
    pub(crate) fn name(&self) -> String {
        value_name(&self.value)
    }
}

/// The displayed form of a value.
pub(crate) fn value_name(value: &str) -> String {
    if value.is_empty() { "(none)".to_owned() } else { value.to_owned() }
}
