//! `GET /api/v1/heatmap`: its cells add up to the values of the call tree, the table and the series of the same range.

use crate::server::{CPU, NOW_S, Server};
use axum::http::StatusCode;
use flarepath_wire::heatmap::HeatmapResponse;
use flarepath_wire::messages::TopFunctionsResponse;

const TOTAL: i64 = 5_880_000_000;

fn shop(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let same = [("selector", "{service_name=\"shop\"}"), ("type", CPU), ("from", "now-1m"), ("step", "15s")];
    [&same, more].concat()
}

async fn ask(server: &Server, more: &[(&'static str, &'static str)]) -> HeatmapResponse {
    server.message("/api/v1/heatmap", &shop(more)).await
}

#[tokio::test]
async fn function_rows_match_the_top_table() {
    let server = Server::recorded().await;
    for cost in ["total", "self"] {
        let found = ask(&server, &[("cost", cost), ("limit", "200")]).await;
        assert_eq!((found.step_ms, found.unit.as_str()), (15_000, "nanoseconds"));
        assert_eq!(found.times_ms, [60, 45, 30, 15].map(|before| (NOW_S - before) * 1000));
        assert_eq!(found.column_totals, [660, 1080, 1860, 2280].map(|ms| ms * 1_000_000));
        let table: TopFunctionsResponse = server
            .message("/api/v1/top-functions", &[shop(&[])[..3].to_vec(), vec![("sort", cost)]].concat())
            .await;
        let expected: Vec<(&str, i64)> = table
            .functions
            .iter()
            .map(|f| (f.name.as_str(), if cost == "self" { f.self_value } else { f.total }))
            .collect();
        let rows: Vec<(&str, i64)> = found.rows.iter().map(|r| (r.name.as_str(), r.sum)).collect();
        assert_eq!(rows, expected);
        assert_eq!((found.row_count, found.other.unwrap().sum), (table.function_count, 0));
        assert!(found.rows.iter().all(|row| row.cells.len() == 4));
    }
    let json = server.get("/api/v1/heatmap", &shop(&[])).await;
    assert_eq!(serde_json::from_slice::<HeatmapResponse>(&json.body).unwrap(), ask(&server, &[]).await);
}

#[tokio::test]
async fn reports_the_remainder() {
    let server = Server::recorded().await;
    let own = ask(&server, &[("cost", "self"), ("limit", "1")]).await;
    assert_eq!((own.rows.len(), own.rows[0].name.as_str()), (1, "shop/pricing.Discount"));
    assert_eq!(own.rows[0].sum + own.other.unwrap().sum, TOTAL);
    assert!(own.row_count > 5);
    let named = [("function", "runtime.gcBgMarkWorker"), ("function", "nowhere")];
    let named = ask(&server, &named).await;
    let rows: Vec<(&str, i64)> = named.rows.iter().map(|r| (r.name.as_str(), r.sum)).collect();
    assert_eq!(rows, [("runtime.gcBgMarkWorker", 120_000_000), ("nowhere", 0)]);
    assert_eq!(named.other.unwrap().sum, TOTAL - 120_000_000);
}

#[tokio::test]
async fn named_functions_come_with_what_makes_rates_of_costs() {
    let server = Server::recorded().await;
    let named = ask(&server, &[("function", "runtime.gcBgMarkWorker"), ("cost", "total")]).await;
    // Three pods send a profile every 15 s.
    assert_eq!((named.per.as_str(), named.column_weights), ("second", vec![45_000; 4]));
    assert_eq!([named.start_ms, named.end_ms], [60, 0].map(|before| (NOW_S - before) * 1000));
    assert!(ask(&server, &[]).await.column_weights.is_empty());
}

#[tokio::test]
async fn label_rows_match_the_series() {
    let server = Server::recorded().await;
    let found = ask(&server, &[("of", "label"), ("label", "pod"), ("limit", "2")]).await;
    let rows: Vec<(&str, i64)> = found.rows.iter().map(|r| (r.name.as_str(), r.sum)).collect();
    assert_eq!(rows, [("shop-2", 2_000_000_000), ("shop-1", 1_960_000_000)]);
    assert_eq!((found.row_count, found.other.unwrap().sum), (3, 1_920_000_000));
    assert_eq!(found.column_totals.iter().sum::<i64>(), TOTAL);
    // Columns begin at multiples of the step, independent of the range.
    let late = [("of", "label"), ("label", "pod"), ("from", "now-50s"), ("step", "30s")];
    let params = [&shop(&[])[..2], &late].concat();
    let found: HeatmapResponse = server.message("/api/v1/heatmap", &params).await;
    assert_eq!(found.times_ms, [60, 30].map(|before| (NOW_S - before) * 1000));
    assert_eq!(found.column_totals, [1080, 4140].map(|ms| ms * 1_000_000));
}

#[tokio::test]
async fn bins_profile_values() {
    let server = Server::recorded().await;
    for more in [&[("of", "values")][..], &[("of", "values"), ("scale", "linear"), ("limit", "10")]] {
        let found = ask(&server, more).await;
        assert_eq!((found.unit.as_str(), found.bin_unit.as_str()), ("profiles", "nanoseconds"));
        let profiles: i64 = found.column_totals.iter().sum();
        assert_eq!(found.rows.iter().map(|r| r.sum).sum::<i64>(), profiles);
        assert!(profiles >= 12 && found.times_ms.len() == 4);
        let least: f64 = found.rows.iter().map(|r| r.low * r.sum as f64).sum();
        let most: f64 = found.rows.iter().map(|r| r.high * r.sum as f64).sum();
        assert!(least <= TOTAL as f64 && TOTAL as f64 <= most, "{least} {most}");
        assert!(found.rows.windows(2).all(|w| w[0].high == w[1].low));
        assert!(more.len() == 1 || found.rows.len() <= 10);
    }
}

#[tokio::test]
async fn explains_empty_results_and_rejects_invalid_parameters() {
    let server = Server::recorded().await;
    for of in ["functions", "label", "values"] {
        let mut params = vec![("type", CPU), ("selector", "{service_name=\"x\"}"), ("of", of)];
        params.extend((of == "label").then_some(("label", "pod")));
        let found: HeatmapResponse = server.message("/api/v1/heatmap", &params).await;
        assert!(found.times_ms.is_empty() && found.rows.is_empty(), "{of}");
        assert!(!found.service_known && !found.profile_type_known);
    }
    for (params, kind) in [
        (&[("of", "pods")][..], "bad-rows"),
        (&[("of", "label")], "missing-parameter"),
        (&[("label", "pod")], "unknown-parameter"),
        (&[("of", "values"), ("cost", "self")], "unknown-parameter"),
        (&[("cost", "much")], "bad-cost"),
        (&[("of", "values"), ("scale", "square")], "bad-scale"),
        (&[("limit", "201")], "bad-limit"),
        (&[("step", "1ms")], "bad-step"),
    ] {
        let answer = server.get("/api/v1/heatmap", &[&[("type", CPU)], params].concat()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{params:?}");
        assert_eq!(answer.json()["type"], kind, "{params:?}");
    }
}
