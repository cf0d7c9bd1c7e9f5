//! Failing starts of the server: a one-line error and exit code 1.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

fn serve(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
    command.arg("serve").args(args).env_remove("FLAREPATH_CONFIG");
    command
}

/// Runs a start that must fail; returns its one-line error.
fn refusal(args: &[&str]) -> String {
    let Output { status, stderr, stdout } = serve(args).output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{stderr}");
    assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(&stdout));
    let complaint: Vec<&str> = stderr.lines().filter(|line| line.starts_with("flarepath: ")).collect();
    assert_eq!(complaint.len(), 1, "{stderr}");
    complaint[0].to_owned()
}

fn in_dir(dir: &Path) -> String {
    dir.to_str().unwrap().to_owned()
}

#[test]
fn explains_a_taken_port() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let dir = tempfile::tempdir().unwrap();
    let line = refusal(&["--listen", &address, "--data", &in_dir(dir.path())]);
    assert!(line.contains(&address) && line.contains("--listen"), "{line}");
}

#[test]
fn rejects_an_address_open_to_the_network() {
    let dir = tempfile::tempdir().unwrap();
    let line = refusal(&["--listen", "0.0.0.0:0", "--data", &in_dir(dir.path())]);
    assert!(line.contains("0.0.0.0:0") && line.contains("--insecure-no-auth"), "{line}");
}

#[test]
fn rejects_an_unusable_data_directory() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let line = refusal(&["--listen", "127.0.0.1:0", "--data", &in_dir(&file)]);
    assert!(line.contains("data directory"), "{line}");
}

#[test]
fn rejects_a_misspelt_key() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("flarepath.toml");
    std::fs::write(&file, "[query]\ntimeoutt = '5s'\n").unwrap();
    let line = refusal(&["--config", &in_dir(&file)]);
    assert!(line.contains("query.timeoutt") && line.contains("flarepath.toml"), "{line}");
    let output = serve(&["--listen", "127.0.0.1:0"]).env("FLAREPATH_LISSEN", "x").output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("lissen") && stderr.contains("FLAREPATH_"), "{stderr}");
}

#[test]
fn the_variable_that_names_the_file_is_not_a_setting_itself() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("flarepath.toml");
    std::fs::write(&file, "[query]\ntimeoutt = '5s'\n").unwrap();
    let output = serve(&[]).env("FLAREPATH_CONFIG", &file).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("query.timeoutt") && stderr.contains("flarepath.toml"), "{stderr}");
    std::fs::write(&file, "listen = '0.0.0.0:0'\n").unwrap();
    let output = serve(&[]).env("FLAREPATH_CONFIG", &file).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("refusing to listen on 0.0.0.0:0"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn stops_cleanly_and_releases_the_data_directory() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let mut child = serve(&["--listen", "127.0.0.1:0", "--data", &in_dir(dir.path())])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("http://127.0.0.1:"), "{line}");
        let second = refusal(&["--listen", "127.0.0.1:0", "--data", &in_dir(dir.path())]);
        assert!(second.contains("in use by another process"), "{second}");
        let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        assert!(child.wait().unwrap().success());
    }
}
