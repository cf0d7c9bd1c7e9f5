//! SIGHUP: reads the configuration again and applies what may change while the server runs: the log level, the identity
//! provider's client secret and the certificates that are trusted for it. Everything else needs a restart.
//!
//! The signal never ends the server, from its start on. An invalid configuration changes nothing.

use crate::app::App;
use crate::config::{Config, Flags};
use crate::telemetry::LogLevel;
use crate::work::Workers;
use anyhow::Context;
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Where the configuration comes from, beside the environment.
#[derive(Clone)]
pub(super) struct Sources {
    pub(super) file: Option<PathBuf>,
    pub(super) flags: Flags,
}

pub(super) struct Reload {
    sources: Sources,
    level: LogLevel,
    hangups: Signal,
}

impl Reload {
    /// Catches the signal from now on; the first one is handled once [`Reload::run`] runs.
    pub(super) fn listen(sources: Sources, level: LogLevel) -> anyhow::Result<Reload> {
        let hangups = signal(SignalKind::hangup()).context("cannot handle SIGHUP")?;
        Ok(Reload { sources, level, hangups })
    }

    /// Handles each signal.
    pub(super) async fn run(mut self, app: Arc<App>) -> Infallible {
        let reader = Workers::new(1);
        loop {
            if self.hangups.recv().await.is_none() {
                std::future::pending::<()>().await;
            }
            let Sources { file, flags } = self.sources.clone();
            match reader.run(move || Config::load(file.as_deref(), &flags)).await {
                Ok(Ok(config)) => {
                    self.level.set(&config.log.level);
                    tracing::info!(level = config.log.level, "SIGHUP: log level and secret files read again");
                    app.renew_secrets(config).await;
                }
                Ok(Err(error)) => {
                    tracing::error!(%error, "SIGHUP: the configuration is invalid; nothing changed")
                }
                Err(stopping) => tracing::debug!(%stopping, "SIGHUP: ignored"),
            }
        }
    }
}
