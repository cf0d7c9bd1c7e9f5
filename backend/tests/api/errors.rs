//! Error responses: status, kind and position.

use crate::server::{CPU, Server};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use rstest::rstest;

#[rstest]
#[case::selector(("selector", "{service_name="), "bad-selector", Some(14))]
#[case::selector_name(("selector", "{=\"a\"}"), "bad-selector", Some(1))]
#[case::pattern(("selector", "{pod=~\"a(\"}"), "bad-selector", Some(7))]
#[case::matchers(("selector", "{a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\",a=\"\"}"), "bad-selector", None)]
#[case::large_pattern(("selector", r#"{pod=~"(\\w{90}){90}"}"#), "bad-selector", None)]
#[case::from(("from", "now-1x"), "bad-time", Some(5))]
#[case::until(("until", "tomorrow"), "bad-time", Some(0))]
#[case::end_before_start(("from", "now+1h"), "empty-range", None)]
#[case::empty_range(("from", "now"), "empty-range", None)]
#[case::step_zero(("step", "0"), "bad-step", None)]
#[case::step_text(("step", "1h5x"), "bad-step", Some(3))]
#[case::too_many_points(("step", "100ms"), "bad-step", None)]
#[case::profile_type(("type", "cpu"), "bad-profile-type", None)]
#[case::misspelt(("selektor", "{}"), "unknown-parameter", None)]
#[tokio::test]
async fn rejects_invalid_parameters(
    #[case] param: (&'static str, &'static str),
    #[case] kind: &str,
    #[case] position: Option<u64>,
) {
    let mut params = vec![param];
    if param.0 != "type" {
        params.push(("type", CPU));
    }
    let answer = Server::empty().get("/api/v1/series", &params).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["type"], kind, "{problem}");
    assert_eq!(problem.get("position").and_then(|p| p.as_u64()), position, "{problem}");
    assert!(problem["detail"].as_str().unwrap().len() > 20, "{problem}");
}

#[tokio::test]
async fn suggests_a_step_for_too_many_points() {
    let params = [("type", CPU), ("from", "now-30d"), ("step", "15s")];
    let problem = Server::empty().get("/api/v1/series", &params).await.json();
    assert!(problem["detail"].as_str().unwrap().contains("use 300s or more"), "{problem}");
}

#[rstest]
#[case("/api/v1/series", &[], "missing-parameter")]
#[case("/api/v1/call-tree", &[], "missing-parameter")]
#[case("/api/v1/call-tree", &[("type", CPU), ("spans", "xyz")], "bad-span")]
#[case("/api/v1/call-tree", &[("type", CPU), ("focus", "[\"a\"")], "bad-focus")]
#[case("/api/v1/call-tree", &[("type", CPU), ("type", CPU)], "repeated-parameter")]
#[case("/api/v1/top-functions", &[("type", CPU), ("limit", "0")], "bad-limit")]
#[case("/api/v1/top-functions", &[("type", CPU), ("limit", "many")], "bad-limit")]
#[case("/api/v1/top-functions", &[("type", CPU), ("sort", "size")], "bad-sort")]
#[case("/api/v1/export", &[("type", CPU), ("format", "exe")], "bad-format")]
#[case("/api/v1/instance", &[("x", "1")], "unknown-parameter")]
#[tokio::test]
async fn problems_have_their_kind(#[case] path: &str, #[case] params: &[(&str, &str)], #[case] kind: &str) {
    let answer = Server::empty().get(path, params).await;
    assert_eq!((answer.status, answer.json()["type"].as_str()), (StatusCode::BAD_REQUEST, Some(kind)));
}

#[tokio::test]
async fn reports_unknown_paths_and_methods() {
    let server = Server::empty();
    let missing = server.get("/api/v1/nothing", &[]).await;
    assert_eq!((missing.status, missing.json()["type"].as_str()), (StatusCode::NOT_FOUND, Some("not-found")));
    let posted = server.post("/api/v1/services", "application/json", "{}").await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(posted.json()["type"], "method-not-allowed");
    let method = server.post("/querier.v1.QuerierService/NoSuchMethod", "application/json", "{}").await;
    assert_eq!(method.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn rejects_unacceptable_formats() {
    let answer = Server::empty().get_as("/api/v1/services", &[], "text/html").await;
    assert_eq!(
        (answer.status, answer.json()["type"].as_str()),
        (StatusCode::NOT_ACCEPTABLE, Some("not-acceptable"))
    );
}

async fn ask_as(server: &Server, headers: &[(header::HeaderName, &str)]) -> StatusCode {
    let mut request = Request::get("/api/v1/services");
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    server.send(request.body(Body::empty()).unwrap()).await.status
}

#[tokio::test]
async fn rejects_foreign_hosts_and_origins_unless_open() {
    let server = Server::empty();
    let (host, origin) = (header::HOST, header::ORIGIN);
    for ours in [
        &[(host.clone(), "localhost:4280")][..],
        &[(host.clone(), "127.0.0.1:4280"), (origin.clone(), "http://127.0.0.1:4280")],
    ] {
        assert_eq!(ask_as(&server, ours).await, StatusCode::OK, "{ours:?}");
    }
    for foreign in [
        &[(host.clone(), "evil.example")][..],
        &[(host.clone(), "localhost"), (origin.clone(), "https://evil.example")],
        &[(origin, "null")],
    ] {
        assert_eq!(ask_as(&server, foreign).await, StatusCode::FORBIDDEN, "{foreign:?}");
    }
    let open = Server::with(|app| app.open_to_network(true).allowed_hosts(vec!["fp.svc".to_owned()]));
    for (name, status) in [
        ("192.0.2.7:4280", StatusCode::OK),
        ("[2001:db8::7]:4280", StatusCode::OK),
        ("localhost", StatusCode::OK),
        ("FP.svc:4280", StatusCode::OK),
        ("flarepath.example", StatusCode::FORBIDDEN),
        ("192.0.2.7.evil.example", StatusCode::FORBIDDEN),
        ("localhost:80@evil.example", StatusCode::BAD_REQUEST),
        ("evil.example/localhost", StatusCode::BAD_REQUEST),
        ("", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(ask_as(&open, &[(host.clone(), name)]).await, status, "{name}");
    }
}

#[tokio::test]
async fn errors_about_foreign_hosts_name_the_key() {
    for server in [Server::empty(), Server::with(|app| app.open_to_network(true))] {
        let request = Request::get("/api/v1/services").header(header::HOST, "flarepath.example");
        let answer = server.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (answer.status, answer.json()["type"].as_str()),
            (StatusCode::FORBIDDEN, Some("foreign-site"))
        );
        assert!(answer.text().contains("allowed_hosts"), "{}", answer.text());
    }
}

#[tokio::test]
async fn errors_are_never_cached() {
    let server = Server::empty();
    let agent = "/push.v1.PusherService/Push";
    let mut answers = vec![
        server.get("/api/v1/nothing", &[]).await,
        server.get("/nothing.js", &[]).await,
        server.get("/api/v1/call-tree", &[]).await,
        server.get_as("/api/v1/services", &[], "text/html").await,
        server.post("/api/v1/services", "application/json", "{}").await,
        server.post(agent, "application/json", "{").await,
        server.post("/v1development/profiles", "application/json", "{").await,
        server.post("/ingest", "text/plain", "").await,
    ];
    for path in ["/api/v1/services", agent, "/v1development/profiles"] {
        let request = Request::post(path).header(header::HOST, "evil.example");
        answers.push(server.send(request.body(Body::empty()).unwrap()).await);
    }
    for answer in answers {
        assert!(answer.status.is_client_error(), "{}", answer.text());
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store", "{}", answer.text());
    }
}

#[tokio::test]
async fn sets_hsts_if_the_public_url_is_https() {
    let with = |url: &str| {
        let url = url.parse().unwrap();
        Server::with(|app| app.public_url(Some(url)))
    };
    for (server, expected) in [
        (with("https://fp.example"), "max-age=31536000"),
        (with("http://localhost:4280"), ""),
        (Server::empty(), ""),
    ] {
        for path in ["/", "/api/v1/services", "/api/v1/nothing"] {
            assert_eq!(server.get(path, &[]).await.header("strict-transport-security"), expected, "{path}");
        }
    }
}

#[tokio::test]
async fn sets_security_headers_on_every_response() {
    let server = Server::empty();
    for path in ["/", "/api/v1/services", "/api/v1/nothing", "/api/docs", "/x.js"] {
        let answer = server.get(path, &[]).await;
        let policy = answer.header(header::CONTENT_SECURITY_POLICY).to_owned();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("'wasm-unsafe-eval'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(answer.header(header::REFERRER_POLICY), "no-referrer");
        assert!(answer.header("permissions-policy").contains("camera=()"));
        assert!(!answer.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn compresses_as_accepted() {
    let server = Server::recorded().await;
    for encoding in ["zstd", "br", "gzip"] {
        let request = Request::get("/api/openapi.json").header(header::ACCEPT_ENCODING, encoding);
        let answer = server.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header(header::CONTENT_ENCODING), encoding);
    }
}

/// A body that never ends.
fn endless() -> Body {
    Body::from_stream(futures::stream::pending::<Result<bytes::Bytes, std::io::Error>>())
}

#[tokio::test]
async fn times_out_on_an_endless_body() {
    let server = Server::with(|app| app.request_timeout(std::time::Duration::from_millis(20)));
    let request = Request::post("/querier.v1.QuerierService/LabelNames")
        .header(header::CONTENT_TYPE, "application/json");
    let answer = server.send(request.body(endless()).unwrap()).await;
    assert_eq!(
        (answer.status, answer.json()["type"].as_str()),
        (StatusCode::GATEWAY_TIMEOUT, Some("timeout"))
    );
}
