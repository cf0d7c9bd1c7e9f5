//! [`Definition`]: an objective as a file defines it, in a form that all formats share.

use super::field::Problem;
use crate::indicators::promql::Expr;
use crate::indicators::template::Template;
use std::time::Duration;

/// An objective.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) name: String,
    /// The service as the file names it.
    pub(super) service: String,
    /// The part of all events that must be good.
    pub(super) objective: f64,
    pub(super) period: Duration,
    /// The part of all events that are bad, over `$w`.
    pub(super) error_ratio: Expr,
    /// The same as it is recorded, for each window; empty if it is not.
    pub(super) recorded: Vec<Template>,
}

/// The objectives of a document.
pub(super) type Definitions = Result<Vec<Definition>, Problem>;
