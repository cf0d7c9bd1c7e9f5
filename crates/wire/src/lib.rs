//! Messages between browser and backend: the one contract of both.
//!
//! [`messages`] are written once and travel as protobuf (the UI) or JSON (a person with curl): the same
//! structs derive both. [`call_tree`] turns a tree into columns and back, [`diff`] two of them; [`verdict`] says what changed,
//! [`breakdown`] what each value of a label costs.
//! [`decoded_size`] bounds what decoding a message takes. [`people`] is about who asks. [`snapshot`] is what a share keeps,
//! [`shares`] what stands around it; [`chart`] and [`offsets`] are what a local file shows in time. [`storage`] is about the disk, [`stores`] are where profiles are read from, [`own_code`] about the code of a service. [`markers`] are what happened
//! to a service, [`indicators`] its metrics, [`overview`] is what changed in each, [`overview_metrics`] has the metrics of many. [`error`] is what a failed request answers (RFC 9457).
//!
//! Times are RFC 3339 text in JSON requests and answers where a person reads them, and integers with the
//! unit in their name elsewhere (`*_ms`: milliseconds since the epoch, `*_ns`: nanoseconds).

pub mod access;
pub mod audit;
pub mod breakdown;
pub mod call_tree;
pub mod chart;
pub mod decoded_size;
pub mod diff;
pub mod error;
pub mod heatmap;
pub mod indicators;
pub mod markers;
pub mod messages;
pub mod offsets;
pub mod overview;
pub mod overview_metrics;
pub mod own_code;
mod packed;
pub mod people;
pub mod quotas;
pub mod shares;
pub mod sign_in_problem;
pub mod snapshot;
pub mod storage;
pub mod stores;
pub mod verdict;
