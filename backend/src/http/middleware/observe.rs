//! Request log and metrics, under an id that the response carries too.
//!
//! Only method, route, status and duration are logged: query strings, headers and bodies may contain private data.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Response extension set by the router: the path of the route in the table, which is what may be logged and counted (the
/// path of a request may be anything).
#[derive(Clone, Copy)]
pub(crate) struct RouteName(pub(crate) &'static str);

/// Request extension: the request id, for the audit log.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Logs and measures a request.
pub(crate) async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = method_name(request.method());
    let id = request.headers().get(&REQUEST_ID).filter(|id| is_sane(id)).cloned().unwrap_or_else(new_id);
    request.extensions_mut().insert(RequestId(id.to_str().unwrap_or_default().to_owned()));
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let mut response = next.run(request).instrument(span.clone()).await;
    let route = response.extensions().get::<RouteName>().map_or("(page)", |RouteName(name)| name);
    let (status, elapsed) = (response.status(), started.elapsed());
    span.in_scope(|| {
        let ms = elapsed.as_secs_f64() * 1e3;
        if status.is_server_error() {
            tracing::warn!(method, route, status = status.as_u16(), ms, "request failed");
        } else {
            tracing::debug!(method, route, status = status.as_u16(), ms, "request answered");
        }
    });
    metrics::histogram!("flarepath_http_request_seconds", "method" => method, "route" => route)
        .record(elapsed.as_secs_f64());
    let status = status.as_str().to_owned();
    metrics::counter!("flarepath_http_requests_total", "method" => method, "route" => route, "status" => status)
        .increment(1);
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// A standard method, or `other`: any token is a valid method (RFC 9110, section 9.1), and each label value is a time series
/// that is never freed.
fn method_name(method: &Method) -> &'static str {
    const NAMES: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    NAMES.into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

/// A proxy's id is kept if it is safe to log.
fn is_sane(id: &HeaderValue) -> bool {
    id.len() <= 64
        && !id.is_empty()
        && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
}

fn new_id() -> HeaderValue {
    let text = uuid::Uuid::new_v4().simple().to_string();
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("none"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tower::ServiceExt;

    #[test]
    fn nonstandard_methods_and_unknown_paths_are_one_series() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let app = Router::new().fallback(async || "hello").layer(from_fn(observe));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        metrics::with_local_recorder(&recorder, || {
            runtime.block_on(async {
                for i in 0..1000 {
                    let request =
                        Request::builder().method(format!("MADE-UP-{i}").as_str()).uri(format!("/{i}"));
                    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
                }
            });
        });
        let text = recorder.handle().render();
        let counted = text.lines().filter(|line| line.starts_with("flarepath_http_requests_total{"));
        let counted: Vec<&str> = counted.collect();
        assert_eq!(counted.len(), 1, "{text}");
        assert!(counted[0].contains(r#"method="other""#) && counted[0].ends_with(" 1000"), "{}", counted[0]);
    }
}
