//! Parameters that many routes take, and the failures that many have.

use crate::http::doc::Param;

pub(super) const SELECTOR: Param = Param::query(
    "selector",
    "Which series, as Prometheus writes it, with the operators =, !=, =~ and !~ (default `{}`: all)",
    "{service_name=\"flarepath\"}",
);
pub(super) const FROM: Param = Param::query(
    "from",
    "Start of the range, included: RFC 3339, a Unix time in s, ms, µs or ns, or `now-1h30m` (default: an hour before `until`)",
    "now-1h",
);
pub(super) const UNTIL: Param =
    Param::query("until", "End of the range, excluded; written as `from` is (default `now`)", "now");
pub(super) const TYPE: Param = Param::query(
    "type",
    "Profile type, as name:sample_type:sample_unit:period_type:period_unit",
    "process_cpu:cpu:nanoseconds:cpu:nanoseconds",
)
.required();
pub(super) const SPANS: Param = Param::query(
    "spans",
    "Only samples of these spans: ids of 16 hexadecimal digits, repeated or separated by commas",
    "00f067aa0ba902b7",
)
.repeated();

pub(super) const QUERY_ERRORS: &[(u16, &str)] = &[
    (400, "A parameter is unknown, missing or malformed; `position` says where in its text"),
    (406, "Neither JSON nor protobuf is acceptable to the caller"),
    (500, "Storage failed"),
    (503, "Storage cannot take more right now"),
    (504, "The question took too long; ask for a shorter range"),
];
