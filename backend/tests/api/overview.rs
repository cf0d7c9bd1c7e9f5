//! `GET /api/v1/overview`: services by what needs attention.

use crate::server::{CPU, Server};
use axum::http::StatusCode;
use flarepath_wire::overview::OverviewResponse;
use serde_json::{Value, json};

const ROUTE: &str = "/api/v1/overview";

#[tokio::test]
async fn services_have_cores_sparklines_and_verdicts() {
    let server = Server::recorded().await;
    let found: OverviewResponse = server.message(ROUTE, &[]).await;
    assert_eq!((found.services, found.rows.len(), found.next_cursor.as_str()), (2, 2, ""));
    let fleet = found.fleet.unwrap();
    assert_eq!((fleet.reporting, fleet.silent, fleet.changed), (2, 0, 0));
    assert!(fleet.cores > 0.0 && fleet.without_symbols.is_some());
    for row in &found.rows {
        // A minute of data is too little for a verdict.
        assert_eq!(
            (row.state.as_str(), row.profile_type.as_str(), row.replicas),
            ("too-little-data", CPU, 3)
        );
        assert!(row.sentence.starts_with("Too little data"), "{}", row.sentence);
        assert!(row.cores.unwrap() > 0.0 && row.cores_before.is_none() && row.change.is_none());
        assert_eq!(row.top_function.is_empty(), row.top_function_share.is_none());
        assert_eq!((row.sparkline.len(), row.sparkline_step_ns), (30, 120_000_000_000));
        assert!(row.sparkline[0].is_nan() && row.sparkline[29] > 0.0);
        assert_eq!((row.computed_at_ns, row.changed_at_ns), (found.end_ns, 0));
    }
    assert_eq!(found.end_ns - found.start_ns, 3_600_000_000_000);
}

#[tokio::test]
async fn intervals_without_profiles_are_null_in_json() {
    let server = Server::recorded().await;
    let found = server.get(ROUTE, &[]).await.json();
    let sparkline = &found["rows"][0]["sparkline"];
    assert_eq!(sparkline[0], Value::Null);
    assert!(sparkline[29].as_f64().unwrap() > 0.0, "{sparkline}");
}

#[tokio::test]
async fn pages_follow_each_other_in_any_order() {
    let server = Server::recorded().await;
    for sort in ["attention", "cores", "change", "name"] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = [("sort", sort), ("limit", "1"), ("cursor", &cursor)];
            let page: OverviewResponse = server.message(ROUTE, &page).await;
            assert_eq!(page.services, 2);
            found.extend(page.rows.into_iter().map(|row| row.service));
            if page.next_cursor.is_empty() {
                break;
            }
            cursor = page.next_cursor;
        }
        assert_eq!(found.len(), 2, "{sort}");
        found.sort();
        found.dedup();
        assert_eq!(found.len(), 2, "{sort}");
    }
}

#[tokio::test]
async fn services_are_found_by_text_and_selector() {
    let server = Server::recorded().await;
    let by_text: OverviewResponse = server.message(ROUTE, &[("q", "SHO")]).await;
    assert_eq!((by_text.services, by_text.rows[0].service.as_str()), (1, "shop"));
    let selector = [("selector", "{service_name=\"shop\"}")];
    let by_selector: OverviewResponse = server.message(ROUTE, &selector).await;
    assert_eq!((by_selector.services, by_selector.rows[0].service.as_str()), (1, "shop"));
    assert_eq!(by_selector.rows[0].cores, by_text.rows[0].cores);
}

#[tokio::test]
async fn an_empty_answer_is_not_an_error() {
    let found: OverviewResponse = Server::empty().message(ROUTE, &[]).await;
    assert_eq!((found.services, found.rows.len(), found.notes.len()), (0, 0, 0));
    assert_eq!(found.fleet.map(|fleet| fleet.reporting), Some(0));
}

#[tokio::test]
async fn bad_parameters_are_errors() {
    let server = Server::empty();
    for (param, kind) in [
        (("sort", "size"), "bad-sort"),
        (("limit", "201"), "bad-limit"),
        (("limit", "0"), "bad-limit"),
        (("cursor", "7"), "bad-page"),
        (("selector", "{team="), "bad-selector"),
        (("selector", "{team=~\"(\"}"), "bad-selector"),
        (("from", "yesterday-ish"), "bad-time"),
        (("from", "now"), "empty-range"),
        (("type", CPU), "unknown-parameter"),
    ] {
        let answer = server.get(ROUTE, &[param]).await;
        let found = (answer.status, answer.json()["type"].clone());
        assert_eq!(found, (StatusCode::BAD_REQUEST, json!(kind)), "{param:?}");
    }
}
