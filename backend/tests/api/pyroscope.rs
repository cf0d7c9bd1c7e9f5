//! Responses of `querier.v1`, compared with those of Pyroscope 2.2.1 to the same requests with the same profiles.

use crate::server::{Answer, Server, testdata};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use flarepath_profile::formats::pprof;
use flarepath_profile::profile::Profile;
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Sends the request recorded in `name`.json; returns the response and the recorded one.
async fn replay(server: &Server, name: &str) -> (Answer, Value) {
    let recorded: Value = serde_json::from_slice(&testdata(&format!("{name}.json"))).unwrap();
    let path = format!("/{}", recorded["method"].as_str().unwrap());
    let answer = server.post(&path, "application/json", recorded["request"].to_string()).await;
    assert_eq!(
        answer.status.as_u16(),
        recorded["status"].as_u64().unwrap() as u16,
        "{name}: {}",
        answer.text()
    );
    (answer, recorded["response"].clone())
}

/// Normalizes numbers: Connect's JSON writes whole doubles without a decimal point, serde with one.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        other => other.clone(),
    }
}

#[rstest]
#[case("merge_flamegraph")]
#[case("merge_flamegraph_4_nodes")]
#[case("merge_nothing")]
#[case("merge_regex_selector")]
#[case("merge_span")]
#[case("merge_span_deprecated")]
#[case("merge_call_site")]
#[case("merge_tree")]
#[case("series")]
#[case("series_average")]
#[case("series_by_pod")]
#[case("series_limit_1")]
#[case("series_by_service_and_type")]
#[case("label_names")]
#[case("label_names_matched")]
#[case("label_values_absent")]
#[case("label_values_pod")]
#[case("profile_types")]
#[case("profile_types_no_time")]
#[case("diff")]
#[tokio::test]
async fn matches_recorded_responses(#[case] name: &str) {
    let server = Server::recorded().await;
    let (answer, recorded) = replay(&server, name).await;
    assert_eq!(plain(&answer.json()), plain(&recorded));
}

#[rstest]
#[case("error_bad_selector")]
#[case("error_bad_type")]
#[case("error_end_before_start")]
#[case("error_max_nodes")]
#[case("error_no_time")]
#[tokio::test]
async fn matches_recorded_error_codes(#[case] name: &str) {
    let (answer, recorded) = replay(&Server::empty(), name).await;
    assert_eq!(answer.json()["code"], recorded["code"]);
    assert!(answer.json()["message"].as_str().unwrap().len() > 20);
}

#[rstest]
#[case("merge_flamegraph")]
#[case("merge_tree")]
#[tokio::test]
async fn matches_recorded_protobuf_bytes(#[case] name: &str, #[values(false, true)] gzip: bool) {
    let server = Server::recorded().await;
    let mut body = testdata(&format!("{name}.request.pb"));
    let mut request = Request::post("/querier.v1.QuerierService/SelectMergeStacktraces")
        .header(header::CONTENT_TYPE, "application/proto");
    if gzip {
        body = gzipped(&body);
        request = request.header(header::CONTENT_ENCODING, "gzip");
    }
    let answer = server.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/proto");
    assert_eq!(answer.body, testdata(&format!("{name}.response.pb")));
}

/// Values by stack, each stack as `leaf;…;root`, inlined lines included.
fn stacks(profile: &Profile) -> BTreeMap<String, i64> {
    let mut stacks = BTreeMap::new();
    for i in 0..profile.samples.len() {
        let locations = profile.stacks.get(profile.samples.stack(i)).iter();
        let lines = locations.flat_map(|l| profile.locations.get(l.index()).lines);
        let names: Vec<&str> =
            lines.map(|l| profile.str(profile.functions[l.function.index()].name)).collect();
        *stacks.entry(names.join(";")).or_default() += profile.samples.values(i)[0];
    }
    stacks
}

#[tokio::test]
async fn merged_profile_matches_the_recorded_stacks() {
    let server = Server::recorded().await;
    let request = testdata("merge_profile.request.pb");
    let answer =
        server.post("/querier.v1.QuerierService/SelectMergeProfile", "application/proto", request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let (ours, _) = pprof::read(&answer.body).unwrap();
    let (theirs, _) = pprof::read(&testdata("merge_profile.response.pb")).unwrap();
    assert_eq!(stacks(&ours), stacks(&theirs));
    let (whole, recorded) = replay(&server, "merge_profile").await;
    assert_eq!(values(&whole.json()), values(&recorded));
    let (inside, recorded) = replay(&server, "merge_pprof_format").await;
    assert_eq!(values(&inside.json()["pprof"]["profile"]), values(&recorded["pprof"]["profile"]));
}

/// The sum of all values of a profile in JSON, where they are strings.
fn values(profile: &Value) -> i64 {
    let samples = profile["sample"].as_array().unwrap().iter();
    samples.map(|sample| sample["value"][0].as_str().unwrap().parse::<i64>().unwrap()).sum()
}

#[tokio::test]
async fn selects_by_internal_labels() {
    let server = Server::recorded().await;
    let pods = async |selector: &str| {
        let request = json!({ "name": "pod", "matchers": [selector], "start": "1795227480000", "end": "1795227540000" });
        let path = "/querier.v1.QuerierService/LabelValues";
        let answer = server.post(path, "application/json", request.to_string()).await.json();
        answer["names"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(pods("{__profile_type__=\"process_cpu:cpu:nanoseconds:cpu:nanoseconds\"}").await, 6);
    assert_eq!(pods("{__name__=~\"process_.*\",__service_name__=\"mail\"}").await, 3);
    assert_eq!(pods("{__type__=\"inuse_space\"}").await, 0);
}

#[tokio::test]
async fn rejects_unsupported_requests() {
    let server = Server::recorded().await;
    let base = json!({
        "profileTypeID": "process_cpu:cpu:nanoseconds:cpu:nanoseconds", "labelSelector": "{}",
        "start": 1_795_227_480_000_i64, "end": 1_795_227_540_000_i64,
    });
    for (field, value) in [
        ("format", json!("PROFILE_FORMAT_DOT")),
        ("profileIdSelector", json!(["c72caafe-2f3c-4fe0-8ef9-1e535e4076f2"])),
        ("traceIdSelector", json!(["00f067aa0ba902b700f067aa0ba902b7"])),
    ] {
        let mut request = base.clone();
        request[field] = value;
        let path = "/querier.v1.QuerierService/SelectMergeStacktraces";
        let answer = server.post(path, "application/json", request.to_string()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str()),
            (501, Some("unimplemented")),
            "{field}"
        );
    }
    let path = "/querier.v1.QuerierService/LabelNames";
    assert_eq!(server.post(path, "text/plain", "{}").await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(server.post(path, "application/proto", vec![0xff; 9]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(server.post(path, "application/json", "{").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        server.post(path, "application/json", "{\"start\":\"x\"}").await.status,
        StatusCode::BAD_REQUEST
    );
    let bomb = gzipped(&vec![b' '; 4 << 20]);
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_ENCODING, "gzip");
    assert_eq!(server.send(request.body(Body::from(bomb)).unwrap()).await.status, StatusCode::BAD_REQUEST);
}

fn gzipped(plain: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}
