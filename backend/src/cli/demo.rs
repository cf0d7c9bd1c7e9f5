//! `flarepath demo`: a small shop of real processes that push profiles to a running server.

use super::access::AccessArgs;
use super::server_client::ServerClient;
use crate::config::parse_span;
use crate::demo::fleet::{Event, Fleet, FleetOptions};
use crate::shutdown;
use anyhow::bail;
use reqwest::{StatusCode, Url};
use std::io::Write;
use std::time::Duration;

#[derive(clap::Args, Debug)]
pub(super) struct DemoArgs {
    /// Server to push profiles to
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:4280")]
    url: Url,

    /// Time until the slower version 2 of the service checkout is deployed; or `never`
    #[arg(long, value_name = "SPAN", default_value = "2m", value_parser = deploy_after)]
    deploy_after: DeployAfter,

    /// Push interval of each process, in whole seconds
    #[arg(long, value_name = "SPAN", default_value = "10s", value_parser = parse_span)]
    push_every: Duration,

    #[command(flatten)]
    access: AccessArgs,
}

/// A duration, or never.
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
    check_server(&args).await?;
    let url = args.url.as_str().trim_end_matches('/').to_owned();
    let options = FleetOptions {
        url: url.clone(),
        token: args.access.token().cloned(),
        deploy_after: args.deploy_after.0,
        every_secs: args.push_every.as_secs().max(1),
    };
    let deploys = options.deploy_after;
    let mut fleet = Fleet::start(options)?;
    let outcome = tokio::select! {
        outcome = fleet.run(|event| report(&event, &url, deploys)) => outcome,
        () = shutdown::requested() => {
            print("Shutting down; each process pushes its last profile.");
            Ok(())
        }
    };
    fleet.stop().await;
    outcome
}

/// Checks server and token first, as the SDK pushes in the background and reports no failures.
async fn check_server(args: &DemoArgs) -> anyhow::Result<()> {
    let server = ServerClient::new(&args.url, &args.access, Duration::from_secs(5))?;
    server.check_ready().await?;
    // An empty upload stores nothing, but the token is checked first.
    match server.upload(&[], Vec::new()).await?.status {
        StatusCode::SERVICE_UNAVAILABLE => {
            bail!(
                "{} has not been claimed yet: open it in a browser and create the first administrator",
                args.url
            )
        }
        _ => Ok(()),
    }
}

fn report(event: &Event, url: &str, deploys: Option<Duration>) {
    match event {
        Event::Started(count) => {
            print(&format!("{count} processes of a small shop are running and being profiled; see {url}"));
            match deploys {
                Some(after) => print(&format!(
                    "checkout v2, which is slower, will be deployed in {} s. Stop with Ctrl+C.",
                    after.as_secs()
                )),
                None => print("Stop with Ctrl+C."),
            }
        }
        Event::Deployed { pod } => print(&format!("deployed {pod}")),
        Event::Restarted { pod } => print(&format!("{pod} exited and was restarted")),
    }
}

/// Writes a line to standard output. The demo continues if that is closed.
fn print(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
