//! `flarepath demo`: a small shop of real processes that push profiles to a running server, or a recording of it.

mod replay;

use super::access::AccessArgs;
use super::server_client::ServerClient;
use crate::config::parse_span;
use crate::demo::fleet::{Event, Fleet, FleetOptions};
use crate::demo::node::NodeService;
use crate::demo::recorder::Recorder;
use crate::demo::scrape::discovery::Discovery;
use crate::shutdown;
use anyhow::bail;
use futures::FutureExt;
use replay::ReplayArgs;
use reqwest::{StatusCode, Url};
use std::future::pending;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::pin::pin;
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

    /// Record what the processes push in this directory, and forward it to the server
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,

    /// Only record, without a server
    #[arg(long, requires = "record", conflicts_with = "url")]
    no_server: bool,

    /// Keep the addresses of the processes' metrics in this file, for file_sd of Prometheus, with a stand-in for
    /// kube-state-metrics
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    metrics_targets: Option<PathBuf>,

    /// Packages of the service sessions, which Node runs; its program is beside this directory. Or `none`: without this service
    #[arg(
        long,
        value_name = "DIR",
        default_value = "backend/demo-node/node_modules",
        conflicts_with = "replay"
    )]
    node_modules: PathBuf,

    #[command(flatten)]
    replay: ReplayArgs,

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
    if !args.no_server {
        check_server(&args).await?;
    }
    if let Some(dir) = &args.replay.replay {
        return replay::run(&args.replay, dir, &args.url, &args.access).await;
    }
    let server = (!args.no_server).then(|| args.url.as_str().trim_end_matches('/').to_owned());
    let recorder = match &args.record {
        Some(dir) => Some(Recorder::start(dir, &note(&args), server.clone()).await?),
        None => None,
    };
    let url = match &recorder {
        Some(recorder) => recorder.url()?,
        None => server.clone().unwrap_or_default(),
    };
    let discovery = match &args.metrics_targets {
        Some(file) => Some(discovery(file).await?),
        None => None,
    };
    let options = FleetOptions {
        url,
        token: args.access.token().cloned(),
        deploy_after: args.deploy_after.0,
        every_secs: args.push_every.as_secs().max(1),
        node: node_service(&args).await,
    };
    let outcome = run_fleet(options, recorder.as_ref(), discovery.as_ref(), server.as_deref()).await;
    if let Some(recorder) = recorder {
        recorder.finish()?;
    }
    if let Some(discovery) = discovery {
        discovery.finish()?;
    }
    outcome
}

/// Makes the fleet's metrics known to Prometheus.
async fn discovery(file: &Path) -> anyhow::Result<Discovery> {
    let discovery = Discovery::start(file.to_owned()).await?;
    print(&format!(
        "Prometheus finds the processes' metrics by {}. Limits and restarts are those of a stand-in for kube-state-metrics at {}: \
         there is no cluster.",
        file.display(),
        discovery.kube_state_url()
    ));
    Ok(discovery)
}

/// The service that Node runs, unless it is not wanted, or missing, which is said.
async fn node_service(args: &DemoArgs) -> Option<NodeService> {
    if args.node_modules == Path::new("none") {
        return None;
    }
    if args.record.is_some() {
        print("Without the service sessions: recordings have no profiles from Node.");
        return None;
    }
    NodeService::find(&args.node_modules)
        .await
        .inspect_err(|missing| print(&format!("Without the service sessions: {missing}.")))
        .ok()
}

/// What a recording is of.
fn note(args: &DemoArgs) -> String {
    let deploy = match args.deploy_after.0 {
        Some(after) => format!("checkout v2 after {} s", after.as_secs()),
        None => "no deployment".to_owned(),
    };
    format!(
        "flarepath {} demo: {deploy}; a push of each process every {} s",
        env!("CARGO_PKG_VERSION"),
        args.push_every.as_secs().max(1)
    )
}

/// Runs the fleet until it is stopped or cannot go on, and has its last profiles pushed.
async fn run_fleet(
    options: FleetOptions,
    recorder: Option<&Recorder>,
    discovery: Option<&Discovery>,
    server: Option<&str>,
) -> anyhow::Result<()> {
    let deploys = options.deploy_after;
    let recording = async {
        match recorder {
            Some(recorder) => recorder.run().await,
            None => pending().await,
        }
    };
    let mut recording = pin!(recording.fuse());
    let mut fleet = Fleet::start(options)?;
    let replicas = fleet.replicas();
    let discovering = async {
        match discovery {
            Some(discovery) => discovery.run(replicas).await,
            None => pending().await,
        }
    };
    let outcome = tokio::select! {
        outcome = fleet.run(|event| report(&event, server, deploys)) => outcome,
        error = recording.as_mut() => Err(error.into()),
        error = discovering => Err(error),
        () = shutdown::requested() => {
            print("Shutting down; each process pushes its last profile.");
            Ok(())
        }
    };
    let mut stopping = pin!(fleet.stop());
    tokio::select! {
        () = stopping.as_mut() => outcome,
        error = recording => {
            stopping.await;
            outcome.and(Err(error.into()))
        }
    }
}

/// Checks server and token first, as the SDK pushes in the background and reports no failures.
async fn check_server(args: &DemoArgs) -> anyhow::Result<()> {
    // The SDK of the demo's processes has no TLS.
    if args.url.scheme() != "http" {
        bail!("--url {}: expected http://HOST:PORT", args.url);
    }
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

fn report(event: &Event, server: Option<&str>, deploys: Option<Duration>) {
    match event {
        Event::Started(count) => {
            let see = server.map_or_else(String::new, |url| format!("; see {url}"));
            print(&format!("{count} processes of a small shop are running and being profiled{see}"));
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
        Event::Said { pod, text } => print(&format!("{pod}: {text}")),
    }
}

/// Writes a line to standard output. The demo continues if that is closed.
fn print(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
