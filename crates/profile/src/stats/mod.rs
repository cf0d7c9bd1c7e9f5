//! Statistics: the median, and whether the costs of two sides differ by more than their noise.
//!
//! A [`Side`] holds windows of time, of one replica each. [`compare`] takes two of them through these steps:
//!
//! 1. Each window becomes a rate (cost by its weight, such as covered seconds) and a share (cost by the total of the window).
//! 2. [`side_mean`]: the mean of a side and its variance, from the windows, corrected for [`autocorrelation`], and from the
//!    differences between replicas.
//! 3. [`moderation`]: variances of many functions inform each other (limma, Smyth 2004).
//! 4. Welch's t with Satterthwaite's degrees of freedom ([`student_t`]), of rate and share, of which both must have changed;
//!    [`benjamini_hochberg`] over all functions; the effect floor; persistence in the last windows ([`decide`]).
//! 5. [`explain`]: of the changed functions those that explain the others, and costs that only moved.
//!
//! [`Comparison::evidence`] is one p value of a whole comparison; [`discoveries`] tells which of many comparisons still count among all
//! of them. [`onset`] says in which window a change began, and [`settled`] from which one on all is of the new level. [`peers`] asks instead which of several values, such as pods, differs from the others.
//!
//! The unit of a sample is a window of one replica, never a stack sample: samples of one window are not independent. The
//! numbers that support this are in docs/statistics.md.

mod autocorrelation;
mod benjamini_hochberg;
mod compare;
mod decide;
mod explain;
mod median;
mod moderation;
mod onset;
mod peers;
mod series;
mod side;
mod side_mean;
#[cfg(test)]
mod simulation;
mod student_t;

pub use benjamini_hochberg::discoveries;
pub use compare::{Comparison, compare};
pub use decide::{Change, Direction, Estimate, MIN_OBSERVATIONS, Rules};
pub use explain::{Explained, MovedFrom, Tested, explain};
pub use median::median;
pub use onset::{onset, settled};
pub use peers::{Deviation, Standing, against_peers};
pub use side::{Replica, Side, Window};
