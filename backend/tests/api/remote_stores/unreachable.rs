//! Stores that cannot be connected to.

use super::{World, clock, failing};
use crate::upstream::{Upstream, prod};
use flarepath::config::StoreKind;
use rstest::rstest;
use tokio::net::TcpListener;

#[rstest]
#[tokio::test]
async fn a_store_without_a_connection_is_unreachable(
    #[values(StoreKind::Pyroscope, StoreKind::Parca, StoreKind::ClickHouse)] kind: StoreKind,
) {
    let refusing = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let without_tls = Upstream::start(failing).await;
    for url in [
        format!("http://{refusing}"),
        // A label of more than 63 characters is refused by the resolver itself (RFC 1035, section 2.3.4).
        format!("http://{}.example", "a".repeat(64)),
        without_tls.url.replace("http://", "https://"),
    ] {
        let world = World::with(prod(kind, &url, clock(), |_| {})).await;
        world.fails_alone(502, "storage-unreachable").await;
    }
}

/// Once it is left alone, after five failures in a row, it is asked no more.
#[tokio::test]
async fn a_store_that_is_down_is_left_alone_and_the_server_stays_ready() {
    let upstream = Upstream::start(failing).await;
    let world = World::with(prod(StoreKind::Pyroscope, &upstream.url, clock(), |_| {})).await;
    for _ in 0..2 {
        world.fails_alone(502, "storage-unreachable").await;
    }
    assert!(upstream.received().len() >= 5);
    for _ in 0..5 {
        world.fails_alone(502, "storage-unreachable").await;
    }
    assert_eq!(upstream.received().len(), 0);
}
