//! Queries of all kinds, and abandoned ones.

use super::traffic::Traffic;
use crate::callers;
use crate::push::SERVICE;
use reqwest::Method;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// Encoded selectors: one service, patterns, everything.
const SELECTORS: [&str; 5] = [
    "%7Bservice_name%3D%22checkout%22%7D",
    "%7Bservice_name%3D~%22check.*%7Cjfr%22%2C%20region%3D~%22eu%7Cus%22%7D",
    "%7Bservice_name%3D%22checkout%22%2C%20pod%21~%22checkout-0.%22%7D",
    "%7Bpod%3D~%22checkout-%5B0-9%5D%2B%22%7D",
    "%7B%7D",
];
const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

/// Paths with a place for the selector and the range.
const OPERATIONS: [&str; 18] = [
    "services?",
    "profile-types?selector=S",
    "labels?selector=S",
    "labels/pod/values?selector=S",
    "series?type=T&selector=S&step=15s",
    "series?type=T&selector=S&by=pod",
    "call-tree?type=T&selector=S",
    "call-tree?type=T&selector=S&focus=runtime.(*T21).Decode3",
    "diff?type=T&selector=S&baseline_from=now-2h&baseline_until=now-1m",
    "heatmap?type=T&selector=S",
    "heatmap?type=T&selector=S&of=label&label=pod&step=30s",
    "heatmap?type=T&selector=S&of=values",
    "top-functions?type=T&selector=S&limit=50&sort=total",
    "lines?type=T&selector=S&function=main",
    "export?type=T&selector=S&format=pprof",
    "export?type=T&selector=S&format=folded",
    "export?type=T&selector=S&format=firefox",
    "retention?",
];

/// The next kind of query. Every other one has a range that none had before.
pub(crate) async fn ask(traffic: Traffic, asker: u64, turn: u64) {
    let number = turn + asker * 5;
    let operation = OPERATIONS[number as usize % OPERATIONS.len()];
    let selector = SELECTORS[(number as usize / OPERATIONS.len() + asker as usize) % SELECTORS.len()];
    let minutes = [5, 15, 60][turn as usize % 3];
    let now_ms = callers::now_ms();
    let until_ms = if turn.is_multiple_of(2) { now_ms } else { now_ms / 60_000 * 60_000 };
    let query = operation.replace("=S", &format!("={selector}")).replace("=T", &format!("={CPU}"));
    let from_ms = until_ms - minutes * 60_000;
    let path = format!("/api/v1/{query}&from={from_ms}&until={until_ms}").replace("?&", "?");
    let accept = if turn.is_multiple_of(3) { "application/json" } else { "application/x-protobuf" };
    traffic.send("queries", traffic.authorized(Method::GET, &path).header("accept", accept)).await;
}

/// Asks for a tree, and closes the connection a moment later.
pub(crate) async fn abandon(traffic: Traffic, turn: u64) {
    let address = traffic.url().trim_start_matches("http://").to_owned();
    let path = callers::path("call-tree", SERVICE, callers::now_ms() - 3_600_000, callers::now_ms());
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\r\n",
        traffic.account.token
    );
    let asked = async {
        let mut connection = TcpStream::connect(&address).await?;
        connection.write_all(head.as_bytes()).await?;
        tokio::time::sleep(Duration::from_millis(turn * 7 % 60)).await;
        std::io::Result::Ok(())
    };
    traffic.note("abandoned queries", asked.await.map_err(|error| error.to_string()));
}
