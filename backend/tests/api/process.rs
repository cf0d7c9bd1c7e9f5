//! The server process: file modes, signals, open files.
#![cfg(unix)]

use std::fs::{File, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longer than any state takes to be reached.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server without sign-in. Killed when dropped.
struct Running {
    address: String,
    process: Child,
    dir: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Running {
    /// `limits` are arguments of `ulimit`; the configuration is in `flarepath.toml`.
    fn start(dir: TempDir, limits: &str, config: &str) -> Running {
        std::fs::write(dir.path().join("flarepath.toml"), config).unwrap();
        let log = File::create(dir.path().join("stderr")).unwrap();
        let mut process = Command::new("sh")
            .args(["-c", &format!("ulimit {limits}; umask 022; exec \"$@\""), "sh"])
            .arg(env!("CARGO_BIN_EXE_flarepath"))
            .args(["serve", "--listen", "127.0.0.1:0", "--insecure-no-auth", "--data"])
            .arg(dir.path().join("data"))
            .arg("--config")
            .arg(dir.path().join("flarepath.toml"))
            .env("FLAREPATH_SELF_PROFILE", "false")
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let word = line.split_whitespace().find_map(|word| word.strip_prefix("http://"));
        let address = word.unwrap_or_else(|| panic!("{line}")).to_owned();
        Running { address, process, dir }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("stderr")).unwrap()
    }

    #[expect(clippy::disallowed_methods, reason = "polls the log of another process")]
    fn wait_for_log(&self, text: &str) {
        let start = Instant::now();
        while !self.log().contains(text) {
            assert!(start.elapsed() < PATIENCE, "no “{text}” in {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn hang_up(&self) {
        let sent = Command::new("kill").args(["-HUP", &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// The status line of `GET path`.
    fn get(&self, path: &str) -> String {
        let mut stream = self.connect();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.lines().next().unwrap_or_default().to_owned()
    }
}

fn modes(folder: &Path) -> Vec<(String, u32)> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    entries.map(|entry| (entry.file_name().into_string().unwrap(), mode(&entry.path()))).collect()
}

#[test]
fn other_users_cannot_read_the_data_directory() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let check = |server: &Running| {
        assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
        let modes = modes(&data);
        assert!(modes.len() >= 3, "{modes:?}");
        assert!(modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
        assert!(server.get("/readyz").contains("200"));
    };
    let mut server = Running::start(dir, "-c 0", "");
    check(&server);
    assert!(!server.log().contains("mode corrected"), "{}", server.log());
    // The modes of an earlier version.
    server.process.kill().unwrap();
    server.process.wait().unwrap();
    std::fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    for (name, _) in modes(&data) {
        std::fs::set_permissions(data.join(name), Permissions::from_mode(0o644)).unwrap();
    }
    let dir = std::mem::replace(&mut server.dir, tempfile::tempdir().unwrap());
    let server = Running::start(dir, "-c 0", "");
    check(&server);
    assert!(server.log().contains("mode corrected"), "{}", server.log());
}

#[test]
fn sighup_reloads_the_log_level_and_never_terminates_the_server() {
    const AGAIN: &str = "reloaded log level, files of objectives and secret files";
    let level = |level: &str| format!("[log]\nlevel = '{level}'\n");
    let server = Running::start(tempfile::tempdir().unwrap(), "-c 0", &level("error"));
    let file = server.dir.path().join("flarepath.toml");
    std::fs::write(&file, level("debug")).unwrap();
    server.hang_up();
    server.wait_for_log(AGAIN);
    assert!(server.get("/healthz").contains("200"));
    server.wait_for_log("request answered");
    std::fs::write(&file, level("flarepath=loud")).unwrap();
    server.hang_up();
    server.wait_for_log("invalid configuration; nothing changed");
    assert!(server.get("/healthz").contains("200"));
}

#[test]
fn sighup_reads_files_of_objectives_again() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("slos.yaml");
    std::fs::write(&file, "").unwrap();
    let config = format!("[slo_files]\npaths = ['{}']\n", file.display());
    let server = Running::start(dir, "-c 0", &config);
    std::fs::write(&file, "version: prometheus/v2\n").unwrap();
    server.hang_up();
    server.wait_for_log("slos.yaml, document 1, `version`: unknown version");
    std::fs::write(&file, include_str!("../../testdata/slo/sloth.yaml")).unwrap();
    server.hang_up();
    server.wait_for_log("reloaded log level, files of objectives and secret files");
}

#[test]
fn serves_requests_despite_more_idle_connections_than_open_files() {
    let server = Running::start(tempfile::tempdir().unwrap(), "-n 200", "");
    assert!(server.log().contains("fewer connections than configured"), "{}", server.log());
    let mut idle = Vec::new();
    for _ in 0..6 {
        for _ in 0..50 {
            let mut stream = server.connect();
            write!(stream, "GET / HTTP/1.1\r\nHost: loc").unwrap();
            idle.push(stream);
        }
        for path in ["/healthz", "/readyz", "/api/v1/services"] {
            assert!(server.get(path).contains("200"), "{path}");
        }
    }
    assert_eq!(idle.len(), 300);
}
