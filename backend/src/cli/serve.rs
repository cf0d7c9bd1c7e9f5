//! `flarepath serve`: opens the databases, listens, and shuts down gracefully.

use super::reload::{Reload, Sources};
use crate::allocator;
use crate::app::{self, App, PageFiles};
use crate::clock::{SettledClock, SystemClock};
use crate::config::{Config, Flags};
use crate::db::Records;
use crate::http::ConnectionLimits;
use crate::self_profile::{Recorder, Sampling};
use crate::store::factory::{self, EmbeddedSettings};
use crate::store::{OpenStores, ProfileStore};
use crate::{http, os, shutdown, telemetry};
use anyhow::{Context, anyhow};
use secrecy::ExposeSecret;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// Time that requests in progress get to finish on shutdown.
const GRACE: Duration = Duration::from_secs(10);

#[derive(clap::Args, Debug)]
pub(super) struct ServeArgs {
    /// Address and port to listen on; loopback only unless public_url is set [default: 127.0.0.1:4280]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,

    /// Data directory; created if missing [default: $XDG_DATA_HOME/flarepath or ~/.local/share/flarepath]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Configuration file (TOML); flags and FLAREPATH_… variables override it
    #[arg(long, value_name = "FILE", env = "FLAREPATH_CONFIG")]
    config: Option<PathBuf>,

    /// Disable sign-in, on any listen address: everyone who can reach it has full access
    #[arg(long)]
    insecure_no_auth: bool,
}

pub(super) fn run(args: ServeArgs, page_files: PageFiles) -> anyhow::Result<()> {
    let flags = Flags {
        listen: args.listen,
        data: args.data,
        insecure_no_auth: args.insecure_no_auth.then_some(true),
    };
    let config = Config::load(args.config.as_deref(), &flags)?;
    allocator::map_large_blocks();
    let level = telemetry::start_logging(&config.log);
    let sampling = start_sampling(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let sources = Sources { file: args.config, flags };
    runtime.block_on(async {
        let reload = Reload::listen(sources, level)?;
        serve(config, sampling, page_files, reload).await
    })
}

async fn serve(
    config: Config,
    sampling: Option<Sampling>,
    page_files: PageFiles,
    reload: Reload,
) -> anyhow::Result<()> {
    let limits =
        ConnectionLimits::new(config.connections.clone(), config.proxy.clone(), os::raise_file_limit());
    os::restrict_folder(&config.data);
    let listener = bind(&config).await?;
    let address = listener.local_addr().context("cannot determine the listen address")?;
    let clock = Arc::new(SystemClock);
    let settled = Arc::new(SettledClock::open(&config.data, clock.clone()));
    // Before the stores, which count their requests.
    let metrics = telemetry::start_metrics();
    let stores = open_stores(&config, settled.clone(), clock.clone()).await?;
    let readers: Vec<Arc<dyn ProfileStore>> =
        stores.all.iter().map(|store| store.storage.read.clone()).collect();
    let records = open_records(&config).await?;
    let app = app::from_config(&config, stores, records.clone(), clock)?;
    let app = app.gate(|gate| gate.with_settled(settled));
    let app = app.metrics(metrics).page_files(page_files).build();
    for warning in &app.warnings {
        tracing::warn!("{warning}");
    }
    super::setup::offer(&app, &config, address).await?;
    let recorder = sampling.zip(app.writer.clone());
    let recorder = recorder.map(|(sampling, writer)| Arc::new(Recorder::new(sampling, writer)));
    let mut jobs = app.start_jobs();
    if let Some(recorder) = &recorder {
        jobs.start(recorder.job());
    }
    say_ready(&format!("Flarepath is ready: http://{address}  (data in {})", config.data.display()));
    tokio::select! {
        () = serve_until_stopped(listener, limits, app.clone()) => {}
        never = reload.run(app.clone()) => match never {},
    }
    jobs.stop().await;
    if let Err(error) = app.gate.save_refusals().await {
        tracing::warn!(%error, "cannot store the last failed sign-ins");
    }
    if let Some(recorder) = recorder
        && let Err(error) = recorder.record().await
    {
        tracing::warn!(error, "cannot store the last profile of this server");
    }
    records.close().await;
    let closed = futures::future::join_all(readers.iter().map(|store| store.close())).await;
    closed.into_iter().collect::<Result<(), _>>().context("cannot close the stores cleanly")
}

/// Opens the configured stores; remote ones are not asked yet.
async fn open_stores(
    config: &Config,
    settled: Arc<SettledClock>,
    clock: Arc<SystemClock>,
) -> anyhow::Result<OpenStores> {
    let embedded = EmbeddedSettings {
        dir: &config.data,
        retention: app::retention(config),
        max_size: config.max_size,
        clock: settled,
    };
    Ok(factory::open_all(&config.stores, embedded, clock).await?)
}

pub(super) async fn open_records(config: &Config) -> anyhow::Result<Records> {
    let opened = match &config.records_url {
        Some(url) => Records::open(url.expose_secret()).await,
        None => {
            os::restrict_folder(&config.data);
            Records::open_in(&config.data).await
        }
    };
    Ok(opened?)
}

async fn serve_until_stopped(listener: TcpListener, limits: ConnectionLimits, app: Arc<App>) {
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let signal = async move {
        shutdown::requested().await;
        tracing::info!("shutting down; requests in progress have {} s to finish", GRACE.as_secs());
        // The receiver lives as long as this future.
        let _ = stopping.send(());
    };
    let serving = http::serve(listener, http::router(app), limits, signal);
    let overdue = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(GRACE).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = serving => {}
        () = overdue => tracing::warn!("some requests did not finish in time and were aborted"),
    }
}

/// Starts sampling before anything else runs, so that the first profile shows the start. Own profiles go where pushes go.
fn start_sampling(config: &Config) -> Option<Sampling> {
    if !config.self_profile {
        return None;
    }
    if config.stores.ingest.is_none() {
        tracing::info!("self-profiling is off: no store takes pushes; `ingest.store` can name one");
        return None;
    }
    Sampling::start().inspect_err(|error| tracing::warn!(%error, "self-profiling is unavailable")).ok()
}

async fn bind(config: &Config) -> anyhow::Result<TcpListener> {
    let at = config.listen;
    TcpListener::bind(at).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "{at} is in use by another program (or another Flarepath): stop it, or choose another port with --listen {}:{}",
            at.ip(),
            at.port().checked_add(1).unwrap_or(4280)
        ),
        ErrorKind::PermissionDenied => {
            anyhow!("no permission to listen on {at}: choose a port above 1023 with --listen ADDR:PORT")
        }
        ErrorKind::AddrNotAvailable => {
            anyhow!("{at} is not an address of this machine: choose another with --listen ADDR:PORT")
        }
        _ => anyhow!("cannot listen on {at}: {error}"),
    })
}

/// Writes a line to standard output. The parent process may have closed it, which is no reason to stop.
fn say_ready(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        tracing::info!("{line}");
    }
}
