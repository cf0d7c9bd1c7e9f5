//! A store that hangs: those who ask another one do not notice, and those who leave are gone. What callers send beside their
//! question stays here.

use super::{World, clock, page, silent};
use crate::server::{CPU, Server, uri};
use crate::upstream::{Counts, Upstream, prod};
use axum::body::Body;
use axum::http::{Request, header};
use flarepath::config::StoreKind;
use rstest::rstest;
use tokio::task::JoinSet;

const TENANT: &str = "x-scope-orgid";

/// Waits for something that must happen.
async fn until(upstream: &Upstream, is_so: impl FnMut(&Counts) -> bool) {
    upstream.counts.subscribe().wait_for(is_so).await.unwrap();
}

/// Asks `prod` about a pod.
async fn ask(server: Server, pod: usize) {
    let selector = format!("{{pod=\"{pod}\"}}");
    server
        .get("/api/v1/call-tree", &[("type", CPU), ("store", "prod"), ("selector", selector.as_str())])
        .await;
}

#[rstest]
#[case::pyroscope(StoreKind::Pyroscope, 4)]
#[case::parca(StoreKind::Parca, 4)]
// Its tables are looked at once, for all who ask.
#[case::clickhouse(StoreKind::ClickHouse, 1)]
#[tokio::test]
async fn fifty_askers_of_a_store_that_hangs_delay_nobody_else_and_leave_nothing_behind(
    #[case] kind: StoreKind,
    #[case] at_once: usize,
) {
    let upstream = Upstream::start(silent).await;
    let world = World::with(prod(kind, &upstream.url, clock(), |_| {})).await;
    let mut askers = JoinSet::new();
    for pod in 0..50 {
        askers.spawn(ask(Server(world.server.0.clone()), pod));
    }
    until(&upstream, |counts| counts.received == at_once).await;
    // Its queue is as full as it can be; the other one has a queue of its own.
    world.is_well_otherwise().await;
    let Counts { received, left } = *upstream.counts.borrow();
    assert_eq!((received, left), (at_once, 0), "no more than may be asked at once");
    askers.shutdown().await;
    until(&upstream, |counts| counts.left == counts.received).await;
    // Their places are free again.
    let before = upstream.counts.borrow().received;
    askers.spawn(ask(Server(world.server.0.clone()), 50));
    until(&upstream, |counts| counts.received > before).await;
}

#[rstest]
#[tokio::test]
async fn headers_of_callers_stay_here(
    #[values(StoreKind::Pyroscope, StoreKind::Parca, StoreKind::ClickHouse)] kind: StoreKind,
) {
    let upstream = Upstream::start(page).await;
    let ours = vec![(TENANT.to_owned(), "ours".to_owned())];
    let world = World::with(prod(kind, &upstream.url, clock(), |settings| settings.headers = ours)).await;
    let request = Request::get(uri("/api/v1/call-tree", &[("type", CPU), ("store", "prod")]));
    let request = request.header(TENANT, "theirs").header(header::COOKIE, "session=secret");
    let request = request.header(header::AUTHORIZATION, "Bearer secret").header("x-api-key", "secret");
    world.server.send(request.body(Body::empty()).unwrap()).await;
    let received = upstream.received();
    assert!(!received.is_empty());
    for request in received {
        let tenants: Vec<_> = request.headers.get_all(TENANT).iter().collect();
        assert_eq!(tenants, ["ours"]);
        let sent = format!("{:?} {}", request.headers, request.target);
        assert!(!sent.contains("secret") && !sent.contains("theirs"), "{sent}");
        assert!(!request.headers.contains_key(header::COOKIE));
        assert!(!request.headers.contains_key(header::AUTHORIZATION));
    }
}
