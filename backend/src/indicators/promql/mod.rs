//! PromQL as a tree: text → [`Expr`] → text, with matchers added to every selector on the way.
//!
//! Bounds are never put into a query by replacing text. [`parse`] understands the query or refuses it, and what is sent is printed
//! from the tree alone, so that nothing reaches a source that was not understood here. Each selector that is printed carries the
//! matchers of [`Values`]:
//!
//! ```text
//! sum(rate(orders_total{$S}[$w]))   {job="pay"}, 60 s   →   sum(rate(orders_total{job="pay"}[60s]))
//! ```
//!
//! Three placeholders may be written: `$S` among matchers, for a reader (matchers are added to every selector, whether it is there
//! or not); `$w` in place of a duration, the window of rates; `$pod` in place of a label's name.
//!
//! The grammar is that of Prometheus 3 (operators and their precedence, `offset` and `@`, subqueries, quoted UTF-8 names) without
//! what queries of indicators do not need: durations in arithmetic, and `info()`, which reads series that no selector names.

mod expr;
mod lexer;
mod parser;
mod print;

pub(crate) use expr::{Binary, Expr, Grouping, LabelName, VectorSelector, Width};
pub(crate) use parser::parse;
pub(crate) use print::Values;

/// The text is not a query that is understood here. The fault of the person who wrote the configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at position {position}: {message}")]
pub(crate) struct InvalidQuery {
    /// Byte offset into the text, from 0.
    pub(crate) position: usize,
    /// The problem, and what was expected.
    pub(crate) message: String,
}

#[cfg(test)]
mod tests;
