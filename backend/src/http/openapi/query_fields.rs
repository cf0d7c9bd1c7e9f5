//! The part of [`super::field_table`] about profiles, queries and shares.

use super::field_rules::{Rules, example, examples, one_of};
use crate::auth::own_code;
use crate::http::routes::params::CPU;
use crate::indicators::Indicator;
use crate::markers::{KINDS, Source, draft};
use crate::sharing::{Visibility, annotations, create, title};
use serde_json::{Value, json};

const LINK: &str = "0123456789abcdefghjkmnpqrstvwxyz";
const HASH: &str = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";

pub(super) fn rules() -> Rules {
    let of_queries =
        [profiles(), trees(), verdicts(), breakdowns(), overviews(), indicators(), own_code(), markers()];
    let all = of_queries.into_iter().chain([shares(), share_requests(), pyroscope()]);
    all.flatten().collect()
}

fn profiles() -> Rules {
    vec![
        ("Service.name", example("checkout")),
        ("service", example("checkout")),
        ("profile_types", example(CPU)),
        ("profile_type", example(CPU)),
        ("text", example("region")),
        ("LabelPair.name", example("region")),
        ("value", example("eu")),
        ("unit", example("nanoseconds")),
        ("bin_unit", example("")),
        ("Series.values", json!({ "examples": [[1.5e9]] })),
        ("file", example("src/main.rs")),
        ("FunctionLine.line", example(42)),
        ("self_value", example(250_000_000)),
        ("total", example(1_500_000_000)),
        ("covered_ms", example(3_600_000)),
        ("TopFunction.name", example("main")),
        ("HeatmapRow.name", example("main")),
        ("HeatmapResponse.per", one_of(["", "second", "profile"])),
        ("PushResponse.rejected", json!({ "examples": [[]] })),
        ("PushResponse.notes", json!({ "examples": [[]] })),
    ]
}

/// A root with one child.
fn trees() -> Rules {
    let pair = |first: i64, second: i64| json!({ "examples": [[first, second]] });
    vec![
        ("CallTreeColumns.strings", json!({ "examples": [["", "main", "src/main.rs"]] })),
        ("CallTreeColumns.frame_name", pair(0, 1)),
        ("CallTreeColumns.frame_file", pair(0, 2)),
        ("CallTreeColumns.frame_line", pair(0, 12)),
        ("CallTreeColumns.frame_mapping", pair(0, 0)),
        ("CallTreeColumns.frames_without_symbol", json!({ "examples": [[]] })),
        ("CallTreeColumns.frame_origin", pair(6, 0)),
        ("CallTreeColumns.node_frame", pair(0, 1)),
        ("CallTreeColumns.node_children", pair(1, 0)),
        ("CallTreeColumns.node_self", pair(0, 250_000_000)),
        ("DiffColumns.comparison_self", pair(0, 300_000_000)),
    ]
}

fn verdicts() -> Rules {
    let headline = "CPU use per replica is 16 % higher in version 2 than in version 1: 0.074 cores instead of 0.064 cores (95 % \
                    interval: +8.7 % to +23 %).";
    vec![
        ("headline", example(headline)),
        ("sentences", example(headline)),
        ("outcome", one_of(["changed", "unchanged", "too-little-data", "not-comparable"])),
        ("relation", one_of(["versions", "times", "values", "selections"])),
        ("per", one_of(["second", "profile", "work"])),
        ("only_share", example("main")),
        ("notes", example("no data a week earlier to confirm it")),
        ("VerdictFigure.before", example(0.4)),
        ("VerdictFigure.after", example(0.5)),
        ("VerdictFunction.name", example("parse_cart")),
        ("VerdictNumber.text", example("+16 %")),
        ("VerdictNumber.label", example("CPU use per replica")),
        ("called_by", example("handle_order")),
        ("deepest", example("Regex::new")),
        ("moved_from", example("")),
        ("own_functions", json!({ "examples": [0] })),
        ("side", one_of(["baseline", "comparison"])),
    ]
}

fn own_code() -> Rules {
    vec![
        ("of", one_of(own_code::KINDS)),
        (
            "OwnCodePattern.text",
            json!({ "minLength": 1, "maxLength": own_code::MAX_PATTERN_CHARS, "examples": ["shop::"] }),
        ),
        (
            "OwnCodeDraft.patterns",
            json!({ "maxItems": own_code::MAX_PATTERNS, "examples": [[{ "of": "name", "text": "shop::" }]] }),
        ),
        ("OwnCodeDraft.service", json!({ "minLength": 1, "examples": ["checkout"] })),
        ("OwnCodesResponse.next", example("checkout")),
        ("changed_by", example("ann")),
        ("changed_at_ns", example(1_795_227_540_000_000_000_i64)),
    ]
}

fn markers() -> Rules {
    let sources = [Source::Posted, Source::Inferred, Source::Both].map(Source::name);
    let bounded = |most: usize, text: &str| json!({ "maxLength": most, "examples": [text] });
    vec![
        ("Marker.kind", one_of(KINDS)),
        ("Marker.selector", example("{region=\"eu\"}")),
        ("Marker.version", example("v2")),
        ("Marker.text", example("canary in eu")),
        ("Marker.url", example("https://ci.example.org/runs/7")),
        ("Marker.source", one_of(sources)),
        ("Marker.created_by", example("ci")),
        ("Marker.deletable", example(true)),
        ("MarkerDraft.kind", one_of(KINDS)),
        ("MarkerDraft.time", example("now-5m")),
        ("MarkerDraft.selector", example("{region=\"eu\"}")),
        ("MarkerDraft.version", bounded(draft::MAX_VERSION_CHARS, "v2")),
        ("MarkerDraft.text", bounded(draft::MAX_TEXT_CHARS, "canary in eu")),
        ("MarkerDraft.url", bounded(draft::MAX_URL_CHARS, "https://ci.example.org/runs/7")),
        ("MarkerDraft.idempotency_key", bounded(draft::MAX_KEY_CHARS, "run-7")),
        ("next_cursor", example("1795227540000000000-01h455vb4pex5vsknk084sn02q")),
        ("MarkersResponse.note", example("")),
    ]
}

fn breakdowns() -> Rules {
    let outcomes = ["odd", "usual", "too-little-data", "other-time", "no-others", "not-compared"];
    vec![
        ("BreakdownResponse.label", example("pod")),
        ("BreakdownResponse.per", one_of(["second", "profile"])),
        ("BreakdownResponse.total", example(5.4e12)),
        ("BreakdownResponse.next", example("1-41d65a0bc0000000-shop-1")),
        ("BreakdownRow.value", example("shop-4")),
        ("BreakdownRow.total", example(7.2e11)),
        ("BreakdownRow.outcome", one_of(outcomes)),
        ("sentence", example("42 % more than the median of the 8 others (95 % interval: +35 % to +49 %).")),
        ("relative", example(0.42)),
    ]
}

fn overviews() -> Rules {
    let states = [
        "regressed",
        "improved",
        "changed",
        "unchanged",
        "too-little-data",
        "not-comparable",
        "silent",
        "pending",
    ];
    let sentence = "CPU use per replica is 38 % higher in version 2 than in version 1: 0.29 cores instead of 0.21 cores (95 % interval: +31 % \
                    to +45 %). The largest cause is `Regex::new`: 0.07 cores more (0.08 cores instead of 0.01 cores; 27.6 % instead of 4.8 % of \
                    the total).";
    let brief = "The largest cause is `Regex::new`. CPU use per replica is 38 % higher in version 2 than in version 1.";
    let sparkline = json!({
        "items": { "type": ["number", "null"], "format": "double" }, "examples": [[1.25, null, 1.5]],
    });
    vec![
        (
            "OverviewResponse.next_cursor",
            example("18e9d5b6f3a40000-0-3fe0000000000000-3ff8000000000000-checkout"),
        ),
        ("OverviewRow.state", one_of(states)),
        ("OverviewRow.sentence", example(sentence)),
        ("OverviewRow.brief", example(brief)),
        ("OverviewRow.sparkline", sparkline),
        ("OverviewRow.baseline", example("version 1")),
        ("top_function", example("Regex::new")),
    ]
}

fn indicators() -> Rules {
    let kinds = [
        "unreachable",
        "denied",
        "timeout",
        "not-prometheus",
        "bad-query",
        "too-large",
        "failed",
        "secret",
        "bounds",
    ];
    vec![
        ("IndicatorsResponse.state", one_of(["found", "not-configured", "no-source"])),
        ("IndicatorsResponse.sentence", example("")),
        ("IndicatorsResponse.source", example("prod")),
        ("indicator", one_of(Indicator::ALL.map(Indicator::name))),
        ("IndicatorPanel.unit", example("requests/s")),
        ("template", example("otel-http")),
        (
            "IndicatorPanel.query",
            example("sum(rate(http_server_request_duration_seconds_count{job=~\"(.+/)?checkout\"}[60s]))"),
        ),
        ("IndicatorPanel.warnings", json!({ "examples": [[]] })),
        ("pod", example("checkout-0")),
        ("failure_kind", one_of(kinds)),
        ("slo", example("availability")),
        ("objective", example(0.999)),
        ("budget_left", example(0.75)),
        ("SloPanel.source", example("sloth: checkout.yaml")),
        ("urgency", one_of(["page", "ticket"])),
        ("ServiceMetricsResponse.state", one_of(["found", "not-configured"])),
        ("ServiceMetricsResponse.sentence", example("")),
        ("cpu_of_limit_pod", example("checkout-0")),
        ("ServiceMetrics.urgency", one_of(["", "page", "ticket"])),
    ]
}

fn shares() -> Rules {
    let mut rules = examples("Checkout is slow", &["title"]);
    rules.extend(examples(HASH, &["snapshot"]));
    rules.extend([
        ("note", example("Since version 2")),
        ("verdict", example("parse_cart: 14.2 % of CPU (self)")),
        ("visibility", one_of(Visibility::ALL.map(Visibility::name).into_iter().rev())),
        ("Share.kind", one_of(["explore", "compare", "heatmap", "local"])),
        ("Share.state", one_of(["active", "expired", "revoked", "purged"])),
        ("policy", one_of(["strict", "light"])),
        ("derived_from", example("")),
        ("link_id", example(LINK)),
        ("path", example(format!("/s/{LINK}"))),
        ("address", example(format!("https://flarepath.example.org/s/{LINK}"))),
        ("view", example("mode=icicle")),
        ("ShareView.name", example("Fig. 1")),
        ("ShareView.state", example("mode=icicle")),
        ("ShareAnnotation.text", example("New in version 2")),
        ("rule", example("e-mail address")),
        ("ReportLine.examples", json!({ "examples": [["e-mail address in a function name"]] })),
        ("notable_names", json!({ "examples": ["handle_4f1c"] })),
        ("labels_kept", example("service_name")),
        ("labels_hashed", example("pod")),
        ("labels_dropped", example("user")),
        ("label", example("baseline")),
        ("thread", example("main")),
        ("versions", example("2")),
        ("sampling_unit", example("nanoseconds")),
        ("profilers", example("runtime go go1.26.8")),
        ("sample_types", example("cpu (nanoseconds)")),
        ("function", example("main")),
    ]);
    rules
}

fn share_requests() -> Rules {
    let query = format!("type={CPU}&selector={{service_name=\"checkout\"}}&from=now-1h");
    let title = json!({ "maxLength": title::MAX_TITLE_CHARS, "examples": ["Checkout is slow"] });
    let note = json!({ "maxLength": create::MAX_NOTE_CHARS, "examples": ["Since version 2"] });
    vec![
        (
            "CreateShareRequest",
            json!({ "examples": [{
                "title": "Checkout is slow", "visibility": "org", "expires_in": "30d",
                "source": { "kind": "explore", "query": query },
            }] }),
        ),
        ("CreateShareRequest.title", title.clone()),
        ("CreateShareRequest.note", note.clone()),
        (
            "CreateShareRequest.visibility",
            json!({ "enum": ["", "private", "team", "org", "link"], "default": "" }),
        ),
        ("ChangeShareRequest.title", title),
        ("ChangeShareRequest.note", note),
        (
            "ChangeShareRequest",
            json!({ "examples": [{ "version": 1, "title": "Checkout is slow", "expires_in": "30d" }] }),
        ),
        ("expires_in", example("30d")),
        ("ShareSource.kind", one_of(["explore", "compare", "heatmap"])),
        ("ShareSource.query", example(query)),
        ("ShareSource.selection", example("")),
        ("ShareSource.second_selection", example("")),
        ("BulkShareRequest.action", one_of(["revoke", "transfer"])),
        ("to", example("ben")),
        ("ShareView", json!({ "examples": [{ "number": 1, "name": "Fig. 1", "state": "mode=icicle" }] })),
        (
            "ShareAnnotation.path",
            json!({ "maxItems": annotations::MAX_DEPTH, "examples": [["main", "serve"]] }),
        ),
    ]
}

fn pyroscope() -> Rules {
    let formats = ["FLAMEGRAPH", "UNSPECIFIED", "TREE", "PPROF"].map(|name| format!("PROFILE_FORMAT_{name}"));
    let format = json!({ "type": "string", "enum": formats, "format": null, "description": "Or its number" });
    vec![
        ("pyroscope.Int64", example("1795227540000")),
        ("profileTypeID", example(CPU)),
        ("labelSelector", example("{service_name=\"checkout\"}")),
        ("matchers", example("{service_name=\"checkout\"}")),
        ("labelNames", example("region")),
        ("groupBy", example("region")),
        ("names", example("region")),
        ("step", example(60.0)),
        ("spanSelector", example("00f067aa0ba902b7")),
        ("pyroscope.StacktracesRequest.start", example("1795223940000")),
        ("pyroscope.StacktracesRequest.maxNodes", example("8192")),
        ("pyroscope.StacktracesRequest.format", format.clone()),
        ("pyroscope.StacktracesRequest.profileIdSelector", Value::Null),
        ("pyroscope.StacktracesRequest.traceIdSelector", Value::Null),
        ("pyroscope.SpanProfileRequest.maxNodes", example("8192")),
        ("pyroscope.SpanProfileRequest.format", format),
        ("pyroscope.MergeProfileRequest.profileIdSelector", Value::Null),
        ("pyroscope.MergeProfileRequest.traceIdSelector", Value::Null),
        ("pyroscope.MergeProfileRequest.stackTraceSelector", Value::Null),
        ("pyroscope.SelectSeriesRequest.start", example("1795223940000")),
        ("pyroscope.SelectSeriesRequest.limit", example("10")),
        ("pyroscope.SelectSeriesRequest.stackTraceSelector", Value::Null),
        ("pyroscope.StackTraceSelector.callSite", json!({ "examples": [[]] })),
        ("pyroscope.CallSite.name", example("main")),
        ("pyroscope.LabelPair.name", example("region")),
        ("pyroscope.LabelValuesRequest.name", example("region")),
        ("pyroscope.PointMessage.value", example(1.5e9)),
        ("pyroscope.ProfileTypeMessage.name", example("process_cpu")),
        ("ID", example(CPU)),
        ("sampleType", example("cpu")),
        ("sampleUnit", example("nanoseconds")),
        ("periodType", example("cpu")),
        ("periodUnit", example("nanoseconds")),
        ("tree", example("")),
        ("stringTable", example("main")),
    ]
    .into_iter()
    .chain(pyroscope_answers())
    .collect()
}

/// Merged stacks: a root with one child.
fn pyroscope_answers() -> Rules {
    let (names, total) = (["total", "main"], "42");
    let graph = json!({
        "names": names, "total": total, "maxSelf": total,
        "levels": [{ "values": ["0", "42", "0", "0"] }, { "values": ["0", "42", "42", "1"] }],
    });
    let both = json!({
        "names": names, "total": "84", "maxSelf": total, "leftTicks": total, "rightTicks": total,
        "levels": [
            { "values": ["0", "42", "0", "0", "42", "0", "0"] },
            { "values": ["0", "42", "42", "0", "42", "42", "1"] },
        ],
    });
    let pprof = json!({
        "sampleType": [{ "type": "1", "unit": "2" }],
        "sample": [{ "locationId": ["1"], "value": ["42"] }],
        "location": [{ "id": "1", "line": [{ "functionId": "1" }] }],
        "function": [{ "id": "1", "name": "3" }],
        "stringTable": ["", "cpu", "nanoseconds", "main"],
    });
    vec![
        ("pyroscope.StacktracesResponse", json!({ "examples": [{ "flamegraph": graph }] })),
        ("pyroscope.DiffResponse", json!({ "examples": [{ "flamegraph": both }] })),
        ("pyroscope.Profile", json!({ "examples": [pprof] })),
    ]
}
