//! Verdict messages: what changed between two selections of profiles, and how sure that is.

use crate::own_code::OwnCodePattern;
use prost::Message;
use serde::{Deserialize, Serialize};

/// The verdict on a comparison. `GET /api/v1/verdict`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerdictResponse {
    /// The verdict in one or two sentences, for a headline.
    #[prost(string, tag = "1")]
    pub headline: String,
    /// The verdict in full, the headline first.
    #[prost(string, repeated, tag = "2")]
    pub sentences: Vec<String>,
    /// `changed`, `unchanged` (also if costs only moved), `too-little-data` or `not-comparable`.
    #[prost(string, tag = "3")]
    pub outcome: String,
    /// `versions`, `times`, `values` (of a label) or `selections`. Only versions and times have a before and an after.
    #[prost(string, tag = "4")]
    pub relation: String,
    /// Unit of the costs: that of the profile type, divided by what `per` says.
    #[prost(string, tag = "5")]
    pub unit: String,
    /// What costs are divided by: covered `second`, `profile`, or unit of `work`; of one replica.
    #[prost(string, tag = "6")]
    pub per: String,
    /// The baseline that the numbers are of.
    #[prost(message, optional, tag = "7")]
    pub baseline: Option<VerdictSide>,
    /// The comparison. Narrower than the query where a new version was found in it.
    #[prost(message, optional, tag = "8")]
    pub comparison: Option<VerdictSide>,
    /// Further baselines: a change must be one against each of them.
    #[prost(message, repeated, tag = "9")]
    pub confirmed_by: Vec<VerdictSelection>,
    /// The total of a replica; absent with too little data.
    #[prost(message, optional, tag = "10")]
    pub total: Option<VerdictFigure>,
    /// Whether the total has changed.
    #[prost(bool, tag = "11")]
    pub total_changed: bool,
    /// Functions that have changed and explain all others that have, the most telling first; at most 20.
    #[prost(message, repeated, tag = "12")]
    pub functions: Vec<VerdictFunction>,
    /// Functions of which only the share of the total has changed, as others cost more or less; at most 20.
    #[prost(string, repeated, tag = "13")]
    pub only_share: Vec<String>,
    /// The smallest change of the total that would have been seen, as a fraction of it.
    #[prost(double, tag = "14")]
    pub smallest_visible_total: f64,
    /// The smallest change of a function that would have been seen, as a fraction of the total.
    #[prost(double, tag = "15")]
    pub smallest_visible_share: f64,
    /// What is missing, with too little data.
    #[prost(message, optional, tag = "16")]
    pub missing: Option<VerdictMissing>,
    /// How the comparison was made; absent with too little data.
    #[prost(message, optional, tag = "17")]
    pub method: Option<VerdictMethod>,
    /// What to know about the baseline: why there is no better one, versions that were skipped, ranges that overlap. And why a source
    /// of metrics did not tell requests.
    #[prost(string, repeated, tag = "18")]
    pub notes: Vec<String>,
    /// Whether what counts as own code is set for the service; otherwise it is guessed. Of a comparison without profiles nothing is set.
    #[prost(bool, tag = "19")]
    pub own_code_set: bool,
    /// What is set to be own code. A snapshot has it only if the sanitization policy leaves all of it as it is.
    #[prost(message, repeated, tag = "20")]
    pub own_code: Vec<OwnCodePattern>,
    /// Of a snapshot: whether `own_functions` tells what was own code. Snapshots from before this field do not.
    #[prost(bool, tag = "21")]
    #[serde(default)]
    pub own_functions_known: bool,
    /// Of a snapshot: the functions that were own code, as places among the functions of both trees in the order of name and source file,
    /// each once. As names and files are sanitized, own code cannot be told from them.
    #[prost(uint32, repeated, tag = "22")]
    #[serde(default)]
    pub own_functions: Vec<u32>,
    /// The number to show large beside the headline; absent without a significant change, and in snapshots of before.
    #[prost(message, optional, tag = "23")]
    #[serde(default)]
    pub number: Option<VerdictNumber>,
}

/// The number of a verdict: the change of the total, or that of a function where only functions have changed.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerdictNumber {
    /// With its sign and unit: `+16 %`, `×12`, `+0.0395 cores`.
    #[prost(string, tag = "1")]
    pub text: String,
    /// What has changed by it. Names of functions are in backticks.
    #[prost(string, tag = "2")]
    pub label: String,
    /// Whether it is an increase.
    #[prost(bool, tag = "3")]
    pub grew: bool,
}

/// A selection of profiles.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerdictSelection {
    /// Series selector.
    #[prost(string, tag = "1")]
    pub selector: String,
    /// Start of the range, milliseconds since the epoch.
    #[prost(int64, tag = "2")]
    pub start_ms: i64,
    /// End of the range, excluded.
    #[prost(int64, tag = "3")]
    pub end_ms: i64,
    /// Start of the range, exactly: nanoseconds since the epoch. 0 in snapshots of before.
    #[prost(int64, tag = "4")]
    pub start_ns: i64,
    /// End of the range, exactly. 0 in snapshots of before.
    #[prost(int64, tag = "5")]
    pub end_ns: i64,
}

/// A side of a verdict.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerdictSide {
    /// Which profiles.
    #[prost(message, optional, tag = "1")]
    pub selection: Option<VerdictSelection>,
    /// How many profiles; one whose samples have several sets of labels counts once.
    #[prost(uint64, tag = "2")]
    pub profiles: u64,
    /// Replicas that were measured.
    #[prost(uint64, tag = "3")]
    pub replicas: u64,
    /// Replicas in all; 0 if no label tells them apart.
    #[prost(uint64, tag = "4")]
    pub all_replicas: u64,
    /// Time that profiles cover, of all replicas together, in milliseconds.
    #[prost(int64, tag = "5")]
    pub covered_ms: i64,
    /// Windows of one replica each that were compared.
    #[prost(uint64, tag = "6")]
    pub windows: u64,
    /// Width of a window in milliseconds.
    #[prost(int64, tag = "7")]
    pub window_ms: i64,
}

/// A value of both sides.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerdictFigure {
    /// Baseline.
    #[prost(double, tag = "1")]
    pub before: f64,
    /// Comparison.
    #[prost(double, tag = "2")]
    pub after: f64,
    /// Lower end of the 95 % confidence interval of the difference.
    #[prost(double, tag = "3")]
    pub low: f64,
    /// Upper end.
    #[prost(double, tag = "4")]
    pub high: f64,
    /// Probability of a difference at least as large without a change.
    #[prost(double, tag = "5")]
    pub p: f64,
}

/// A function that has changed.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerdictFunction {
    /// Its name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Its source file, if known.
    #[prost(string, tag = "2")]
    pub file: String,
    /// The function of own code that calls it; empty if there is none.
    #[prost(string, tag = "3")]
    pub called_by: String,
    /// The deepest function that explains the change, if it is another.
    #[prost(string, tag = "4")]
    pub deepest: String,
    /// Its total cost in a replica, in `unit` by what `per` says.
    #[prost(message, optional, tag = "5")]
    pub cost: Option<VerdictFigure>,
    /// Its share of the total, as a fraction.
    #[prost(message, optional, tag = "6")]
    pub share: Option<VerdictFigure>,
    /// The smallest false discovery rate at which it is a change.
    #[prost(double, tag = "7")]
    pub q: f64,
    /// Whether costs only moved here, or away: the caller costs what it did.
    #[prost(bool, tag = "8")]
    pub moved: bool,
    /// The function that the cost moved from, or to; empty if none stands out.
    #[prost(string, tag = "9")]
    pub moved_from: String,
}

/// What a side lacks.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerdictMissing {
    /// `baseline` or `comparison`.
    #[prost(string, tag = "1")]
    pub side: String,
    /// From its first profile to the end of its last, in milliseconds.
    #[prost(int64, tag = "2")]
    pub span_ms: i64,
    /// The least span.
    #[prost(int64, tag = "3")]
    pub least_span_ms: i64,
    /// Windows of one replica each.
    #[prost(uint64, tag = "4")]
    pub windows: u64,
    /// The least number of windows.
    #[prost(uint64, tag = "5")]
    pub least_windows: u64,
    /// In how many milliseconds it will be enough; absent if no more data will come.
    #[prost(int64, optional, tag = "6")]
    pub enough_in_ms: Option<i64>,
}

/// How a comparison was made.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerdictMethod {
    /// The false discovery rate that was allowed.
    #[prost(double, tag = "1")]
    pub q: f64,
    /// How many tests count.
    #[prost(uint64, tag = "2")]
    pub tests: u64,
    /// Whether replicas were compared with themselves.
    #[prost(bool, tag = "3")]
    pub paired: bool,
    /// Autocorrelation of the windows of the baseline.
    #[prost(double, tag = "4")]
    pub baseline_autocorrelation: f64,
    /// Autocorrelation of the windows of the comparison.
    #[prost(double, tag = "5")]
    pub comparison_autocorrelation: f64,
}
