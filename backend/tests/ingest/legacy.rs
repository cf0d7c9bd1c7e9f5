//! `/ingest` in all formats, and rejected requests.

use crate::push::{gzip, profile};
use crate::server::{NOW_NS, Server, bytes_of, post};
use axum::http::StatusCode;
use flarepath::store::{ProfileStore, Selection, TimeRange};
use flarepath_profile::formats::pprof;

const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

/// A form with the parts given, in that order.
fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in parts {
        body.extend(format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--xyz--\r\n");
    body
}

const FORM: &str = "multipart/form-data; boundary=xyz";

#[tokio::test]
async fn converts_folded_stacks_to_cpu_time() {
    let server = Server::new();
    let body = "main;price 3\nmain;encode 2\n";
    let path =
        "/pyroscope/ingest?name=shop.cpu%7Bregion%3Deu%7D&from=1795227600&until=1795227610&sampleRate=50";
    let answer = server.post(path, "text/plain", body).await;
    assert_eq!((answer.status, answer.text()), (StatusCode::OK, String::new()));
    assert_eq!(server.series_lines().await, [format!("region=eu service_name=shop {CPU}")]);
    // 5 samples at 50 Hz
    assert_eq!(server.total("{}", CPU).await, (100_000_000, 1));
    assert_eq!(server.series().await[0].newest.0, 1_795_227_600_000_000_000);
    assert_eq!(server.functions("{}", CPU).await, ["encode", "main", "price"]);
}

#[tokio::test]
async fn derives_the_type_from_the_name() {
    for (app, of, total) in [
        ("shop", CPU, 40_000_000),
        ("go.shop", CPU, 40_000_000),
        ("shop.wall", "wall:wall:nanoseconds:cpu:nanoseconds", 40_000_000),
        ("shop.alloc_objects", "memory:alloc_objects:count::", 4),
        ("shop.inuse_space", "memory:inuse_space:bytes::", 4),
        ("shop.goroutines", "goroutines:goroutine:count::", 4),
        ("shop.mutex_duration", "mutex:delay:nanoseconds::", 4),
        ("shop.lock_count", "block:contentions:count::", 4),
        ("shop.exceptions", "exceptions:samples:count::", 4),
    ] {
        let server = Server::new();
        let answer = server.post(&format!("/ingest?name={app}"), "", "a;b 1\na;c 3\n").await;
        assert_eq!(answer.status, StatusCode::OK, "{app}: {}", answer.text());
        let service = if app == "go.shop" { "go.shop" } else { "shop" };
        assert_eq!(server.series_lines().await, [format!("service_name={service} {of}")]);
        assert_eq!(server.total("{}", of).await, (total, 1), "{app}");
    }
}

#[tokio::test]
async fn reads_lines_and_keeps_counts_at_rate_zero() {
    let server = Server::new();
    let answer = server.post("/ingest?name=shop&format=lines&sampleRate=0", "", "a;b\na;c\na;b\n").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(server.total("{}", "process_cpu:samples:count::").await, (3, 1));
}

#[tokio::test]
async fn reads_tries_trees_and_speedscope() {
    // A trie node: name length, rest of the name, value, number of children; a tree node: the same with complete names.
    let trie = [&[0, 0, 1][..], &[3], b"a;b", &[2, 1], &[2], b";c", &[3, 0]].concat();
    let tree = [&[0, 0, 1][..], &[1], b"a", &[0, 1], &[1], b"b", &[2, 1], &[1], b"c", &[3, 0]].concat();
    for (query, content_type, body) in [
        ("&format=trie", "", trie.clone()),
        ("", "binary/octet-stream+trie", trie),
        ("&format=tree", "", tree.clone()),
        ("", "binary/octet-stream+tree", tree),
    ] {
        let server = Server::new();
        let path = format!("/ingest?name=shop.cpu&sampleRate=100{query}");
        let answer = server.post(&path, content_type, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{query} {content_type}: {}", answer.text());
        assert_eq!(server.total("{}", CPU).await, (50_000_000, 1));
        assert_eq!(server.functions("{}", CPU).await, ["a", "b", "c"]);
    }
    let server = Server::new();
    let speedscope = br#"{"$schema":"https://www.speedscope.app/file-format-schema.json",
        "shared":{"frames":[{"name":"main"}]},
        "profiles":[{"type":"sampled","name":"cpu","unit":"none","startValue":0,"endValue":5,
            "samples":[[0]],"weights":[5]}]}"#;
    let answer =
        server.post("/ingest?name=shop&format=speedscope", "application/json", speedscope.to_vec()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(server.total("{}", CPU).await, (50_000_000, 1));
}

#[tokio::test]
async fn reads_form_parts_in_any_order() {
    let raw = pprof::write(&profile(NOW_NS, &[(&[], 7)]));
    let config = br#"{"cpu":{"units":"lock_samples","display-name":"mutex_count"},"samples":null}"#;
    for parts in [
        [("sample_type_config", &config[..]), ("profile", &gzip(&raw)), ("other", b"x")],
        [("profile", &raw), ("other", b""), ("sample_type_config", config)],
    ] {
        let server = Server::new();
        let answer = server.post("/ingest?name=shop&spyName=gospy&format=pprof", FORM, form(&parts)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(
            server.series_lines().await,
            ["pyroscope_spy=gospy service_name=shop mutex:cpu:nanoseconds:cpu:nanoseconds"]
        );
    }
}

#[tokio::test]
async fn replaces_times_of_old_clients() {
    let server = Server::new();
    // Microseconds, as old versions of pyspy wrote: a time in 1970.
    let raw = pprof::write(&profile(1_795_227_640_000_000, &[(&[], 7)]));
    let path = "/ingest?name=shop&format=pprof&from=1795227640";
    let answer = server.post(path, "application/octet-stream", raw).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(server.series().await[0].newest.0, 1_795_227_640_000_000_000);
}

#[tokio::test]
async fn sets_service_labels_and_scripting_names() {
    let server = Server::new();
    let mut p = profile(NOW_NS, &[(&[], 7)]);
    p.functions[0].file = p.strings.intern("app.py");
    let name = "app%7Bservice_name%3Dreal%2C__session_id__%3Dx%7D";
    let path = format!("/ingest?name={name}&format=pprof&spyName=pyspy");
    let answer = server.post(&path, "", pprof::write(&p)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(
        server.series_lines().await,
        [format!("app_name=app pyroscope_spy=pyspy service_name=real {CPU}")]
    );
    assert_eq!(server.functions("{}", CPU).await, ["app.py work"]);
}

#[tokio::test]
async fn ignores_duplicate_span_profiles() {
    let server = Server::new();
    let answer = server.post("/ingest?name=shop%7Bprofile_id%3Daa%7D", "", "a;b 1\n").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(server.series().await.is_empty());
}

#[tokio::test]
async fn rejects_malformed_requests_with_a_reason() {
    let server = Server::new();
    let good = pprof::write(&profile(NOW_NS, &[(&[], 7)]));
    let future = pprof::write(&profile(NOW_NS + 601_000_000_000, &[(&[], 7)]));
    let old = pprof::write(&profile(900_000_000_000_000_000, &[(&[], 7)]));
    let many: Vec<String> = (0..200).map(|i| format!("l{i}=v")).collect();
    let many = format!("/ingest?format=pprof&name=a%7B{}%7D", many.join("%2C"));
    let cases: Vec<(&str, &str, Vec<u8>, u16, &str)> = vec![
        ("/ingest", "", good.clone(), 400, "the name of the application"),
        ("/ingest?name=a%7Bb%7D", "", good.clone(), 400, "expected key=value"),
        ("/ingest?name=a&from=yesterday", "", good.clone(), 400, "from: invalid time `yesterday`"),
        ("/ingest?name=a&sampleRate=-1", "", good.clone(), 400, "sampleRate"),
        ("/ingest?name=a&format=xyz", "", good.clone(), 415, "`xyz` is not supported; expected pprof, jfr"),
        ("/ingest?name=a&format=jfr", "", good.clone(), 400, "cannot parse the JFR recording: "),
        ("/ingest?name=a&format=jfr", "", b"FLR\0\0\x02".to_vec(), 400, "truncated at byte 6"),
        ("/ingest?name=a&format=pprof", "", vec![], 400, "the body is empty"),
        ("/ingest?name=a&format=pprof", "", b"hello, world".to_vec(), 400, "invalid pprof"),
        ("/ingest?name=a&format=pprof", "", good[..good.len() - 3].to_vec(), 400, "invalid pprof"),
        ("/ingest?name=a&format=pprof", "", gzip(&good)[..30].to_vec(), 400, "truncated: it ends at byte"),
        ("/ingest?name=a&format=pprof", "", future, 400, "601 s in the future"),
        ("/ingest?name=a&format=pprof", "", old, 400, "before 2000-01-01"),
        ("/ingest?name=a&from=1", "", b"a;b 1".to_vec(), 400, "before 2000-01-01"),
        (&many, "", good.clone(), 400, "more than 64 labels"),
        ("/ingest?name=a", "", b"no counts here\nnor here".to_vec(), 400, "line"),
        ("/ingest?name=a&format=trie", "", b"\xff\xff\xff".to_vec(), 400, ""),
        ("/ingest?name=a", "binary/octet-stream+tree", b"\xff\xff\xff".to_vec(), 400, ""),
        ("/ingest?name=a", "multipart/form-data", good.clone(), 400, "Content-Type of the form"),
        ("/ingest?name=a", FORM, b"no form".to_vec(), 400, "malformed multipart form"),
        ("/ingest?name=a", FORM, form(&[("other", b"x")]), 400, "no part named profile"),
        ("/ingest?name=a", FORM, form(&[("profile", &good)])[..60].to_vec(), 400, "malformed multipart form"),
        ("/ingest?name=a", FORM, form(&[("sample_type_config", b"[")]), 400, "sample_type_config"),
        ("/ingest?name=a", FORM, form(&[("profile", &good), ("prev_profile", &good)]), 415, "Update it"),
        ("/ingest?name=a", FORM, form(&[("jfr", b"FLR\0")]), 400, "truncated at byte 4"),
        (
            "/ingest?name=a&format=jfr",
            FORM,
            form(&[("jfr", b"FLR\0"), ("labels", b"\xff")]),
            400,
            "LabelsSnapshot",
        ),
        ("/ingest?name=a", FORM, form(&vec![("x", &b""[..]); 20]), 400, "more than 16 parts"),
    ];
    for (path, content_type, body, status, part) in cases {
        let answer = server.post(path, content_type, body).await;
        let text = answer.text();
        assert_eq!(answer.status.as_u16(), status, "{path} {content_type}: {text}");
        assert_eq!(answer.content_type, "application/problem+json");
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert!(server.series().await.is_empty());
}

#[tokio::test]
async fn reads_gzipped_requests() {
    let server = Server::new();
    let body = gzip(&bytes_of("sdk/node/001.body"));
    let request = post("/ingest?name=shop&format=pprof").header("content-encoding", "gzip");
    let answer = server.send(request.body(body.into()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let range = TimeRange::nanos(1_795_227_661_307_000_064, 1_795_227_661_307_000_065);
    let selection = Selection::new(&"{}".parse().unwrap(), range).unwrap();
    assert_eq!(server.store.series(&selection).await.unwrap().len(), 3, "the profile's own time is kept");
}
