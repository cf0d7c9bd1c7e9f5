//! Outages of PostgreSQL.

use super::databases::postgres_url;
use super::site::Site;
use axum::http::{StatusCode, header};
use flarepath::db::Records;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::{JoinHandle, JoinSet};

/// A TCP proxy in front of the database server.
struct Proxy {
    at: SocketAddr,
    socket: String,
    forwarding: Option<JoinHandle<()>>,
}

impl Proxy {
    /// A proxy to the server of `url`, and the URL of the database through it.
    async fn to(url: &str) -> (Proxy, String) {
        let (database, folder) = url.split_once("?host=").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let mut proxy = Proxy { at, socket: format!("{folder}/.s.PGSQL.5432"), forwarding: None };
        proxy.forward(listener);
        (proxy, format!("{}?sslmode=disable", database.replace("localhost", &at.to_string())))
    }

    fn forward(&mut self, listener: TcpListener) {
        let socket = self.socket.clone();
        self.forwarding = Some(tokio::spawn(async move {
            // Aborted with this task.
            let mut connections = JoinSet::new();
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                let socket = socket.clone();
                connections.spawn(async move {
                    let mut far = UnixStream::connect(socket).await.unwrap();
                    // Fails when either side closes.
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

    /// Accepts connections without an answer, like a network that drops packets.
    async fn go_silent(&mut self) -> TcpListener {
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
async fn requests_fail_with_the_reason_and_recover() {
    let Some(url) = postgres_url() else { return };
    let (mut proxy, url) = Proxy::to(&url).await;
    let (site, root) = Site::claimed(Records::open(&url).await.unwrap()).await;
    for silently in [false, true] {
        assert_eq!(root.get("/api/v1/me").await.status, StatusCode::OK);
        assert_eq!(site.browser().get("/readyz").await.status, StatusCode::OK);
        let silent = if silently { Some(proxy.go_silent().await) } else { None };
        if silent.is_none() {
            proxy.cut().await;
        }
        for path in ["/api/v1/me", "/api/v1/shares", "/api/v1/services"] {
            let answer = root.get(path).await;
            assert_eq!((answer.status.as_u16(), answer.kind().as_str()), (503, "records-failed"), "{path}");
            assert!(answer.text().contains("is unreachable"), "{}", answer.text());
            assert!(!answer.header(header::RETRY_AFTER).is_empty());
        }
        let ready = site.browser().get("/readyz").await;
        assert_eq!((ready.status.as_u16(), ready.kind().as_str()), (503, "not-ready"));
        assert!(ready.text().contains("users and shares is unreachable"), "{}", ready.text());
        assert!(!ready.text().contains("127.0.0.1"), "{}", ready.text());
        drop(silent);
        proxy.restore().await;
    }
    assert_eq!(root.get("/api/v1/me").await.status, StatusCode::OK);
    assert_eq!(site.browser().get("/readyz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn startup_reports_an_unreachable_database() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = format!("postgres://flarepath:hunter2@{closed}/records");
    let error = Records::open(&url).await.unwrap_err().to_string();
    assert!(error.contains("unreachable") && !error.contains("hunter2"), "{error}");
}
