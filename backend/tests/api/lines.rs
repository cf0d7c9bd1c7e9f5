//! `GET /api/v1/lines`: the lines of a function add up to its values in the table.

use crate::server::{CPU, Server};
use axum::http::StatusCode;
use flarepath_wire::messages::{LinesResponse, TopFunctionsResponse};

const SHOP: [(&str, &str); 3] = [("selector", "{service_name=\"shop\"}"), ("type", CPU), ("from", "now-1m")];

#[tokio::test]
async fn lines_add_up_to_their_function() {
    let server = Server::recorded().await;
    let table: TopFunctionsResponse = server.message("/api/v1/top-functions", &SHOP).await;
    let first = &table.functions[0];
    let name: &'static str = first.name.clone().leak();
    let found: LinesResponse =
        server.message("/api/v1/lines", &[&SHOP[..], &[("function", name)]].concat()).await;
    assert_eq!(found.unit, "nanoseconds");
    assert!(found.lines.iter().all(|line| line.line > 0 && line.file == first.file));
    assert_eq!(found.lines.iter().map(|l| l.self_value).sum::<i64>(), first.self_value);
    assert!(found.lines.iter().map(|l| l.total).sum::<i64>() >= first.total);
    assert!(found.lines.is_sorted_by_key(|l| l.line));
}

#[tokio::test]
async fn explains_empty_results_and_requires_a_function() {
    let server = Server::recorded().await;
    let nowhere: LinesResponse =
        server.message("/api/v1/lines", &[&SHOP[..], &[("function", "nowhere")]].concat()).await;
    assert!(nowhere.lines.is_empty() && nowhere.service_known && nowhere.profile_type_known);
    let other = [("selector", "{service_name=\"none\"}"), ("type", CPU), ("function", "f")];
    let other: LinesResponse = server.message("/api/v1/lines", &other).await;
    assert!(!other.service_known && !other.profile_type_known);
    assert_eq!(server.get("/api/v1/lines", &SHOP).await.status, StatusCode::BAD_REQUEST);
}
