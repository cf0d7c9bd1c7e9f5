//! `@pyroscope/nodejs`, from npm.

use crate::running_server::{RunningServer, missing};
use std::path::Path;
use tokio::process::Command;

#[tokio::test]
async fn node_sdk_profiles_are_stored() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk");
    if !folder.join("node_modules/@pyroscope/nodejs").exists() {
        return missing("the Node SDK (backend/tests/sdk/node_modules)");
    }
    let server = RunningServer::start().await.unwrap();
    let mut program = Command::new("node")
        .arg("program.mjs")
        .arg(&server.url)
        .current_dir(&folder)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let wall = "wall:wall:nanoseconds:wall:nanoseconds";
    let tree = server.wait_for_function("node-bakery", wall, "kneadDough").await.unwrap();
    assert!(tree.total > 0);
    assert_eq!(server.label_values("node-bakery", "oven").await.unwrap(), ["left"]);
    program.kill().await.unwrap();
}
