//! The change of a recorded run: version 2 of checkout compiles its regular expressions for every order. What verdicts say while the
//! data arrive.

use super::means::difference_of_means;
use super::pairs::Window;
use super::run::Run;
use crate::report::Report;
use anyhow::{Context, Result};
use flarepath::demo::recording::{Push, Recording};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::verdict::{VerdictFunction, VerdictResponse};
use std::collections::BTreeSet;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const SERVICE: &str = "checkout";
/// Ends of names, which have their crates before them.
const CULPRIT: &str = "Regex::new";
const CALLER: &str = "handle_order";
/// The range that is asked about, in minutes before its end; for services that did not change, each of the others, too.
const RANGE: u32 = 30;
const RANGES: [u32; 3] = [15, RANGE, 60];
/// The minute after the change by which it must be named.
const LATEST: u32 = 10;
/// How long each version must have run, in minutes.
const LEAST_RUN: f64 = 60.0;

/// Five rows. Whether the bounds held.
pub(super) async fn measure(run: &Run<'_>, report: &mut Report) -> Result<bool> {
    let deployed = run.recording.deployed().context("no second version in the recording")?;
    let mut held = first_minutes(run, deployed, report).await?;
    held &= later(run, deployed, report).await?;
    held &= other_services(run, deployed, report).await?;
    Ok(held)
}

/// Minute by minute until the change is named.
async fn first_minutes(run: &Run<'_>, deployed: Duration, report: &mut Report) -> Result<bool> {
    let early = asked(run, SERVICE, deployed + 2 * MINUTE, RANGE).await?;
    let is_too_little = early.outcome == "too-little-data";
    let mut held =
        report.bounded("recorded: version 2 after 2 min", early.outcome, "too-little-data", is_too_little);
    let mut named = None;
    for minute in 1..=LATEST {
        if is_right(&asked(run, SERVICE, deployed + minute * MINUTE, RANGE).await?) {
            named = Some(minute);
            break;
        }
    }
    let text = named.map_or_else(|| "not".to_owned(), |minute| format!("after {minute} min"));
    let what = format!("recorded: `{CULPRIT}` under `{CALLER}` of version 2 is named, with more cost");
    held &= report.bounded(&what, text, &format!("≤ {LATEST} min"), named.is_some());
    Ok(held)
}

/// Every five minutes from then on: the right function, and an interval that contains the means of all of both versions.
async fn later(run: &Run<'_>, deployed: Duration, report: &mut Report) -> Result<bool> {
    let (mut all, mut right, mut contained) = (0, 0, 0);
    let mut difference = None;
    for minute in minutes(run, deployed, LATEST) {
        let verdict = asked(run, SERVICE, deployed + minute * MINUTE, RANGE).await?;
        all += 1;
        if is_right(&verdict) {
            right += 1;
        } else {
            println!("not the right function after {minute} min: {}", verdict.headline);
        }
        let culprit = verdict.functions.iter().find(|function| function.name.ends_with(CULPRIT));
        let Some((culprit, cost)) = culprit.and_then(|f| Some((f, f.cost.as_ref()?))) else { continue };
        let mean = *difference.get_or_insert_with(|| difference_of_means(&run.recording, &culprit.name));
        if (cost.low..=cost.high).contains(&mean) {
            contained += 1;
        } else {
            println!("after {minute} min the interval {} to {} does not contain {mean}", cost.low, cost.high);
        }
    }
    let of_all = format!("all of {all}");
    let what = format!("recorded: the same every five minutes from minute {LATEST} on");
    let mut held = report.bounded(&what, right.to_string(), &of_all, right == all);
    let ran = ["v1", "v2"].map(|version| minutes_of(&run.recording, version));
    let is_long = ran.iter().all(|minutes| minutes.round() >= LEAST_RUN);
    let what = format!(
        "recorded: its interval then contains the difference of the means of {:.0} and {:.0} min",
        ran[0], ran[1]
    );
    held &= report.bounded(&what, contained.to_string(), &of_all, contained == all && is_long);
    Ok(held)
}

/// What is said of the services that did not change, within an hour.
async fn other_services(run: &Run<'_>, deployed: Duration, report: &mut Report) -> Result<bool> {
    let recording = &run.recording;
    let services: BTreeSet<&str> =
        recording.pushes().iter().map(|push| recording.labels(push).service()).collect();
    let (mut all, mut accused) = (0, 0);
    for service in services.into_iter().filter(|service| *service != SERVICE) {
        for minute in minutes(run, deployed, 5) {
            for range in RANGES {
                let verdict = asked(run, service, deployed + minute * MINUTE, range).await?;
                all += 1;
                if verdict.outcome == "changed" {
                    accused += 1;
                    println!("{service} after {minute} min, over {range} min: {}", verdict.headline);
                }
            }
        }
    }
    let what = format!("recorded: other services accused within an hour, in {all} verdicts");
    Ok(report.bounded(&what, accused.to_string(), "0", all > 0 && accused == 0))
}

/// Every fifth minute of the hour after the change, as far as the recording reaches.
fn minutes(run: &Run<'_>, deployed: Duration, first: u32) -> impl Iterator<Item = u32> {
    let length = run.recording.length();
    (first..=60).step_by(5).filter(move |minute| deployed + *minute * MINUTE <= length)
}

/// The verdict on a service, with the baseline that the server chooses, from what had arrived by then.
async fn asked(run: &Run<'_>, service: &str, at: Duration, range: u32) -> Result<VerdictResponse> {
    let end = arrived_by(&run.recording, at);
    let comparison = Window { start: end.saturating_sub(range * MINUTE), end };
    run.verdict(&format!("{{service_name={service:?}}}"), comparison, None).await
}

/// The end of a range that has no profile that arrived later.
fn arrived_by(recording: &Recording, at: Duration) -> Duration {
    // Profiles are pushed within a minute of their start.
    let late = recording.pushes().iter().filter(|push| push.arrived > at && push.arrived <= at + 2 * MINUTE);
    late.map(|push| start(recording, push)).min().map_or(at, |first| first.min(at))
}

/// When a profile starts, from the start of the recording.
fn start(recording: &Recording, push: &Push) -> Duration {
    let nanos = recording.profile(push, UnixNanos(0)).profile.time_nanos;
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(0))
}

/// Minutes from the start of the first profile of a version to the arrival of the last.
fn minutes_of(recording: &Recording, version: &str) -> f64 {
    let is_of = |push: &&Push| {
        let labels = recording.labels(push);
        labels.service() == SERVICE && labels.get("version") == Some(version)
    };
    let mut pushes = recording.pushes().iter().filter(is_of);
    let Some(first) = pushes.next() else { return 0.0 };
    let last = pushes.next_back().unwrap_or(first);
    last.arrived.saturating_sub(start(recording, first)).as_secs_f64() / 60.0
}

/// Whether the first function of a verdict is the culprit, and costs more.
fn is_right(verdict: &VerdictResponse) -> bool {
    let is_culprit = |function: &VerdictFunction| {
        let costs_more = function.cost.as_ref().is_some_and(|cost| cost.low > 0.0);
        function.name.ends_with(CULPRIT)
            && function.called_by.ends_with(CALLER)
            && costs_more
            && !function.moved
    };
    verdict.outcome == "changed" && verdict.functions.first().is_some_and(is_culprit)
}
