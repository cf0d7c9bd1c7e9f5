//! Pyroscope's Java agent, from Maven Central. Nothing else needs Java, so without it (or without the agent, which needs
//! Maven) this test is skipped, in CI as well.

use crate::running_server::{CPU, RunningServer};
use std::path::{Path, PathBuf};
use tokio::process::Command;

#[tokio::test]
async fn java_agent_profiles_are_stored() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let agent = std::env::var_os("SDK_JAVA_AGENT")
        .map_or_else(|| here.join("../.tools/java/pyroscope-agent.jar"), PathBuf::from);
    if !agent.exists() {
        return skip(
            "the agent (.tools/java/pyroscope-agent.jar) is missing: setup.sh fetches it if there is Maven",
        );
    }
    let java = Command::new("java").arg("-version").output().await;
    if !java.is_ok_and(|output| output.status.success()) {
        return skip("there is no `java`");
    }
    let server = RunningServer::start().await.unwrap();
    let mut program = Command::new("java")
        .arg(format!("-javaagent:{}", agent.display()))
        .arg(here.join("tests/sdk/Bakery.java"))
        .env("PYROSCOPE_SERVER_ADDRESS", &server.url)
        .env("PYROSCOPE_APPLICATION_NAME", "java-bakery")
        .env("PYROSCOPE_LABELS", "oven=left")
        .env("PYROSCOPE_FORMAT", "jfr")
        .env("PYROSCOPE_PROFILER_EVENT", "itimer")
        .env("PYROSCOPE_PROFILER_ALLOC", "64k")
        .env("PYROSCOPE_PROFILER_LOCK", "1ms")
        .env("PYROSCOPE_UPLOAD_INTERVAL", "2s")
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    for (profile_type, function) in [
        (CPU, "Bakery.kneadDough"),
        ("memory:alloc_in_new_tlab_bytes:bytes:space:bytes", "Bakery.rollOut"),
        ("mutex:delay:nanoseconds:mutex:count", "Bakery.bake"),
    ] {
        let tree = server.wait_for_function("java-bakery", profile_type, function).await.unwrap();
        assert!(tree.total > 0, "{profile_type}");
    }
    assert_eq!(server.label_values("java-bakery", "oven").await.unwrap(), ["left"]);
    program.kill().await.unwrap();
}

fn skip(why: &str) {
    eprintln!("\n*** SKIPPED: {why} ***\n");
}
