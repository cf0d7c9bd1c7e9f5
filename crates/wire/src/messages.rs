//! Messages of `/api/v1`, one request parameter set and one answer for each resource.
//!
//! Tags are never reused: a removed field leaves its number behind.

use crate::call_tree::CallTreeColumns;
use crate::packed;
use prost::Message;
use serde::{Deserialize, Serialize};

/// Services and what is known of each. `GET /api/v1/services`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServicesResponse {
    /// Sorted by name.
    #[prost(message, repeated, tag = "1")]
    pub services: Vec<Service>,
}

/// A service that sent profiles in the range.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Service {
    /// Value of the label `service_name`.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Its profile types, sorted, as `name:sample_type:sample_unit:period_type:period_unit`.
    #[prost(string, repeated, tag = "2")]
    pub profile_types: Vec<String>,
    /// How many series it has.
    #[prost(uint64, tag = "3")]
    pub series: u64,
    /// Start of its newest profile, milliseconds since the epoch.
    #[prost(int64, tag = "4")]
    pub newest_ms: i64,
}

/// Profile types of the matching series. `GET /api/v1/profile-types`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProfileTypesResponse {
    /// Sorted.
    #[prost(string, repeated, tag = "1")]
    pub profile_types: Vec<String>,
}

/// Label names of the matching series. `GET /api/v1/labels`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelNamesResponse {
    /// Sorted by name.
    #[prost(message, repeated, tag = "1")]
    pub names: Vec<LabelCount>,
}

/// Values of one label among the matching series. `GET /api/v1/labels/{name}/values`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelValuesResponse {
    /// Sorted by value.
    #[prost(message, repeated, tag = "1")]
    pub values: Vec<LabelCount>,
}

/// A label name or value with the number of series that have it.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelCount {
    /// The name or the value.
    #[prost(string, tag = "1")]
    pub text: String,
    /// Number of series.
    #[prost(uint64, tag = "2")]
    pub series: u64,
}

/// Totals over time. `GET /api/v1/series`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeriesResponse {
    /// One for each distinct value set of the `by` labels; exactly one, without labels, when `by` is empty
    /// and there is data. Sorted by descending sum, then labels.
    #[prost(message, repeated, tag = "1")]
    pub series: Vec<Series>,
    /// Width of a bucket in milliseconds.
    #[prost(int64, tag = "2")]
    pub step_ms: i64,
    /// Unit of the values, such as `nanoseconds`.
    #[prost(string, tag = "3")]
    pub unit: String,
    /// Whether the store knows the service named in the selector at all, in any range; true when none is named.
    #[prost(bool, tag = "4")]
    pub service_known: bool,
    /// Whether a series that the selector's service has ever had is of the profile type asked for.
    #[prost(bool, tag = "5")]
    pub profile_type_known: bool,
    /// Time that profiles cover in each bucket, of all lines together; absent unless it was asked for.
    #[prost(message, optional, tag = "6")]
    pub covered: Option<CoveredBuckets>,
}

/// Time that profiles cover in the buckets of a chart. All lists have the same length.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CoveredBuckets {
    /// Left edge of each bucket that a profile starts in or covers a part of, ascending. All others are gaps.
    #[prost(sint64, repeated, tag = "1")]
    pub times_ms: Vec<i64>,
    /// Time that the profiles that start in the bucket cover, of all replicas together, in milliseconds: values divided by it are
    /// rates of one replica. 0 if none starts in it, or if it is not known.
    #[prost(int64, repeated, tag = "2")]
    pub replica_ms: Vec<i64>,
    /// The part of the bucket within the range that any replica covers, in milliseconds.
    #[prost(int64, repeated, tag = "3")]
    pub range_ms: Vec<i64>,
    /// Profiles that start in the bucket; one that was split by the labels of its samples counts once. 0 if it is not known.
    #[prost(uint64, repeated, tag = "4")]
    pub profiles: Vec<u64>,
    /// How many replicas sent profiles.
    #[prost(uint64, tag = "5")]
    pub replicas: u64,
}

/// One line of a chart. `times_ms` and `values` have the same length.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Series {
    /// The labels it stands for.
    #[prost(message, repeated, tag = "1")]
    pub labels: Vec<LabelPair>,
    /// Left edge of each bucket that holds data: `[t, t + step)`. Buckets without data are absent (a gap).
    #[prost(sint64, repeated, tag = "2")]
    pub times_ms: Vec<i64>,
    /// Sum of the values of all profiles that start in the bucket.
    #[prost(double, repeated, tag = "3")]
    pub values: Vec<f64>,
}

/// A label.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelPair {
    /// Name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Value.
    #[prost(string, tag = "2")]
    pub value: String,
}

/// The merged call tree of all matching profiles. `GET /api/v1/call-tree`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallTreeResponse {
    /// The whole tree; nothing is omitted.
    #[prost(message, optional, tag = "1")]
    pub tree: Option<CallTreeColumns>,
    /// Unit of the values, such as `nanoseconds`.
    #[prost(string, tag = "2")]
    pub unit: String,
    /// How many profiles were merged; one whose samples have several sets of labels counts once.
    #[prost(uint64, tag = "3")]
    pub profiles: u64,
    /// Whether the store knows the service named in the selector at all, in any range; true when none is named.
    #[prost(bool, tag = "4")]
    pub service_known: bool,
    /// Whether a series that the selector's service has ever had is of the profile type asked for.
    #[prost(bool, tag = "5")]
    pub profile_type_known: bool,
    /// Replicas that sent profiles, by the label that names instances; 1 where no label tells them apart, 0 without profiles.
    #[prost(uint64, tag = "6")]
    #[serde(default)]
    pub replicas: u64,
    /// Time that profiles cover, of all replicas together, in milliseconds: values divided by it are rates of one replica.
    #[prost(int64, tag = "7")]
    #[serde(default)]
    pub replica_ms: i64,
}

impl CallTreeResponse {
    /// Reads the answer of `GET /api/v1/call-tree`.
    ///
    /// The same as [`Message::decode`], only faster: see [`packed`]. And compiled here and not where it is called
    /// from: in the browser this crate is optimised for speed and the page for size.
    ///
    /// # Errors
    /// When the bytes are not this message.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, prost::DecodeError> {
        CallTreeResponse::read(bytes).map_or_else(|| Self::decode(bytes), Ok)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut tree = None;
        let answer: CallTreeResponse = packed::read_but(bytes, |tag, bytes| match tag {
            1 => tree.replace(CallTreeColumns::read(bytes)?).is_none().then_some(true),
            _ => Some(false),
        })?;
        Some(CallTreeResponse { tree, ..answer })
    }
}

/// Source lines of the functions of a name. `GET /api/v1/lines`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinesResponse {
    /// Lines that cost something, by file and line.
    #[prost(message, repeated, tag = "1")]
    pub lines: Vec<FunctionLine>,
    /// Unit of the values.
    #[prost(string, tag = "2")]
    pub unit: String,
    /// Whether the store knows the service named in the selector at all, in any range; true when none is named.
    #[prost(bool, tag = "3")]
    pub service_known: bool,
    /// Whether a series that the selector's service has ever had is of the profile type asked for.
    #[prost(bool, tag = "4")]
    pub profile_type_known: bool,
}

/// A line of a function.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FunctionLine {
    /// Source file; empty if unknown.
    #[prost(string, tag = "1")]
    pub file: String,
    /// Line in the file, from 1; 0 if unknown.
    #[prost(int64, tag = "2")]
    pub line: i64,
    /// Spent in the line itself.
    #[prost(sint64, tag = "3")]
    pub self_value: i64,
    /// Spent in the line and all that it calls; a stack counts once.
    #[prost(sint64, tag = "4")]
    pub total: i64,
}

/// Functions by what they cost. `GET /api/v1/top-functions`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopFunctionsResponse {
    /// Sorted as asked.
    #[prost(message, repeated, tag = "1")]
    pub functions: Vec<TopFunction>,
    /// Total of the whole tree.
    #[prost(sint64, tag = "2")]
    pub total: i64,
    /// How many functions there are in all; more than listed when `limit` cut the list.
    #[prost(uint64, tag = "3")]
    pub function_count: u64,
    /// Unit of the values.
    #[prost(string, tag = "4")]
    pub unit: String,
    /// Whether the store knows the service named in the selector at all, in any range; true when none is named.
    #[prost(bool, tag = "5")]
    pub service_known: bool,
    /// Whether a series that the selector's service has ever had is of the profile type asked for.
    #[prost(bool, tag = "6")]
    pub profile_type_known: bool,
}

/// A function and its cost over the whole tree.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopFunction {
    /// Name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Source file, if known.
    #[prost(string, tag = "2")]
    pub file: String,
    /// Spent in the function itself.
    #[prost(sint64, tag = "3")]
    pub self_value: i64,
    /// Spent in the function and what it called; recursion counts once.
    #[prost(sint64, tag = "4")]
    pub total: i64,
}

/// What became of pushed profiles. `POST /api/v1/profiles`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushResponse {
    /// Profiles stored, one for each distinct label set.
    #[prost(uint64, tag = "1")]
    pub accepted: u64,
    /// Profiles refused, with the reason.
    #[prost(string, repeated, tag = "2")]
    pub rejected: Vec<String>,
    /// What was changed to make the input storable, for people.
    #[prost(string, repeated, tag = "3")]
    pub notes: Vec<String>,
}

/// What the page must know before it asks for data. `GET /api/v1/instance`
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InstanceResponse {
    /// Version of the server.
    #[prost(string, tag = "1")]
    pub version: String,
    /// Warnings to keep on screen, such as that anyone on the network has access.
    #[prost(string, repeated, tag = "2")]
    pub warnings: Vec<String>,
    /// Whether people sign in; if not, everyone who reaches the server is its administrator.
    #[prost(bool, tag = "3")]
    pub sign_in: bool,
    /// Whether there is an administrator. Until then, only the page `/claim` is of use.
    #[prost(bool, tag = "4")]
    pub claimed: bool,
    /// Whether claiming takes the setup link that the server printed when it started.
    #[prost(bool, tag = "5")]
    pub needs_setup_token: bool,
    /// Whether people sign in with name and password.
    #[prost(bool, tag = "6")]
    pub password_sign_in: bool,
    /// Name of the identity provider that people may sign in with, if there is one.
    #[prost(string, optional, tag = "7")]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub oidc: Option<String>,
}
