//! `flarepath demo`: a small shop of real processes, profiled into a running server.

use super::access::AccessArgs;
use crate::config::parse_span;
use crate::demo::fleet::{Event, Fleet, FleetOptions};
use crate::shutdown;
use anyhow::{Context, bail};
use reqwest::StatusCode;
use std::io::Write;
use std::time::Duration;

#[derive(clap::Args, Debug)]
pub(super) struct DemoArgs {
    /// Server to push profiles to
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:4280")]
    url: String,

    /// When the service checkout is deployed in version 2, which is slower; `never` for not at all
    #[arg(long, value_name = "SPAN", default_value = "2m", value_parser = deploy_after)]
    deploy_after: DeployAfter,

    /// Time between two pushes of a process, in whole seconds
    #[arg(long, value_name = "SPAN", default_value = "10s", value_parser = parse_span)]
    push_every: Duration,

    #[command(flatten)]
    access: AccessArgs,
}

/// A span, or never.
#[derive(Clone, Copy, Debug)]
struct DeployAfter(Option<Duration>);

fn deploy_after(text: &str) -> Result<DeployAfter, String> {
    match text {
        "never" => Ok(DeployAfter(None)),
        span => parse_span(span).map(|span| DeployAfter(Some(span))).map_err(|e| format!("{e}, or `never`")),
    }
}

pub(super) fn run(args: DemoArgs) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(demo(args))
}

async fn demo(args: DemoArgs) -> anyhow::Result<()> {
    let url = args.url.trim_end_matches('/').to_owned();
    check_reachable(&url, &args.access).await?;
    let options = FleetOptions {
        url: url.clone(),
        token: args.access.token().cloned(),
        deploy_after: args.deploy_after.0,
        every_secs: args.push_every.as_secs().max(1),
    };
    let deploys = options.deploy_after;
    let mut fleet = Fleet::start(options)?;
    let outcome = tokio::select! {
        outcome = fleet.run(|event| tell(&event, &url, deploys)) => outcome,
        () = shutdown::requested() => {
            say("Ending; each process pushes its last profile.");
            Ok(())
        }
    };
    fleet.end().await;
    outcome
}

/// The SDK pushes in the background and says nothing when nobody listens, so we ask first.
async fn check_reachable(url: &str, access: &AccessArgs) -> anyhow::Result<()> {
    let client = crate::web_client::build(None, |client| client.timeout(Duration::from_secs(5)))?;
    let answer = client.get(format!("{url}/readyz")).send().await.with_context(|| {
        format!("nothing answers at {url}: start `flarepath serve` first, or name the server with --url")
    })?;
    if !answer.status().is_success() {
        bail!("{url} answers, but is not a Flarepath that is ready (GET /readyz: {})", answer.status());
    }
    // Without a profile nothing is stored; whether the token is good is said before.
    let answer = access.sign(client.post(format!("{url}/api/v1/profiles"))).send().await?;
    let status = answer.status();
    if let Some(error) = access.refused(status, "a token that may add profiles is needed") {
        return Err(error);
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        bail!("{url} takes no profiles yet: open it in a browser and set it up");
    }
    Ok(())
}

fn tell(event: &Event, url: &str, deploys: Option<Duration>) {
    match event {
        Event::Started(count) => {
            say(&format!("{count} processes of a small shop run and are profiled; see them at {url}"));
            match deploys {
                Some(after) => say(&format!(
                    "checkout moves to v2 in {} s, and gets slower. Stop with Ctrl+C.",
                    after.as_secs()
                )),
                None => say("Stop with Ctrl+C."),
            }
        }
        Event::Deployed { pod } => say(&format!("deployed {pod}")),
        Event::Restarted { pod } => say(&format!("{pod} had ended and was started again")),
    }
}

/// A line for people; if nobody reads it, the demo goes on.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
