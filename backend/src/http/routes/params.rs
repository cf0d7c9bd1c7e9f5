//! Query parameters and errors that many routes share.

use crate::http::doc::Param;

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
    (503, "The store is overloaded"),
    (504, "The query timed out; request a shorter range"),
];
