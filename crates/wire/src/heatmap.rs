//! Heat map messages: rows of functions, label values or value bins over time.

use prost::Message;
use serde::{Deserialize, Serialize};

/// Cells by row and column. `GET /api/v1/heatmap`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatmapResponse {
    /// Left edge of each column, `[t, t + step)`: multiples of the step since the epoch, ascending. Columns in which no
    /// profile starts are absent (a gap).
    #[prost(sint64, repeated, tag = "1")]
    pub times_ms: Vec<i64>,
    /// Width of a column in milliseconds.
    #[prost(int64, tag = "2")]
    pub step_ms: i64,
    /// Unit of the cells: that of the profile type, or `profiles` for bins of values.
    #[prost(string, tag = "3")]
    pub unit: String,
    /// Functions and label values: largest sum first, unless functions were named. Bins: smallest values first, none
    /// omitted between the first and the last that hold any.
    #[prost(message, repeated, tag = "4")]
    pub rows: Vec<HeatmapRow>,
    /// What no row holds. Of functions by total: what was spent in stacks that pass through none of them.
    #[prost(message, optional, tag = "5")]
    pub other: Option<HeatmapRow>,
    /// What each column holds in all: the sum of all profiles, or their number for bins of values. By total, rows overlap
    /// and add up to more.
    #[prost(sint64, repeated, tag = "6")]
    pub column_totals: Vec<i64>,
    /// How many rows there would be without a limit.
    #[prost(uint64, tag = "7")]
    pub row_count: u64,
    /// Unit of the edges of bins; empty without bins.
    #[prost(string, tag = "8")]
    pub bin_unit: String,
    /// Whether the store knows the service named in the selector at all, in any range; true when none is named.
    #[prost(bool, tag = "9")]
    pub service_known: bool,
    /// Whether a series that the selector's service has ever had is of the profile type asked for.
    #[prost(bool, tag = "10")]
    pub profile_type_known: bool,
    /// Start of the range asked for, milliseconds since the epoch. A column that begins before it holds a part of its width only.
    #[prost(int64, tag = "11")]
    #[serde(default)]
    pub start_ms: i64,
    /// Its end. A column that ends after it holds a part of its width only, or is still filling. 0 in snapshots from before
    /// this field.
    #[prost(int64, tag = "12")]
    #[serde(default)]
    pub end_ms: i64,
    /// What `column_weights` count: milliseconds of covered time of all replicas together (`second`) or, for levels such as
    /// memory in use, profiles (`profile`). Empty unless functions were named and the store can tell for columns this wide.
    #[prost(string, tag = "13")]
    #[serde(default)]
    pub per: String,
    /// One number a column: cells divided by it are rates of one replica, or averages of profiles.
    #[prost(sint64, repeated, tag = "14")]
    #[serde(default)]
    pub column_weights: Vec<i64>,
}

/// A row of a heat map.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeatmapRow {
    /// Name of the function, value of the label; empty for bins.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Source file of the function, if known.
    #[prost(string, tag = "2")]
    pub file: String,
    /// Smallest value of a bin.
    #[prost(double, tag = "3")]
    pub low: f64,
    /// One past the largest value of a bin.
    #[prost(double, tag = "4")]
    pub high: f64,
    /// Sum of the cells.
    #[prost(sint64, tag = "5")]
    pub sum: i64,
    /// One number a column.
    #[prost(sint64, repeated, tag = "6")]
    pub cells: Vec<i64>,
}
