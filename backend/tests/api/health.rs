//! `/readyz`, as a load balancer sees it when a database file is lost.

use crate::server::{NOW_S, Server};
use axum::http::StatusCode;
use flarepath::app::App;
use flarepath::auth::{Gate, SignIn};
use flarepath::clock::FixedClock;
use flarepath::db::Records;
use flarepath::store::Storage;
use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath_profile::unix_nanos::UnixNanos;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

async fn server(data: &Path) -> Server {
    let store = EmbeddedStore::open(data, EmbeddedOptions::default()).await.unwrap();
    let records = Records::open_in(data).await.unwrap();
    let gate = Gate::new(records, Arc::new(FixedClock(UnixNanos(NOW_S * 1_000_000_000))), SignIn::Off);
    Server(flarepath::http::router(App::builder(Storage::exclusive("embedded", store), gate).build()))
}

fn replace(file: &Path) {
    let copy = file.with_extension("copy");
    fs::copy(file, &copy).unwrap();
    fs::rename(&copy, file).unwrap();
}

fn remove(file: &Path) {
    fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn readiness_fails_with_a_reason_when_a_database_file_is_lost() {
    for name in ["profiles.db", "records.db"] {
        for (how, lose) in [("replaced", replace as fn(&Path)), ("removed", remove)] {
            let data = TempDir::new().unwrap();
            let server = server(data.path()).await;
            let before = server.get("/readyz", &[]).await;
            assert_eq!((before.status, before.text().as_str()), (StatusCode::OK, "ready\n"), "{name}");
            lose(&data.path().join(name));
            let after = server.get("/readyz", &[]).await;
            assert_eq!(after.status, StatusCode::SERVICE_UNAVAILABLE, "{name} {how}");
            let problem = after.json();
            assert_eq!(problem["type"], "not-ready", "{problem}");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains("cannot serve queries and pushes"), "{detail}");
            assert!(!detail.contains(name), "files are for the log only: {detail}");
            assert_eq!(server.get("/healthz", &[]).await.status, StatusCode::OK, "a restart would not help");
        }
    }
}
