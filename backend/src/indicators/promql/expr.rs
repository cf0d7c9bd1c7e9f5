//! The tree of a query.

use flarepath_profile::selector::Matcher;

/// A query, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// A number as it was written.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// `http_requests_total{code="500"}`
    Vector(VectorSelector),
    /// `[5m]` after a selector, or a subquery: `[1h:5m]`.
    Window { of: Box<Expr>, width: Width, resolution: Option<Resolution> },
    /// `offset` and `@` after a selector or a subquery.
    Shifted { of: Box<Expr>, by: Vec<Shift> },
    /// `rate(…)`
    Call { function: String, arguments: Vec<Expr> },
    /// `sum by (pod) (…)`
    Aggregation { operator: String, grouping: Option<Grouping>, arguments: Vec<Expr> },
    /// `a / on (job) group_left b`
    Binary(Box<Binary>),
    /// `-a`
    Negated(Box<Expr>),
}

/// A selector: the only place where series are read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VectorSelector {
    /// Name of the metric; `None` if only matchers select.
    pub(crate) name: Option<String>,
    pub(crate) matchers: Vec<Matcher>,
}

/// A duration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Width {
    /// As it was written: `1h30m`.
    Fixed(String),
    /// `$w`
    RateWindow,
}

/// Distance of the points of a subquery.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Resolution {
    /// `[1h:]`
    Usual,
    /// `[1h:5m]`
    Every(Width),
}

/// Another time than that of the query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shift {
    /// `offset 5m`, `offset -5m`
    Offset { is_negative: bool, width: Width },
    /// `@ 1609746000`, `@ start()`, `@ end()`
    At(String),
}

/// Labels that an aggregation keeps, or drops.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grouping {
    /// Whether they are dropped (`without`).
    pub(crate) is_without: bool,
    pub(crate) labels: Vec<LabelName>,
}

/// Name of a label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum LabelName {
    Named(String),
    /// `$pod`
    Pod,
}

/// Two operands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Binary {
    pub(crate) left: Expr,
    pub(crate) operator: &'static str,
    pub(crate) is_bool: bool,
    pub(crate) matching: Option<Matching>,
    pub(crate) right: Expr,
}

/// How series of both operands are paired.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Matching {
    /// Whether `ignoring` was written, and not `on`.
    pub(crate) is_ignoring: bool,
    pub(crate) labels: Vec<LabelName>,
    /// `group_left` or `group_right`, with the labels that are taken over.
    pub(crate) group: Option<(&'static str, Vec<LabelName>)>,
}
