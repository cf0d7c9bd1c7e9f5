//! The composition root: [`App`] is everything that handlers share, built once at start by [`AppBuilder`].

mod background;
mod builder;
mod disk;
mod page_files;
mod readiness;
mod settings;
mod stores;

pub use builder::AppBuilder;
pub use page_files::{PageFile, PageFiles};
pub(crate) use readiness::NotReady;
pub(crate) use settings::{from_config, retention};
pub(crate) use stores::{OneStore, Stores};

use crate::audit::AuditArchive;
use crate::auth::Gate;
use crate::auth::oidc::Oidc;
use crate::clock::Clock;
use crate::config::{Config, ProxyConfig, PublicUrl};
use crate::db::Records;
use crate::indicators::Indicators;
use crate::ingest::quota::Quotas;
use crate::request_memory::RequestMemory;
use crate::sharing::ShareService;
use crate::store::{ProfileWriter, Retention};
use metrics_exporter_prometheus::PrometheusHandle;
use readiness::Readiness;
use std::sync::Arc;
use std::time::Duration;

/// What handlers share. Outside things are trait objects, so that tests replace them.
pub struct App {
    /// Where profiles are read from.
    pub(crate) stores: Stores,
    /// Metrics beside the profiles.
    pub(crate) indicators: Arc<Indicators>,
    /// Takes pushed profiles; absent where no store takes them.
    pub writer: Option<Arc<dyn ProfileWriter>>,
    /// What senders may add.
    pub(crate) quotas: Arc<Quotas>,
    /// Authenticates callers.
    pub gate: Gate,
    pub(crate) oidc: Option<Oidc>,
    pub(crate) proxy: ProxyConfig,
    /// The records database.
    pub records: Records,
    /// Creates, opens and manages shares.
    pub shares: ShareService,
    /// Age at which profiles are dropped; `None`: never.
    pub(crate) retention: Option<Retention>,
    /// Where old entries of the audit log go; `None`: they stay in the records.
    pub audit_archive: Option<AuditArchive>,
    /// Origin under which browsers reach the server, if configured.
    pub public_url: Option<PublicUrl>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) readiness: Readiness,
    /// Host names of the server, in addition to the public URL and the names of its machine; lower case.
    pub(crate) allowed_hosts: Vec<String>,
    /// Whether other machines can reach the server.
    pub(crate) open_to_network: bool,
    /// Memory for what all requests in flight have sent.
    pub(crate) request_memory: RequestMemory,
    /// Time limit of a request, its body included.
    pub(crate) request_timeout: Duration,
    /// Warnings that stay on screen, such as disabled sign-in.
    pub(crate) warnings: Vec<String>,
    /// The files of the web page.
    pub(crate) page_files: PageFiles,
}

impl App {
    /// Warnings that stay on screen, and those that hold at present.
    pub(crate) fn current_warnings(&self) -> Vec<String> {
        let present = self.gate.settled.warning().into_iter().chain(self.readiness.store_warnings());
        self.warnings.iter().cloned().chain(present).collect()
    }

    /// Applies the secret files of `config`.
    pub(crate) async fn renew_secrets(&self, config: Config) {
        if let Some((oidc, config)) = self.oidc.as_ref().zip(config.oidc) {
            oidc.renew_secrets(config).await;
        }
    }

    /// Bytes reserved for requests in flight.
    pub fn reserved_request_memory(&self) -> usize {
        self.request_memory.reserved()
    }

    /// Whether browsers reach the server over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_secure)
    }
}
