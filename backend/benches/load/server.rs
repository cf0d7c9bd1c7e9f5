//! The measured server: a release binary with its own data directory.

use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Sign-in is off: the load measures profiles, not accounts.
pub(crate) const OPEN: &[&str] = &["--insecure-no-auth"];

/// A running `flarepath serve`. Killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    /// From `exec` to the first 200 of `/readyz`.
    pub(crate) ready_in: Duration,
}

impl Server {
    pub(crate) async fn start(
        binary: &Path,
        data: &Path,
        http: &reqwest::Client,
        options: &[&str],
    ) -> Result<Server> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let started = Instant::now();
        let child = Command::new(binary)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
            .arg(data)
            .args(options)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("start {}", binary.display()))?;
        let mut server = Server { child, url: format!("http://127.0.0.1:{port}"), ready_in: Duration::ZERO };
        let ready = format!("{}/readyz", server.url);
        while started.elapsed() < Duration::from_secs(60) {
            if http.get(&ready).send().await.is_ok_and(|r| r.status().is_success()) {
                server.ready_in = started.elapsed();
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended at start: {status}");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("the server was not ready within 60 s")
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// CPU time used so far, user and system.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let after_name = stat.rsplit_once(')').context("stat has a process name")?.1;
        let field = |i: usize| -> Result<u64> {
            Ok(after_name.split_whitespace().nth(i).context("short stat")?.parse()?)
        };
        // Fields 14 and 15 of proc(5), in ticks of 10 ms; two fields stand before the part read here.
        Ok(Duration::from_millis((field(11)? + field(12)?) * 10))
    }

    /// Current and peak resident memory, in MB (10^6 bytes).
    pub(crate) fn memory_mb(&self) -> Result<(f64, f64)> {
        memory_mb(self.pid())
    }

    /// Shuts the server down gracefully and waits for its exit.
    pub(crate) fn stop(mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) && self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}

/// A running server without sign-in that has a configuration file. Its data are deleted with it.
pub(crate) struct Configured {
    pub(crate) server: Server,
    _folder: TempDir,
}

impl Configured {
    /// Starts it with an empty data directory and this content of the file.
    pub(crate) async fn start(config: &str, http: &reqwest::Client) -> Result<Configured> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("flarepath.toml");
        std::fs::write(&file, config)?;
        let file = file.display().to_string();
        let options = [OPEN, &["--config", &file]].concat();
        let server = Server::start(&binary(), &folder.path().join("data"), http, &options).await?;
        Ok(Configured { server, _folder: folder })
    }
}

/// Current and peak resident memory of a process, in MB (10^6 bytes).
pub(crate) fn memory_mb(pid: u32) -> Result<(f64, f64)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kib = |key: &str| -> Result<f64> {
        let line = status.lines().find(|l| l.starts_with(key)).with_context(|| format!("no {key}"))?;
        Ok(line.split_whitespace().nth(1).context("short line")?.parse()?)
    };
    Ok((kib("VmRSS:")? * 1024.0 / 1e6, kib("VmHWM:")? * 1024.0 / 1e6))
}

/// Bytes of all files in a folder.
pub(crate) fn bytes_on_disk(dir: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        sum +=
            if entry.file_type()?.is_dir() { bytes_on_disk(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(sum)
}

/// The binary to measure: `$BENCH_BINARY`, or the release build beside this benchmark.
pub(crate) fn binary() -> PathBuf {
    std::env::var_os("BENCH_BINARY")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_flarepath")), PathBuf::from)
}
