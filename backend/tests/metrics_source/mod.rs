//! A scriptable source of metrics over real HTTP. Part of each test program that configures one.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flarepath::config::MetricsConfig;
use percent_encoding::percent_decode_str;
use std::sync::{Arc, Mutex};

/// Status, content type and body.
pub(crate) type Reply = (u16, &'static str, String);
type Script = dyn Fn(&HeaderMap, &str) -> Reply + Send + Sync;

pub(crate) const JSON: &str = "application/json";

/// A source. `clone` is the same one.
#[derive(Clone)]
pub(crate) struct MetricsServer {
    url: String,
    script: Arc<Script>,
    queries: Arc<Mutex<Vec<String>>>,
}

impl MetricsServer {
    /// Answers each query by `script`, which gets the headers and the query.
    pub(crate) async fn start(
        script: impl Fn(&HeaderMap, &str) -> Reply + Send + Sync + 'static,
    ) -> MetricsServer {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = MetricsServer {
            url: format!("http://{}/prometheus", listener.local_addr().unwrap()),
            script: Arc::new(script),
            queries: Arc::default(),
        };
        let router = Router::new()
            .route("/prometheus/api/v1/query_range", axum::routing::post(reply))
            .with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    /// The defaults, for this source.
    pub(crate) fn config(&self) -> MetricsConfig {
        MetricsConfig::at(&self.url)
    }

    /// All queries since the last call.
    pub(crate) fn queries(&self) -> Vec<String> {
        std::mem::take(&mut *self.queries.lock().unwrap())
    }
}

async fn reply(State(server): State<MetricsServer>, headers: HeaderMap, form: Bytes) -> Response {
    let form = String::from_utf8(form.to_vec()).unwrap();
    let query = form.split('&').find_map(|pair| pair.strip_prefix("query=")).unwrap();
    let query = percent_decode_str(query).decode_utf8().unwrap().into_owned();
    let (status, content_type, body) = (server.script)(&headers, &query);
    server.queries.lock().unwrap().push(query);
    let headers = [(header::CONTENT_TYPE, content_type), (header::LOCATION, "/elsewhere")];
    (StatusCode::from_u16(status).unwrap(), headers, body).into_response()
}

/// A recorded answer.
pub(crate) fn recorded(name: &str) -> String {
    let path = format!("{}/testdata/metrics/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
