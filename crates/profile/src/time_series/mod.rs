//! Time series in buckets: bucket widths, coverage and gaps.
//!
//! Unless a name says otherwise, times are of one unit throughout a call, nanoseconds or milliseconds alike. A bucket
//! without data is absent from a series: no data is not zero.

mod coverage;
mod steps;

pub use coverage::{covered, gaps, union};
pub use steps::{least_step, round_step_secs};
