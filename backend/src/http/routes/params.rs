//! Query parameters and errors that many routes share.

use crate::http::ApiError;
use crate::http::doc::Param;
use crate::http::extract::Params;
use crate::problem::ProblemKind;

pub(super) const SELECTOR: Param = Param::query(
    "selector",
    "Series selector in Prometheus syntax, with the operators =, !=, =~ and !~ (default `{}`: all series)",
    "{service_name=\"flarepath\"}",
);
pub(super) const FROM: Param = Param::query(
    "from",
    "Start of the range, inclusive: RFC 3339, a Unix time in s, ms, µs or ns, or `now-1h30m` (default: an hour before `until`)",
    "now-1h",
);
pub(super) const UNTIL: Param =
    Param::query("until", "End of the range, exclusive; same notations as `from` (default `now`)", "now");
pub(super) const TYPE: Param = Param::query(
    "type",
    "Profile type, as name:sample_type:sample_unit:period_type:period_unit",
    "process_cpu:cpu:nanoseconds:cpu:nanoseconds",
)
.required();
pub(super) const SPANS: Param = Param::query(
    "spans",
    "Only samples of these spans: ids of 16 hexadecimal digits, repeated or comma-separated",
    "00f067aa0ba902b7",
)
.repeated();

pub(super) const QUERY_ERRORS: &[(u16, &str)] = &[
    (400, "A parameter is unknown, missing or malformed; `position` is where in its text"),
    (500, "The store failed"),
    (
        503,
        "The server is busy and has no room for another query to wait; `Retry-After` says when to try again",
    ),
    (504, "The query timed out; request a shorter range"),
];

/// The option that parameter `name` names; the first one by default.
///
/// # Errors
/// 400 of this kind, which lists the options.
pub(super) fn choice<T: Copy>(
    params: &Params,
    name: &str,
    kind: ProblemKind,
    options: &[(&str, T)],
) -> Result<T, ApiError> {
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

/// The parameter `limit`: from 1 to `most`.
///
/// # Errors
/// 400 for anything else.
pub(super) fn limit(params: &Params, default: usize, most: usize) -> Result<usize, ApiError> {
    let Some(text) = params.get("limit") else { return Ok(default) };
    text.parse().ok().filter(|limit| (1..=most).contains(limit)).ok_or_else(|| {
        let detail = format!("`limit`: `{text}` is not an integer from 1 to {most}");
        ApiError::new(ProblemKind::BadLimit, detail)
    })
}
