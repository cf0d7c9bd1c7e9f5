//! Answers questions about profiles. A [`Querier`] takes each through the same steps:
//!
//! 1. [`scope`]: adds the caller's bounds to the question;
//! 2. [`cache`]: returns a cached answer that is still exact ([`crate::store::Freshness`]), or joins an equal question that is
//!    being computed ([`flights`]);
//! 3. [`budget`]: a fair queue, a time limit, and an end when nobody waits any more;
//! 4. the store; then [`known_names`], [`new_versions`], [`covered`], [`covered_over_time`], [`sampling`], [`diff`], [`heatmap`],
//!    [`column_weights`], [`regression`], [`breakdown`], [`overview`] and [`export`] on its answer.
//!
//! Nothing here knows HTTP.

pub(crate) mod breakdown;
mod budget;
mod cache;
mod column_weights;
mod covered;
mod covered_over_time;
mod diff;
mod distribution;
mod error;
pub(crate) mod export;
mod flights;
mod focus;
mod heatmap;
mod known_names;
mod new_versions;
pub(crate) mod overview;
mod querier;
mod question;
mod regression;
mod sampling;
mod scope;
mod step;
#[cfg(test)]
mod tests;

pub(crate) use column_weights::ColumnWeights;
pub(crate) use covered::{Covered, Explored};
pub(crate) use covered_over_time::{Buckets, CoveredOverTime};
pub(crate) use distribution::{BinScale, Distribution};
pub(crate) use error::QueryError;
pub(crate) use focus::focus;
pub(crate) use heatmap::{CostsByLabel, FunctionCosts, Rows};
pub(crate) use known_names::KnownNames;
pub(crate) use querier::Querier;
pub(crate) use question::Question;
pub(crate) use regression::{Baselines, Judged};
pub(crate) use sampling::Sampling;
pub(crate) use step::{coverage_step_ns, least_step_ns, usual_step_ns};
