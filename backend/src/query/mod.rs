//! Questions about profiles. A [`Querier`] takes one from whoever asks through the same stations each time:
//!
//! 1. [`scope`]: what the caller may see becomes matchers of the question itself;
//! 2. [`cache`]: an answer that no later profile can have changed is given again ([`crate::store::Freshness`]);
//! 3. budget: a bounded number of questions is computed at once, each for a bounded time;
//! 4. the store; then [`knowledge`], [`diff`], [`heatmap`] and [`export`] on what it gave.
//!
//! Nothing here knows HTTP.

mod cache;
mod diff;
mod error;
pub(crate) mod export;
mod focus;
mod heatmap;
mod knowledge;
mod querier;
mod question;
mod scope;
mod step;

pub(crate) use diff::DiffSide;
pub(crate) use error::QueryError;
pub(crate) use focus::focus;
pub(crate) use heatmap::{BinScale, Distribution, FunctionCosts, Rows};
pub(crate) use knowledge::Knowledge;
pub(crate) use querier::Querier;
pub(crate) use question::Question;
pub(crate) use step::{least_step_ns, usual_step_ns};
