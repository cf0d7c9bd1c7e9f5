//! Every route of `/api/v1`, in JSON and in protobuf. Expected numbers are Pyroscope's for the same profiles
//! (`testdata/pyroscope`).

use crate::server::{CPU, NOW_S, Server};
use axum::http::{StatusCode, header};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::formats::{firefox, folded, pprof, speedscope};
use flarepath_profile::origin::{Origin, origins};
use flarepath_profile::own_code::OwnCode;
use flarepath_wire::messages::*;
use serde_json::json;
use std::io::Read;

const SHOP: (&str, &str) = ("selector", "{service_name=\"shop\"}");
const MINUTE: [(&str, &str); 2] = [("from", "now-1m"), ("until", "now")];

fn shop(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    [&[SHOP, ("type", CPU)], &MINUTE[..], more].concat()
}

#[tokio::test]
async fn instance_has_version_and_warnings() {
    let server = Server::with(|app| app.warning("look out"));
    let answer = server.get("/api/v1/instance", &[]).await;
    let expected = json!({
        "version": env!("CARGO_PKG_VERSION"), "warnings": ["look out"], "sign_in": false, "claimed": true,
        "needs_setup_token": false, "password_sign_in": true
    });
    assert_eq!(answer.json(), expected);
    let message: InstanceResponse = server.message("/api/v1/instance", &[]).await;
    assert_eq!(message.warnings, ["look out"]);
}

#[tokio::test]
async fn lists_services_with_types_series_and_newest_profile() {
    let server = Server::recorded().await;
    let answer = server.get("/api/v1/services", &MINUTE).await.json();
    let names: Vec<_> = answer["services"].as_array().unwrap().iter().map(|s| s["name"].clone()).collect();
    assert_eq!(names, ["mail", "shop"]);
    let message: ServicesResponse = server.message("/api/v1/services", &MINUTE).await;
    let shop = &message.services[1];
    assert_eq!(shop.profile_types, [CPU, "process_cpu:samples:count:cpu:nanoseconds"]);
    assert_eq!(shop.newest_ms, (NOW_S - 15) * 1000);
    assert_eq!(serde_json::to_value(&message).unwrap(), answer);
    let none = server.get("/api/v1/services", &[("until", "now-1d")]).await.json();
    assert_eq!(none, json!({ "services": [] }));
}

#[tokio::test]
async fn finds_services_by_name() {
    let server = Server::recorded().await;
    for (text, limit, expected) in [
        ("SHO", "1000", vec!["shop"]),
        ("ai", "5", vec!["mail"]),
        ("sp", "5", vec!["shop"]),
        ("", "1", vec!["mail"]),
        ("warehouse", "5", vec![]),
    ] {
        let asked = [MINUTE[0], MINUTE[1], ("q", text), ("limit", limit)];
        let found: ServicesResponse = server.message("/api/v1/services", &asked).await;
        let names: Vec<&str> = found.services.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, expected, "{text}");
    }
    for limit in ["0", "1001", "many"] {
        let refused = server.get("/api/v1/services", &[("limit", limit)]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{limit}");
    }
}

#[tokio::test]
async fn filters_catalog_by_selector() {
    let server = Server::recorded().await;
    let types: ProfileTypesResponse = server.message("/api/v1/profile-types", &MINUTE).await;
    assert_eq!(types.profile_types, [CPU, "process_cpu:samples:count:cpu:nanoseconds"]);
    let names = server.get("/api/v1/labels", &[SHOP]).await.json();
    let listed: Vec<_> = names["names"].as_array().unwrap().iter().map(|n| n["text"].clone()).collect();
    assert_eq!(listed, ["endpoint", "pod", "region", "service_name", "version"]);
    let pods: LabelValuesResponse = server.message("/api/v1/labels/pod/values", &[SHOP]).await;
    let pods: Vec<&str> = pods.values.iter().map(|v| v.text.as_str()).collect();
    assert_eq!(pods, ["shop-0", "shop-1", "shop-2"]);
    let absent = server.get("/api/v1/labels/nope/values", &[SHOP]).await.json();
    assert_eq!(absent, json!({ "values": [] }));
}

#[tokio::test]
async fn sums_series_by_step_and_label() {
    let server = Server::recorded().await;
    let answer: SeriesResponse = server.message("/api/v1/series", &shop(&[("step", "15s")])).await;
    assert_eq!((answer.step_ms, answer.unit.as_str()), (15_000, "nanoseconds"));
    assert_eq!(answer.series.len(), 1);
    assert_eq!(answer.series[0].values, [660e6, 1080e6, 1860e6, 2280e6]);
    assert_eq!(answer.series[0].times_ms, [60, 45, 30, 15].map(|before| (NOW_S - before) * 1000));
    let by: SeriesResponse = server.message("/api/v1/series", &shop(&[("step", "60"), ("by", "pod")])).await;
    let lines: Vec<(&str, f64)> =
        by.series.iter().map(|s| (s.labels[0].value.as_str(), s.values[0])).collect();
    assert_eq!(lines, [("shop-2", 2000e6), ("shop-1", 1960e6), ("shop-0", 1920e6)]);
    let json = server.get("/api/v1/series", &shop(&[("step", "60"), ("by", "pod,version")])).await.json();
    assert_eq!(json["series"][0]["labels"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn series_tell_what_profiles_cover_in_each_bucket() {
    let server = Server::recorded().await;
    let plain: SeriesResponse = server.message("/api/v1/series", &shop(&[("step", "15s")])).await;
    assert_eq!(plain.covered, None);
    let asked = shop(&[("step", "15s"), ("covered", "true")]);
    let answer: SeriesResponse = server.message("/api/v1/series", &asked).await;
    assert_eq!(answer.series, plain.series);
    let covered = answer.covered.unwrap();
    assert_eq!(covered.times_ms, answer.series[0].times_ms);
    // Three replicas, whose profiles cover fifteen seconds each.
    assert_eq!((covered.replicas, covered.replica_ms), (3, vec![45_000; 4]));
    assert_eq!(covered.range_ms, [15_000; 4]);
    let tree: CallTreeResponse = server.message("/api/v1/call-tree", &shop(&[])).await;
    assert_eq!(covered.profiles.iter().sum::<u64>(), tree.profiles);
}

#[tokio::test]
async fn aligned_series_hold_what_is_in_the_range_and_nothing_else() {
    let server = Server::recorded().await;
    // Without the first of the four profiles of each replica; the first bucket begins ten seconds before the range.
    let from = (NOW_S - 50).to_string();
    let shape = [("from", from.as_str()), ("step", "40s"), ("aligned", "true"), ("covered", "true")];
    let asked = [&[SHOP, ("type", CPU)], &shape[..]].concat();
    let answer: SeriesResponse = server.message("/api/v1/series", &asked).await;
    let edges = [60, 20].map(|before| (NOW_S - before) * 1000);
    assert_eq!((&answer.series[0].times_ms[..], edges[0] % 40_000), (&edges[..], 0));
    assert_eq!(answer.series[0].values, [1080e6 + 1860e6, 2280e6]);
    let covered = answer.covered.unwrap();
    assert_eq!((covered.times_ms, covered.replica_ms), (edges.to_vec(), vec![90_000, 45_000]));
}

#[tokio::test]
async fn call_tree_is_complete_in_both_formats() {
    let server = Server::recorded().await;
    let answer: CallTreeResponse = server.message("/api/v1/call-tree", &shop(&[])).await;
    assert_eq!(
        (answer.unit.as_str(), answer.service_known, answer.profile_type_known),
        ("nanoseconds", true, true)
    );
    assert!(answer.profiles >= 12, "{}", answer.profiles);
    // Four profiles of fifteen seconds each.
    assert_eq!((answer.replicas, answer.replica_ms), (3, 180_000));
    let json: CallTreeResponse =
        serde_json::from_slice(&server.get("/api/v1/call-tree", &shop(&[])).await.body).unwrap();
    assert_eq!(json, answer);
    let columns = answer.tree.unwrap();
    let sent = columns.origins().unwrap();
    let tree = CallTree::try_from(columns).unwrap();
    assert_eq!(sent, origins(tree.frames(), &OwnCode::guess(tree.frames())));
    assert!(
        [Origin::Own, Origin::Runtime, Origin::Memory].iter().all(|origin| sent.contains(origin)),
        "{sent:?}"
    );
    assert_eq!(tree.total(NodeId::ROOT), 5_880_000_000);
    let top: Vec<(&str, i64)> = tree.children(NodeId::ROOT).map(|n| (tree.name(n), tree.total(n))).collect();
    assert_eq!(top, [("main.main", 5_760_000_000), ("runtime.gcBgMarkWorker", 120_000_000)]);
}

#[tokio::test]
async fn filters_call_tree_by_path_and_span() {
    let server = Server::recorded().await;
    for focus in [
        vec![("focus", "main.main"), ("focus", "net/http.(*conn).serve")],
        vec![("focus", "[\"main.main\",\"net/http.(*conn).serve\"]")],
    ] {
        let answer: CallTreeResponse = server.message("/api/v1/call-tree", &shop(&focus)).await;
        let columns = answer.tree.unwrap();
        assert_eq!(columns.origins().unwrap().len(), columns.frame_name.len());
        let tree = CallTree::try_from(columns).unwrap();
        assert_eq!(tree.total(NodeId::ROOT), 5_640_000_000);
    }
    let span: CallTreeResponse =
        server.message("/api/v1/call-tree", &shop(&[("spans", "00f067aa0ba902b7")])).await;
    assert_eq!((span.replicas, span.replica_ms), (3, 180_000), "of all profiles");
    let tree = CallTree::try_from(span.tree.unwrap()).unwrap();
    assert_eq!(tree.total(NodeId::ROOT), 120_000_000);
}

#[tokio::test]
async fn empty_results_tell_whether_names_are_known() {
    let server = Server::recorded().await;
    let known = async |selector: &'static str, profile_type: &'static str| {
        let params = [("selector", selector), ("type", profile_type), ("until", "now-1d")];
        let mut known = Vec::new();
        for path in ["/api/v1/call-tree", "/api/v1/series", "/api/v1/top-functions"] {
            let answer = server.get(path, &params).await;
            assert_eq!(answer.status, StatusCode::OK);
            let json = answer.json();
            known.push((
                json["service_known"].as_bool().unwrap(),
                json["profile_type_known"].as_bool().unwrap(),
            ));
        }
        assert!(known.iter().all(|k| *k == known[0]), "{known:?}");
        known[0]
    };
    assert_eq!(known("{service_name=\"shop\"}", CPU).await, (true, true));
    assert_eq!(known("{service_name=\"none\"}", CPU).await, (false, false));
    assert_eq!(known("{service_name=\"shop\"}", "memory:inuse_space:bytes:space:bytes").await, (true, false));
    assert_eq!(known("{}", CPU).await, (true, true));
}

#[tokio::test]
async fn sorts_and_limits_top_functions() {
    let server = Server::recorded().await;
    let all: TopFunctionsResponse = server.message("/api/v1/top-functions", &shop(&[])).await;
    assert_eq!((all.total, all.function_count), (5_880_000_000, all.functions.len() as u64));
    assert_eq!(all.functions[0].name, "shop/pricing.Discount");
    assert_eq!((all.functions[0].self_value, all.functions[0].total), (3_000_000_000, 4_920_000_000));
    assert!(all.functions.is_sorted_by(|a, b| a.self_value >= b.self_value));
    // `Total` is recursive: it counts once, not three times.
    let total = all.functions.iter().find(|f| f.name == "shop/cart.(*Cart).Total").unwrap();
    assert_eq!(total.total, 5_280_000_000);
    let two = server.get("/api/v1/top-functions", &shop(&[("limit", "2"), ("sort", "total")])).await.json();
    assert_eq!(two["functions"].as_array().unwrap().len(), 2);
    assert_eq!(two["functions"][0]["name"], "main.main");
    assert_eq!(two["function_count"], all.function_count);
    let named: TopFunctionsResponse =
        server.message("/api/v1/top-functions", &shop(&[("sort", "name")])).await;
    assert!(named.functions.is_sorted_by(|a, b| a.name <= b.name));
}

#[tokio::test]
async fn exports_are_readable() {
    let server = Server::recorded().await;
    let export = async |format| {
        let answer = server.get("/api/v1/export", &shop(&[("format", format)])).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(answer.header(header::CONTENT_DISPOSITION).starts_with("attachment; filename=\"shop-cpu-"));
        answer
    };
    let answer = export("pprof").await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/gzip");
    assert_eq!(answer.header(header::CONTENT_ENCODING), "");
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(answer.body.as_slice()).read_to_end(&mut plain).unwrap();
    let (profile, _) = pprof::read(&plain).unwrap();
    assert_eq!(profile.samples.total(0), 5_880_000_000);
    assert!(profile.mappings.iter().any(|m| profile.str(m.build_id).starts_with("0f1e2d3c")));
    let (folded, _) = folded::read(&export("folded").await.body).unwrap();
    assert_eq!(folded.samples.total(0), 5_880_000_000);
    let speedscope = speedscope::read(&export("speedscope").await.body).unwrap();
    assert_eq!(speedscope[0].profile.samples.total(0), 5_880_000_000);
    let firefox = firefox::processed::read(&export("firefox").await.body).unwrap();
    assert_eq!((&*firefox[0].name, firefox.len()), ("shop cpu · shop cpu 0", 1));
    let profile = &firefox[0].profile;
    assert_eq!(profile.samples.total(0), 5_880_000_000);
    assert!(profile.mappings.iter().any(|m| profile.str(m.build_id).starts_with("0f1e2d3c")));
    let nothing = server.get("/api/v1/export", &shop(&[("until", "now-1d"), ("from", "now-2d")][..0])).await;
    assert_eq!(nothing.status, StatusCode::OK);
    let nothing = server.get("/api/v1/export", &[("type", CPU), ("until", "now-1d")]).await;
    assert_eq!((nothing.status, nothing.json()["type"].clone()), (StatusCode::NOT_FOUND, json!("no-data")));
}

#[tokio::test]
async fn results_include_acknowledged_pushes() {
    let server = Server::recorded().await;
    let total = async || {
        let answer: TopFunctionsResponse = server.message("/api/v1/top-functions", &shop(&[])).await;
        answer.total
    };
    let before = total().await;
    assert_eq!(total().await, before);
    let labels =
        json!([{ "name": "__name__", "value": "process_cpu" }, { "name": "service_name", "value": "shop" }]);
    server.push(labels, &crate::server::testdata("input/shop-0-0.pb.gz")).await;
    assert_eq!(total().await - before, 210_000_000);
}

#[tokio::test]
async fn serves_health_readiness_and_metrics() {
    let server = Server::empty();
    assert_eq!(server.get("/healthz", &[]).await.text(), "ok\n");
    assert_eq!(server.get("/readyz", &[]).await.text(), "ready\n");
    let metrics = server.get("/metrics", &[]).await;
    assert_eq!(metrics.status, StatusCode::OK);
    assert!(metrics.header(header::CONTENT_TYPE).starts_with("text/plain; version=0.0.4"));
}
