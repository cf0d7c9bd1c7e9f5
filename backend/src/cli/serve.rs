//! `flarepath serve`: opens the store, listens, says where, and stops cleanly when asked.

use crate::app::{self, App};
use crate::clock::SystemClock;
use crate::config::{Config, Flags};
use crate::db::Records;
use crate::self_profile::Sampling;
use crate::store::factory;
use crate::{http, shutdown, telemetry};
use anyhow::{Context, anyhow};
use secrecy::ExposeSecret;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long requests may still run after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);

#[derive(clap::Args, Debug)]
pub(super) struct ServeArgs {
    /// Address and port to listen on; only this machine's own unless there is a public_url [default: 127.0.0.1:4280]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,

    /// Folder that keeps profiles; made if missing [default: $XDG_DATA_HOME/flarepath or ~/.local/share/flarepath]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Configuration file (TOML); flags and FLAREPATH_… variables win over it
    #[arg(long, value_name = "FILE", env = "FLAREPATH_CONFIG")]
    config: Option<PathBuf>,

    /// Do without sign-in, on any listen address: everyone who reaches it has full access
    #[arg(long)]
    insecure_no_auth: bool,
}

pub(super) fn run(args: ServeArgs) -> anyhow::Result<()> {
    let flags = Flags {
        listen: args.listen,
        data: args.data,
        insecure_no_auth: args.insecure_no_auth.then_some(true),
    };
    let config = Config::load(args.config.as_deref(), &flags)?;
    telemetry::start_logging(&config.log);
    let sampling = start_sampling(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(config, sampling))
}

async fn serve(config: Config, sampling: Option<Sampling>) -> anyhow::Result<()> {
    let listener = bind(&config).await?;
    let address = listener.local_addr().context("cannot tell the address listened on")?;
    let storage = factory::open(&config.data, app::retention(&config)).await?;
    let store = storage.read.clone();
    let records = open_records(&config).await?;
    let metrics = telemetry::start_metrics();
    let app = Arc::new(App::assemble(storage, records.clone(), Arc::new(SystemClock), metrics, &config));
    for warning in &app.warnings {
        tracing::warn!("{warning}");
    }
    super::setup::offer(&app, &config, address).await?;
    let recorder = sampling.zip(app.writer.clone()).map(|(sampling, writer)| sampling.record_into(writer));
    let upkeep = tokio::spawn(app.clone().upkeep());
    say_ready(&format!("Flarepath is ready: http://{address}  (data in {})", config.data.display()));
    let served = serve_until_stopped(listener, app).await;
    upkeep.abort();
    if let Some(recorder) = recorder {
        tokio::task::spawn_blocking(move || recorder.stop())
            .await
            .context("the last profile of the server was lost")?;
    }
    records.close().await;
    let closed = store.close().await.context("the store could not be closed cleanly");
    served.and(closed)
}

pub(super) async fn open_records(config: &Config) -> anyhow::Result<Records> {
    let opened = match &config.records_url {
        Some(url) => Records::open(url.expose_secret()).await,
        None => Records::open_in(&config.data).await,
    };
    Ok(opened?)
}

async fn serve_until_stopped(listener: TcpListener, app: Arc<App>) -> anyhow::Result<()> {
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let signal = async move {
        shutdown::requested().await;
        tracing::info!("stopping; requests under way have {} s", GRACE.as_secs());
        // The receiver lives as long as this future.
        let _ = stopping.send(());
    };
    let serving = http::serve(listener, http::router(app), signal);
    let overdue = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(GRACE).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        result = serving => result.context("the server stopped"),
        () = overdue => {
            tracing::warn!("some requests did not end in time and were cut off");
            Ok(())
        }
    }
}

/// Samples this process from now on, so that its start is in the first profile.
fn start_sampling(config: &Config) -> Option<Sampling> {
    if !config.self_profile {
        return None;
    }
    Sampling::start().inspect_err(|error| tracing::warn!(%error, "the server does not profile itself")).ok()
}

async fn bind(config: &Config) -> anyhow::Result<TcpListener> {
    let at = config.listen;
    TcpListener::bind(at).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "{at} is taken by another program (or another Flarepath): stop it, or choose another port with --listen {}:{}",
            at.ip(),
            at.port().checked_add(1).unwrap_or(4280)
        ),
        ErrorKind::PermissionDenied => {
            anyhow!("not allowed to listen on {at}: choose a port above 1023 with --listen ADDR:PORT")
        }
        ErrorKind::AddrNotAvailable => {
            anyhow!("{at} is not an address of this machine: choose another with --listen ADDR:PORT")
        }
        _ => anyhow!("cannot listen on {at}: {error}"),
    })
}

/// A line on standard output. Whoever started the server may have closed it; that is no reason to stop.
fn say_ready(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        tracing::info!("{line}");
    }
}
