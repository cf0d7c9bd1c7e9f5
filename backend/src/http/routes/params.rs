//! Query parameters and errors that many routes share.

use crate::http::ApiError;
use crate::http::doc::Param;
use crate::http::extract::Params;
use crate::problem::ProblemKind;

/// Profile types, as a regular expression.
pub(super) const PROFILE_TYPE: &str = "^[^:]+:[^:]+:[^:]*:[^:]*:[^:]*(:delta)?$";
/// A profile type, as an example.
pub(in crate::http) const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
/// Positions in a list, as a regular expression: nanoseconds since the epoch, and an id.
pub(super) const CURSOR: &str = "^-?[0-9]{1,19}-.*$";
/// Points in time as ingest reads them, as a regular expression.
pub(super) const INGEST_TIME: &str = "^(now([-+][0-9]+[a-zA-Z]+)*|[0-9]{1,13}|[0-9]{16}|[0-9]{19}|[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.,]+.*)$";
/// Widths of buckets, as a regular expression.
pub(super) const STEP: &str = "^([0-9]+([.][0-9]+)?|([0-9]+(ms|s|m|h|d|w))+)$";

pub(super) const SELECTOR: Param = Param::query(
    "selector",
    "Series selector in Prometheus syntax, with the operators =, !=, =~ and !~; `{}` is all series",
    "{service_name=\"flarepath\"}",
)
.default("{}");
/// What [`QueryRequest`] reads by the name `store`.
///
/// [`QueryRequest`]: crate::http::extract::QueryRequest
pub(in crate::http) const STORE: Param = Param::query(
    "store",
    "The store to read, by its name in the configuration; `GET /api/v1/stores` lists those that the caller may read (default: the server's)",
    "embedded",
)
.pattern("^[A-Za-z0-9_-]{1,64}$");
pub(super) const FROM: Param = Param::query(
    "from",
    "Start of the range, inclusive: RFC 3339, a Unix time in s, ms, µs or ns, or `now-1h30m` (default: an hour before `until`)",
    "now-1h",
)
.time();
pub(super) const UNTIL: Param =
    Param::query("until", "End of the range, exclusive; same notations as `from`", "now")
        .time()
        .default("now");
pub(super) const TYPE: Param =
    Param::query("type", "Profile type, as name:sample_type:sample_unit:period_type:period_unit", CPU)
        .pattern(PROFILE_TYPE)
        .required();
pub(super) const SPANS: Param = Param::query(
    "spans",
    "Only samples of these spans: ids of 16 hexadecimal digits, repeated or comma-separated",
    "00f067aa0ba902b7",
)
.pattern("^[0-9a-fA-F]{16}(,[0-9a-fA-F]{16})*$")
.repeated();

/// Errors of a query, besides those of every route that reads profiles.
pub(super) const QUERY_ERRORS: &[(u16, &str)] =
    &[(400, "A parameter is unknown, missing or malformed; `position` is where in its text")];

/// The option that `param` names; its default is the first one. `param` has the names of the options ([`names`]).
///
/// [`names`]: crate::http::doc::names
///
/// # Errors
/// 400 of this kind, which lists the options.
pub(super) fn choice<T: Copy>(
    params: &Params,
    param: &Param,
    kind: ProblemKind,
    options: &[(&str, T)],
) -> Result<T, ApiError> {
    let name = param.name;
    let given = params.get(name);
    let found = options.iter().find(|(option, _)| given.is_none_or(|text| text == *option));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = options.iter().map(|(option, _)| *option).collect();
        let expected = match names.split_last() {
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => String::new(),
        };
        ApiError::new(kind, format!("`{name}`: `{}`; expected {expected}", given.unwrap_or_default()))
    })
}

/// The parameter that `limit` describes, which bounds the length of a list.
///
/// # Errors
/// 400 outside of its bounds.
pub(super) fn limit(params: &Params, limit: &Param) -> Result<usize, ApiError> {
    let number = params.integer(limit, ProblemKind::BadLimit)?;
    usize::try_from(number).map_err(|_| ApiError::internal())
}
