//! The crate `pyroscope` with its own sampler; and the demo, which uses it.

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
async fn rust_sdk_profiles_are_stored() {
    let server = RunningServer::start().await.unwrap();
    // The SDK creates a web client.
    flarepath::web_client::set_up_tls();
    let sampler = pprof_backend(PprofConfig { sample_rate: 100 }, BackendConfig::default());
    let agent = PyroscopeAgentBuilder::new(&server.url, "rust-bakery", 100, "pyroscope-rs", "2", sampler)
        .tags(vec![("oven", "middle")])
        .upload_interval(Duration::from_secs(2));
    // The SDK's client is blocking and must not be created on the runtime.
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
async fn demo_deploys_a_slower_version_and_its_replicas_end_with_it() {
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
    // Each replica pushes independently; those of one region may be later than those of the other.
    server.wait_for_label_values("search", "region", &["eu-west", "us-east"]).await.unwrap();
    // Version 1 compiles the rules as well, once at its start, so only the label distinguishes the versions.
    let version_2 = r#"{service_name="checkout",version="v2"}"#;
    server.wait_for_function_of(version_2, CPU, "compile_voucher_rules").await.unwrap();

    let replicas = children_of(demo.id().unwrap());
    assert!(replicas.len() >= 6, "search and mail are not redeployed: {replicas:?}");
    demo.kill().await.unwrap();
    let ended = async {
        while replicas.iter().any(Process::is_running) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    // A replica pushes its last profile first.
    let patience = Duration::from_secs(300);
    assert!(tokio::time::timeout(patience, ended).await.is_ok(), "{replicas:?} outlive their parent");
}

/// A process, distinguished by its start time from a later one with the same id.
#[derive(Debug)]
struct Process {
    id: u32,
    started: String,
}

impl Process {
    fn of(id: u32) -> Option<Process> {
        Some(Process { id, started: fields(id)?.get(START_TIME)?.clone() })
    }

    /// False once it has exited, whether its exit status has been collected or not.
    fn is_running(&self) -> bool {
        fields(self.id)
            .is_some_and(|fields| fields.get(START_TIME) == Some(&self.started) && fields[0] != "Z")
    }
}

/// Position of `starttime` in [`fields`].
const START_TIME: usize = 19;

/// Fields of `/proc/ID/stat` from `state` on (proc_pid_stat(5)).
fn fields(id: u32) -> Option<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

fn children_of(parent: u32) -> Vec<Process> {
    let listed =
        std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    listed.split_whitespace().filter_map(|id| Process::of(id.parse().ok()?)).collect()
}
