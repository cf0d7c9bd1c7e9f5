//! `flarepath demo --record` and `--replay`: what processes push reaches the server and the recording, and from there another
//! server.

use crate::running_server::{CPU, RunningServer};
use flarepath::demo::recording::{FILE, Recording};
use std::path::Path;
use std::process::Stdio;
use tokio::process::Command;

fn demo(server: &RunningServer, flag: &str, dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
    command.args(["demo", "--url", &server.url, flag]).arg(dir).kill_on_drop(true);
    command
}

#[tokio::test]
async fn a_recorded_demo_is_replayed() {
    let dir = tempfile::tempdir().unwrap();
    let server = RunningServer::start().await.unwrap();
    let mut recorded = demo(&server, "--record", dir.path())
        .args(["--deploy-after", "never", "--push-every", "1s"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    for (service, function) in [("search", "handle_query"), ("mail", "compress")] {
        server.wait_for_function(service, CPU, function).await.unwrap();
    }
    let id = recorded.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    assert!(recorded.wait().await.unwrap().success());

    let recording = Recording::read(&std::fs::read(dir.path().join(FILE)).unwrap()).unwrap();
    assert!(
        recording.note().ends_with("no deployment; a push of each process every 1 s"),
        "{}",
        recording.note()
    );
    assert!(recording.pushes().iter().any(|push| recording.labels(push).service() == "mail"));
    assert_eq!(recording.deployed(), None);

    let other = RunningServer::start().await.unwrap();
    let replayed = demo(&other, "--replay", dir.path()).arg("--ending-now").output().await.unwrap();
    assert!(replayed.status.success(), "{replayed:?}");
    let all = recording.pushes().len();
    let said = String::from_utf8(replayed.stdout).unwrap();
    assert!(said.ends_with(&format!("Pushed {all} profiles of {all}.\n")), "{said}");
    other.wait_for_function("search", CPU, "handle_query").await.unwrap();

    // A recording is not overwritten.
    let again = demo(&server, "--record", dir.path()).output().await.unwrap();
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("cannot create "), "{again:?}");
}
