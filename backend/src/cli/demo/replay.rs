//! `flarepath demo --replay`: pushes a recording again.

use super::print;
use crate::cli::access::AccessArgs;
use crate::cli::server_client::ServerClient;
use crate::clock::{Clock, SystemClock};
use crate::config::parse_span;
use crate::demo::recording::{FILE, Recording};
use crate::demo::replay::{Pace, Replay, Until};
use crate::shutdown;
use anyhow::{Context, bail};
use flarepath_profile::unix_nanos::UnixNanos;
use reqwest::Url;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Time limit of one push.
const TIMEOUT: Duration = Duration::from_secs(120);

#[derive(clap::Args, Debug)]
pub(super) struct ReplayArgs {
    /// Push the recording in this directory, instead of running processes
    #[arg(long, value_name = "DIR", conflicts_with_all = ["record", "deploy_after", "push_every"])]
    pub(super) replay: Option<PathBuf>,

    /// Replay so many times as fast; profiles keep the distances of their times, and end when the last one is pushed [default: 1]
    #[arg(long, value_name = "N", requires = "replay", value_parser = speed)]
    speed: Option<f64>,

    /// Push everything at once, with times that end now
    #[arg(long, requires = "replay", conflicts_with_all = ["speed", "start"])]
    ending_now: bool,

    /// Time at which the recording starts, in RFC 3339; everything is pushed at once unless --speed is given
    #[arg(long, value_name = "TIME", requires = "replay", value_parser = time)]
    start: Option<UnixNanos>,

    /// How much of the recording is pushed: a span, or deploy+SPAN for so long after version 2 was deployed [default: all]
    #[arg(long, value_name = "SPAN", requires = "replay", value_parser = until)]
    until: Option<Until>,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if speed >= 1.0 && speed.is_finite() => Ok(speed),
        _ => Err("expected a number of 1 or more".to_owned()),
    }
}

fn time(text: &str) -> Result<UnixNanos, String> {
    let time = text.parse::<jiff::Timestamp>().map_err(|_| "expected a time such as 2026-11-29T22:00:00Z")?;
    Ok(UnixNanos::from_millis(time.as_millisecond()))
}

fn until(text: &str) -> Result<Until, String> {
    let span = |text: &str| parse_span(text).map_err(|error| format!("{error}, or deploy+15m"));
    match text.strip_prefix("deploy+") {
        Some(after) => span(after).map(Until::Deploy),
        None => span(text).map(Until::Start),
    }
}

impl ReplayArgs {
    fn pace(&self) -> Pace {
        match self.speed {
            Some(speed) => Pace::Times(speed),
            None if self.ending_now || self.start.is_some() => Pace::AtOnce,
            None => Pace::Times(1.0),
        }
    }
}

/// Pushes the recording in `dir`.
pub(super) async fn run(
    args: &ReplayArgs,
    dir: &Path,
    server: &Url,
    access: &AccessArgs,
) -> anyhow::Result<()> {
    let path = dir.join(FILE);
    let file = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let recording = Recording::read(&file).with_context(|| format!("cannot read {}", path.display()))?;
    let until = args.until.unwrap_or(Until::End);
    let mut replay = Replay::new(&recording, args.pace(), args.start, until, SystemClock.now())?;
    let all = replay.left();
    print(&describe(&recording, &replay));
    let client = ServerClient::new(server, access, TIMEOUT)?;
    let outcome = tokio::select! {
        outcome = send(&mut replay, &client) => outcome,
        () = shutdown::requested() => Ok(()),
    };
    print(&format!("Pushed {} profiles of {all}.", all - replay.left()));
    outcome
}

async fn send(replay: &mut Replay<'_>, client: &ServerClient<'_>) -> anyhow::Result<()> {
    let began = SystemClock.elapsed();
    while let Some(due) = replay.next_due() {
        let elapsed = SystemClock.elapsed().saturating_sub(began);
        let Some(body) = replay.request(elapsed) else {
            SystemClock.sleep(due.saturating_sub(elapsed)).await;
            continue;
        };
        let response = client.post("push.v1.PusherService/Push", "application/proto", body).await?;
        if !response.status.is_success() {
            bail!("the server refused profiles ({}): {}", response.status, response.text);
        }
    }
    Ok(())
}

fn describe(recording: &Recording, replay: &Replay<'_>) -> String {
    let time = |at: UnixNanos| {
        jiff::Timestamp::from_millisecond(at.as_millis()).map_or_else(|_| String::new(), |at| at.to_string())
    };
    let deployed = recording.deployed().filter(|at| *at <= replay.length);
    let deployed = deployed.map_or_else(String::new, |at| format!(", version 2 at {}", time(replay.at(at))));
    let (start, end) = (time(replay.zero), time(replay.at(replay.length)));
    format!(
        "Replaying {} profiles ({}): from {start}{deployed}, until {end}. Stop with Ctrl+C.",
        replay.left(),
        recording.note()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_spans_times_and_speeds() {
        assert_eq!(until("90m"), Ok(Until::Start(Duration::from_secs(5400))));
        assert_eq!(until("deploy+2m"), Ok(Until::Deploy(Duration::from_secs(120))));
        assert!(until("deploy").unwrap_err().ends_with(", or deploy+15m"));
        assert_eq!(time("1970-01-01T00:00:02Z"), Ok(UnixNanos(2_000_000_000)));
        assert!(time("yesterday").is_err());
        assert_eq!(speed("60"), Ok(60.0));
        assert!(["0.5", "0", "-1", "inf", "NaN", "fast"].iter().all(|text| speed(text).is_err()));
    }
}
