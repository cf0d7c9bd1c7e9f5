//! Tests of translation, on recorded answers.

use super::translate::{answer, form};
use crate::indicators::grid::Grid;
use crate::indicators::source::{MetricSeries, SourceAnswer, SourceError};
use rstest::rstest;

const GRID: Grid = Grid { start_secs: 1_795_227_000, step_secs: 15, points: 5 };
const JSON: &str = "application/json";

macro_rules! recorded {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/metrics/", $name))
    };
}

fn read(body: &[u8]) -> (SourceAnswer, Vec<String>) {
    answer(200, JSON, body, GRID).unwrap()
}

fn refused(status: u16, content_type: &str, body: &[u8]) -> SourceError {
    answer(status, content_type, body, GRID).unwrap_err()
}

#[test]
fn a_form_has_the_query_and_both_ends() {
    let more = [("dedup".to_owned(), "true".to_owned()), ("a b".to_owned(), "c&d".to_owned())];
    assert_eq!(
        form("up{a=\"b&c\"}", GRID, &more).unwrap(),
        "query=up%7Ba%3D%22b%26c%22%7D&start=1795227000&end=1795227060&step=15&limit=500&dedup=true&a%20b=c%26d"
    );
}

#[test]
fn more_points_than_a_source_takes_are_not_asked_for() {
    let many = |points| form("up", Grid { points, ..GRID }, &[]);
    assert!(many(11_000).is_ok());
    assert_eq!(many(11_001).unwrap_err().kind(), "too-large");
}

#[test]
fn values_are_numbers_and_gaps() {
    let (answer, notes) = read(recorded!("request_rate.json"));
    let pods: Vec<&str> = answer.series.iter().map(|series| series.labels["pod"].as_str()).collect();
    assert_eq!(pods, ["pay-7d4b9c6f5b-x7k2p", "pay-7d4b9c6f5b-k9m4d"]);
    assert_eq!(answer.series[0].points, [(0, 12.5), (1, 12.5), (4, 0.0)]);
    assert_eq!(answer.series[1].points, [(0, 7.266666666666667), (4, 3e-5)]);
    assert_eq!(answer.warnings, ["infinite values are left out"]);
    assert!(notes.is_empty() && !answer.is_empty());
}

#[test]
fn native_histograms_count_their_observations() {
    let (answer, _) = read(recorded!("native_histogram.json"));
    assert_eq!(answer.series[0].points, [(0, 4.0), (1, 4.5), (2, 5.0)]);
    assert_eq!(answer.series[1].points, [(4, 2.0)]);
}

#[test]
fn warnings_are_passed_on_and_infos_are_for_the_log() {
    let (answer, notes) = read(recorded!("partial.json"));
    assert!(answer.warnings[0].starts_with("receive series from Addr: 10.1.0.7"), "{:?}", answer.warnings);
    assert!(notes[0].contains("might not be a counter"));
    assert!(read(recorded!("empty.json")).0.is_empty());
}

#[rstest]
#[case::bad_query(400, JSON, recorded!("bad_data.json"), "bad-query", "parse error")]
#[case::resolution(400, JSON, recorded!("resolution.json"), "too-large", "11,000 points")]
#[case::many_to_many(422, JSON, recorded!("many_to_many.json"), "bad-query", "duplicate series")]
#[case::limit(422, JSON, recorded!("mimir_limit.json"), "too-large", "err-mimir-max-series")]
#[case::its_own_time_limit(503, JSON, recorded!("query_timeout.json"), "failed", "gave up")]
#[case::html(200, "text/html; charset=utf-8", recorded!("sign_in.html"), "not-prometheus", "text/html")]
#[case::no_such_path(404, "text/plain; charset=utf-8", b"404 page not found", "not-prometheus", "status 404")]
#[case::redirect(302, "", b"", "not-prometheus", "redirect")]
#[case::proxy(502, "text/html", b"<html>", "unreachable", "status 502")]
#[case::too_often(429, "text/plain", b"", "failed", "too many requests")]
#[case::no_credentials(401, "text/plain", b"", "denied", "401")]
#[case::wrong_tenant(403, JSON, b"{}", "denied", "403")]
#[case::other_json(200, JSON, b"{\"hello\":1}", "not-prometheus", "status 200")]
#[case::half_an_answer(200, JSON, b"{\"status\":\"succ", "not-prometheus", "status 200")]
#[case::no_data(200, JSON, b"{\"status\":\"success\"}", "not-prometheus", "without data")]
#[case::other_type(
    200,
    JSON,
    b"{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}",
    "not-prometheus",
    "type vector"
)]
fn failures_have_a_kind_and_say_what_to_do(
    #[case] status: u16,
    #[case] content_type: &str,
    #[case] body: &[u8],
    #[case] kind: &str,
    #[case] part: &str,
) {
    let error = refused(status, content_type, body);
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(part), "{error}");
}

#[test]
fn texts_of_a_source_are_cut() {
    let error = refused(422, JSON, recorded!("many_to_many.json")).to_string();
    assert!(error.ends_with('…') && error.chars().count() < 360, "{error}");
}

#[test]
fn a_value_that_is_no_number_is_not_prometheus() {
    let body =
        br#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"x"]]}]}}"#;
    assert_eq!(refused(200, JSON, body).kind(), "not-prometheus");
}

#[test]
fn a_source_that_ignores_the_limit_is_cut() {
    let series: Vec<String> =
        (0..501).map(|n| format!(r#"{{"metric":{{"pod":"{n}"}},"values":[[1795227000,"{n}"]]}}"#)).collect();
    let body =
        format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{}]}}}}"#, series.join(","));
    let (answer, _) = read(body.as_bytes());
    assert_eq!(answer.series.len(), 500);
    assert_eq!(answer.warnings, ["the first 500 of 501 series are shown"]);
}

#[test]
fn values_outside_of_the_grid_are_left_out() {
    let body = br#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1795226985,"1"],[1795227075,"1"],[1e300,"1"],[1795227015.001,"2"]]}]}}"#;
    let (answer, _) = read(body);
    let expected = MetricSeries { points: vec![(1, 2.0)], ..MetricSeries::default() };
    assert_eq!(answer.series, [expected]);
}
