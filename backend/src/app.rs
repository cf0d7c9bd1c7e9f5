//! The composition root: everything that a handler may use, made once at start.

use crate::auth::oidc::Oidc;
use crate::auth::{Gate, SignIn};
use crate::clock::Clock;
use crate::config::ShareConfig;
use crate::config::{Config, ProxyConfig, PublicUrl, QueryConfig, RetentionConfig};
use crate::db::Records;
use crate::query::Querier;
use crate::sharing::{ShareService, purge};
use crate::store::{ProfileWriter, Retention, Storage};
use crate::telemetry;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
use std::time::Duration;

/// How often metrics are tidied; without it, histograms would grow between two visits to `/metrics`.
const UPKEEP: Duration = Duration::from_secs(5);

/// How often sessions and attempts that are long over are forgotten.
const TIDYING: Duration = Duration::from_secs(600);

/// How long a request may take, unless queries may take longer: enough for 64 MiB over a slow line.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(120);

/// What handlers share. Outside things are trait objects, so that tests replace them.
pub struct App {
    /// Questions about profiles.
    pub(crate) querier: Querier,
    /// Takes pushed profiles; absent where the storage is read-only.
    pub writer: Option<Arc<dyn ProfileWriter>>,
    /// Who is who.
    pub gate: Gate,
    /// The identity provider, if there is one.
    pub oidc: Option<Oidc>,
    /// Which proxies stand in front, and what counts of what they say.
    pub proxy: ProxyConfig,
    /// Our records.
    pub records: Records,
    /// Shares.
    pub shares: ShareService,
    /// How long profiles are kept; `None` for ever.
    pub(crate) retention: Option<Retention>,
    /// How browsers reach the server, if it was said.
    pub public_url: Option<PublicUrl>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Numbers of the process.
    pub(crate) metrics: PrometheusHandle,
    /// Whether others than this machine may ask, under whatever name they know it by.
    pub open_to_network: bool,
    /// How long a request may take, its body included.
    pub request_timeout: Duration,
    /// Warnings that stay on screen, such as that access is open to the network.
    pub warnings: Vec<String>,
}

impl App {
    /// An app for tests, without sign-in.
    pub fn new(storage: Storage, clock: Arc<dyn Clock>) -> App {
        App::through(storage, Gate::new(Records::in_memory(), clock, SignIn::Off))
    }

    /// An app for tests, over the records of this gate and with its clock.
    pub fn through(storage: Storage, gate: Gate) -> App {
        App::over(storage, gate, telemetry::detached_metrics(), QueryConfig::default())
    }

    /// The app that serves with checked settings.
    pub(crate) fn assemble(
        storage: Storage,
        records: Records,
        clock: Arc<dyn Clock>,
        metrics: PrometheusHandle,
        config: &Config,
    ) -> App {
        let sign_in = if config.insecure_no_auth { SignIn::Off } else { SignIn::On };
        let mut app = App::over(storage, Gate::new(records, clock, sign_in), metrics, config.query.clone());
        app.gate.lifetime = config.auth.lifetime;
        app.gate.password_sign_in = config.auth.password_sign_in;
        app.public_url.clone_from(&config.public_url);
        app.retention = retention(config);
        app.proxy.clone_from(&config.proxy);
        app.gate.proxy_creates = config.proxy.auto_create;
        app.oidc = config.oidc.clone().map(|oidc| Oidc::new(oidc, app.clock.clone()));
        app.shares.config.clone_from(&config.shares);
        let beyond_loopback = !config.listen.ip().to_canonical().is_loopback();
        app.open_to_network = beyond_loopback || config.insecure_no_auth;
        if config.insecure_no_auth && beyond_loopback {
            app.warnings.push(format!(
                "There is no sign-in: everyone who reaches {} can read and add profiles (--insecure-no-auth).",
                config.listen
            ));
        }
        app
    }

    fn over(storage: Storage, gate: Gate, metrics: PrometheusHandle, query: QueryConfig) -> App {
        let request_timeout = REQUEST_TIMEOUT.max(query.timeout + REQUEST_TIMEOUT / 4);
        App {
            querier: Querier::new(&storage, query),
            writer: storage.write,
            clock: gate.clock.clone(),
            shares: ShareService::new(gate.records.clone(), gate.clock.clone(), ShareConfig::default()),
            retention: None,
            records: gate.records.clone(),
            oidc: None,
            proxy: ProxyConfig::default(),
            gate,
            public_url: None,
            metrics,
            open_to_network: false,
            request_timeout,
            warnings: Vec::new(),
        }
    }

    /// Whether `Host` of a request names us for sure, so that `Origin` may be compared with it.
    pub(crate) fn is_named_surely(&self) -> bool {
        !self.open_to_network || self.public_url.is_some()
    }

    /// Whether browsers reach the server over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_secure)
    }

    /// Regular housekeeping; never ends.
    pub(crate) async fn upkeep(self: Arc<Self>) {
        let (mut ticks, mut tidying) = (tokio::time::interval(UPKEEP), tokio::time::interval(TIDYING));
        loop {
            tokio::select! {
                _ = ticks.tick() => self.metrics.run_upkeep(),
                _ = tidying.tick() => {
                    if let Err(error) = self.gate.purge().await {
                        tracing::warn!(%error, "purge of old sessions and attempts failed");
                    }
                    if let Err(error) = purge::purge(&self.shares).await {
                        tracing::warn!(%error, "purge of unreferenced snapshots failed");
                    }
                }
            }
        }
    }
}

/// The configured ages, as the store takes them.
pub(crate) fn retention(config: &Config) -> Option<Retention> {
    let RetentionConfig { raw, five_minutes, hours, days } = config.retention?;
    Some(Retention { raw, five_minutes, hours, days })
}
