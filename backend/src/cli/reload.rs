//! SIGHUP: reloads the configuration and applies the keys that can change at run time: the log level, the files of objectives, and the
//! client secret and trusted certificates of the identity provider. All other keys need a restart.
//!
//! The signal never terminates the server, not even during startup. An invalid configuration changes nothing.

use crate::app::App;
use crate::config::{Config, ConfigError, Flags};
use crate::telemetry::LogLevel;
use crate::work::Workers;
use anyhow::Context;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Sources of the configuration, in addition to the environment.
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
    /// Catches the signal from now on. It is handled once [`Reload::run`] runs.
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
            let applied = app.clone();
            match reader.run(move || load(file.as_deref(), &flags, &applied)).await {
                Ok(Ok(config)) => {
                    self.level.set(&config.log.level);
                    tracing::info!(
                        level = config.log.level,
                        "SIGHUP: reloaded log level, files of objectives and secret files"
                    );
                    app.renew_secrets(config).await;
                }
                Ok(Err(error)) => {
                    tracing::error!(%error, "SIGHUP: invalid configuration; nothing changed")
                }
                Err(stopping) => tracing::debug!(%stopping, "SIGHUP: ignored"),
            }
        }
    }
}

/// The configuration, whose files of objectives have been applied: reading them takes its time, and may find that they are invalid.
fn load(file: Option<&Path>, flags: &Flags, app: &App) -> Result<Config, ConfigError> {
    let config = Config::load(file, flags)?;
    let read = app.indicators.read_slo_files(&config.slo_files);
    read.map_err(|error| ConfigError::SloFile(error.to_string()))?;
    Ok(config)
}
