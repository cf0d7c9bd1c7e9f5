//! `pyroscope`, from the Rust registry, with its own sampler; and our demo, which uses it.

use crate::running_server::{CPU, RunningServer};
use pyroscope::backend::{BackendConfig, PprofConfig, pprof_backend};
use pyroscope::pyroscope::PyroscopeAgentBuilder;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::process::Command;

#[inline(never)]
fn knead_dough(rounds: u64) -> u64 {
    (0..rounds).fold(1, |dough, i| std::hint::black_box((dough * 31 + i) % 1_000_003))
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_of_the_rust_sdk_are_seen() {
    let server = RunningServer::start().await.unwrap();
    // The SDK makes a web client.
    flarepath::web_client::set_up_tls();
    let sampler = pprof_backend(PprofConfig { sample_rate: 100 }, BackendConfig::default());
    let agent = PyroscopeAgentBuilder::new(&server.url, "rust-bakery", 100, "pyroscope-rs", "2", sampler)
        .tags(vec![("oven", "middle")])
        .upload_interval(Duration::from_secs(2));
    // The SDK's client is a blocking one, which may not be made on the runtime.
    let agent =
        tokio::task::spawn_blocking(|| agent.build().and_then(|agent| agent.start())).await.unwrap().unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let working = done.clone();
    let worker = std::thread::spawn(move || {
        while !working.load(Ordering::Relaxed) {
            std::hint::black_box(knead_dough(100_000));
        }
    });
    let tree = server.wait_for_function("rust-bakery", CPU, "knead_dough").await;
    done.store(true, Ordering::Relaxed);
    worker.join().unwrap();
    assert!(tree.unwrap().total > 0);
    assert_eq!(server.label_values("rust-bakery", "oven").await.unwrap(), ["middle"]);
    tokio::task::spawn_blocking(|| agent.stop().map(|agent| agent.shutdown())).await.unwrap().unwrap();
}

#[tokio::test]
async fn the_demo_shows_a_deployment_and_ends_with_its_parent() {
    let server = RunningServer::start().await.unwrap();
    let mut demo = Command::new(env!("CARGO_BIN_EXE_flarepath"))
        .args(["demo", "--url", &server.url, "--deploy-after", "3s", "--push-every", "1s"])
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    for (service, function) in
        [("checkout", "handle_order"), ("search", "handle_query"), ("mail", "compress")]
    {
        server.wait_for_function(service, CPU, function).await.unwrap();
    }
    // Version 2 compiles its rules for each order, which version 1 does not.
    server.wait_for_function("checkout", CPU, "compile_voucher_rules").await.unwrap();
    assert!(server.label_values("checkout", "version").await.unwrap().contains(&"v2".to_owned()));
    assert_eq!(server.label_values("search", "region").await.unwrap(), ["eu-west", "us-east"]);

    let replicas = children_of(demo.id().unwrap());
    assert!(replicas.len() >= 6, "the other services run on: {replicas:?}");
    demo.kill().await.unwrap();
    for replica in replicas {
        while std::path::Path::new(&format!("/proc/{replica}/stat")).exists() && !is_zombie(replica) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Process ids of the children of `parent`.
fn children_of(parent: u32) -> Vec<u32> {
    let listed =
        std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    listed.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

/// Ended, but nobody has asked for its exit code yet.
fn is_zombie(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_none_or(|(_, rest)| rest.trim_start().starts_with('Z'))
}
