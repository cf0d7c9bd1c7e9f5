//! A PostgreSQL server that goes away and comes back.

use super::databases::postgres_url;
use super::site::Site;
use axum::http::{StatusCode, header};
use flarepath::db::Records;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::{JoinHandle, JoinSet};

/// The way to the database server, which can be cut.
struct Way {
    at: SocketAddr,
    socket: String,
    forwarding: Option<JoinHandle<()>>,
}

impl Way {
    /// An open way to the server of `url`, and the URL of the database over it.
    async fn to(url: &str) -> (Way, String) {
        let (database, folder) = url.split_once("?host=").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let mut way = Way { at, socket: format!("{folder}/.s.PGSQL.5432"), forwarding: None };
        way.forward(listener);
        (way, format!("{}?sslmode=disable", database.replace("localhost", &at.to_string())))
    }

    fn forward(&mut self, listener: TcpListener) {
        let socket = self.socket.clone();
        self.forwarding = Some(tokio::spawn(async move {
            // Dropped with this task, which cuts them.
            let mut connections = JoinSet::new();
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                let socket = socket.clone();
                connections.spawn(async move {
                    let mut far = UnixStream::connect(socket).await.unwrap();
                    // Ends with either side.
                    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                });
            }
        }));
    }

    async fn cut(&mut self) {
        let forwarding = self.forwarding.take().unwrap();
        forwarding.abort();
        assert!(forwarding.await.unwrap_err().is_cancelled());
    }

    /// Nothing refuses connections, and nothing answers: as behind a firewall that drops packets.
    async fn swallow(&mut self) -> TcpListener {
        self.cut().await;
        TcpListener::bind(self.at).await.unwrap()
    }

    async fn restore(&mut self) {
        let listener = TcpListener::bind(self.at).await.unwrap();
        self.forward(listener);
        drop(TcpStream::connect(self.at).await.unwrap());
    }
}

#[tokio::test]
async fn requests_fail_with_the_reason_and_succeed_again_by_themselves() {
    let Some(url) = postgres_url() else { return };
    let (mut way, url) = Way::to(&url).await;
    let (site, root) = Site::claimed(Records::open(&url).await.unwrap()).await;
    for swallowed in [false, true] {
        assert_eq!(root.get("/api/v1/me").await.status, StatusCode::OK);
        assert_eq!(site.browser().get("/readyz").await.status, StatusCode::OK);
        let silent = if swallowed { Some(way.swallow().await) } else { None };
        if silent.is_none() {
            way.cut().await;
        }
        for path in ["/api/v1/me", "/api/v1/shares", "/api/v1/services"] {
            let answer = root.get(path).await;
            assert_eq!((answer.status.as_u16(), answer.kind().as_str()), (503, "records-failed"), "{path}");
            assert!(answer.text().contains("does not answer"), "{}", answer.text());
            assert!(!answer.header(header::RETRY_AFTER).is_empty());
        }
        let ready = site.browser().get("/readyz").await;
        assert_eq!((ready.status.as_u16(), ready.kind().as_str()), (503, "not-ready"));
        assert!(ready.text().contains("users and shares does not answer"), "{}", ready.text());
        assert!(!ready.text().contains("127.0.0.1"), "{}", ready.text());
        drop(silent);
        way.restore().await;
    }
    assert_eq!(root.get("/api/v1/me").await.status, StatusCode::OK);
    assert_eq!(site.browser().get("/readyz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_start_without_its_database_says_so() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = format!("postgres://flarepath:hunter2@{closed}/records");
    let error = Records::open(&url).await.unwrap_err().to_string();
    assert!(error.contains("does not answer") && !error.contains("hunter2"), "{error}");
}
