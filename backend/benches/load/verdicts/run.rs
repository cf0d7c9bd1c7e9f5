//! A server that has received a recorded run, and verdicts on it.

use super::pairs::Window;
use crate::server::{self, Server};
use anyhow::{Context, Result, bail};
use flarepath::demo::recording::{FILE, Recording};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::verdict::VerdictResponse;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

const TYPE: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

/// The server and the recording.
pub(super) struct Run<'a> {
    pub(super) recording: Recording,
    server: Server,
    http: &'a reqwest::Client,
    /// When the recording starts, as it was replayed.
    zero: UnixNanos,
    _data: tempfile::TempDir,
}

impl<'a> Run<'a> {
    /// Replays the recording as if it had ended a minute ago.
    pub(super) async fn replayed(http: &'a reqwest::Client) -> Result<Run<'a>> {
        let path = folder().join(FILE);
        let file = std::fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        let recording = Recording::read(&file)?;
        let data = tempfile::tempdir()?;
        let server = Server::start(&server::binary(), data.path(), http, server::OPEN).await?;
        let start = SystemTime::now() - recording.length() - Duration::from_secs(60);
        let start = humantime::format_rfc3339_seconds(start).to_string();
        replay(&server, &start)?;
        let since = humantime::parse_rfc3339(&start)?.duration_since(SystemTime::UNIX_EPOCH)?;
        let zero = UnixNanos::default().plus(since);
        Ok(Run { recording, server, http, zero, _data: data })
    }

    /// The verdict on a window, compared with another, or with what the server chooses.
    pub(super) async fn verdict(
        &self,
        selector: &str,
        comparison: Window,
        baseline: Option<Window>,
    ) -> Result<VerdictResponse> {
        let ms = |at: Duration| self.zero.plus(at).as_millis().to_string();
        let mut url = reqwest::Url::parse(&format!("{}/api/v1/verdict", self.server.url))?;
        url.query_pairs_mut()
            .append_pair("type", TYPE)
            .append_pair("selector", selector)
            .append_pair("from", &ms(comparison.start))
            .append_pair("until", &ms(comparison.end));
        if let Some(baseline) = baseline {
            url.query_pairs_mut()
                .append_pair("baseline_from", &ms(baseline.start))
                .append_pair("baseline_until", &ms(baseline.end));
        }
        let answer = self.http.get(url).header("accept", "application/json").send().await?;
        if !answer.status().is_success() {
            bail!("no verdict: {} {}", answer.status(), answer.text().await?);
        }
        Ok(answer.json().await?)
    }

    pub(super) fn stop(self) -> Result<()> {
        self.server.stop()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/recorded")
}

fn replay(server: &Server, start: &str) -> Result<()> {
    let status = Command::new(server::binary())
        .args(["demo", "--url", &server.url, "--start", start, "--replay"])
        .arg(folder())
        .stdout(Stdio::null())
        .status()?;
    if !status.success() {
        bail!("the recording cannot be replayed: {status}");
    }
    Ok(())
}
