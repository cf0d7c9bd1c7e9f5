//! `flarepath push`: the real binary against a server on a socket.

use crate::push::profile;
use crate::server::{NOW_NS, Server};
use flarepath_profile::formats::pprof;
use std::process::Stdio;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::process::Command;

struct Outcome {
    code: Option<i32>,
    out: String,
    err: String,
}

async fn push(args: &[&str], input: &[u8]) -> Outcome {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flarepath"))
        .arg("push")
        .args(args)
        .env_remove("FLAREPATH_URL")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A process that fails early does not read its input.
    let _ = stdin.write_all(input).await;
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

async fn listening(server: &Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = server.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn stores_files_and_reports_rejections() {
    let server = Server::new();
    let url = listening(&server).await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("cpu.pb");
    std::fs::write(&file, pprof::write(&profile(NOW_NS, &[(&[], 7)]))).unwrap();
    let file = file.to_str().unwrap();

    let args = [file, "--service", "shop", "--label", "region=eu", "--label", "k=a&b", "--url", &url];
    let done = push(&args, b"").await;
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
    assert!(done.out.starts_with("stored 1 profile of service shop"), "{}", done.out);
    let of = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
    assert_eq!(server.total(r#"{service_name="shop",region="eu",k="a&b"}"#, of).await, (7, 1));

    let done = push(&["-", "--service", "piped", "--url", &url], b"a;b 3\n").await;
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert_eq!(server.total(r#"{service_name="piped"}"#, "process_cpu:samples:count::").await, (3, 1));

    let done = push(&["-", "--service", "bad", "--url", &url], b"").await;
    assert_eq!(done.code, Some(1));
    assert!(done.err.contains("the body is empty"), "{}", done.err);
}

#[tokio::test]
async fn explains_failures() {
    let done = push(&["/no/such/file", "--service", "s"], b"").await;
    assert_eq!(done.code, Some(1));
    assert!(done.err.contains("cannot read /no/such/file"), "{}", done.err);

    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let done = push(&["-", "--service", "s", "--url", &format!("http://{unused}")], b"a 1").await;
    assert_eq!(done.code, Some(1));
    assert!(done.err.contains("cannot be reached") && done.err.contains("flarepath serve"), "{}", done.err);

    assert_eq!(push(&["-"], b"").await.code, Some(2), "no service");
    assert_eq!(push(&["-", "--service", "s", "--label", "x"], b"").await.code, Some(2), "no value");
}
