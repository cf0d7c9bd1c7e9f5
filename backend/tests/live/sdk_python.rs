//! `pyroscope-io`, from PyPI.

use crate::running_server::{CPU, RunningServer, missing};
use std::path::{Path, PathBuf};
use tokio::process::Command;

#[tokio::test]
async fn python_sdk_profiles_are_stored() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = std::env::var_os("SDK_PYTHON")
        .map_or_else(|| here.join("../.tools/python/bin/python"), PathBuf::from);
    if !python.exists() {
        return missing("the Python SDK (.tools/python)");
    }
    let server = RunningServer::start().await.unwrap();
    let mut program = Command::new(python)
        .arg(here.join("tests/sdk/program.py"))
        .arg(&server.url)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let tree = server.wait_for_function("python-bakery", CPU, "knead_dough").await.unwrap();
    assert!(tree.total > 0);
    assert_eq!(server.label_values("python-bakery", "oven").await.unwrap(), ["right"]);
    program.kill().await.unwrap();
}
