//! Builds an [`App`] from its stores, its gate and what differs from the defaults.

use super::readiness::Readiness;
use super::stores::Stores;
use super::{App, PageFiles};
use crate::audit::AuditArchive;
use crate::auth::oidc::Oidc;
use crate::auth::{Gate, SignIn, UnknownRole};
use crate::clock::Clock;
use crate::config::{
    LimitsConfig, MetricsConfig, OidcConfig, ProxyConfig, PublicUrl, QueryConfig, QuotaConfig, ShareConfig,
    SloConfig, SloFilesConfig,
};
use crate::db::Records;
use crate::indicators::Indicators;
use crate::ingest::quota::Quotas;
use crate::query::Querier;
use crate::request_memory::RequestMemory;
use crate::sharing::ShareService;
use crate::store::{OpenStore, OpenStores, Retention, Storage};
use crate::telemetry;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
use std::time::Duration;

/// Shortest time limit of a request: enough for 64 MiB over a slow line.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(120);

/// How long a request waits for memory that others hold.
pub(super) const MEMORY_PATIENCE: Duration = Duration::from_secs(10);

/// An [`App`] in the making. Without any call: no provider, no proxies, no public URL, no quotas, loopback only.
#[must_use]
pub struct AppBuilder {
    stores: OpenStores,
    gate: Gate,
    oidc: Option<Oidc>,
    proxy: ProxyConfig,
    public_url: Option<PublicUrl>,
    query: QueryConfig,
    quotas: QuotaConfig,
    request_memory: RequestMemory,
    shares: ShareConfig,
    indicators: Indicators,
    retention: Option<Retention>,
    audit_archive: Option<AuditArchive>,
    metrics: Option<PrometheusHandle>,
    allowed_hosts: Vec<String>,
    open_to_network: bool,
    request_timeout: Option<Duration>,
    warnings: Vec<String>,
    page_files: PageFiles,
}

impl App {
    /// An app over these stores, or a single storage, and the records of `gate`, with the clock of `gate`.
    pub fn builder(stores: impl Into<OpenStores>, gate: Gate) -> AppBuilder {
        AppBuilder {
            stores: stores.into(),
            gate,
            oidc: None,
            proxy: ProxyConfig::default(),
            public_url: None,
            query: QueryConfig::default(),
            quotas: QuotaConfig::unlimited(),
            request_memory: RequestMemory::new(LimitsConfig::default().request_memory, MEMORY_PATIENCE),
            shares: ShareConfig::default(),
            indicators: Indicators::default(),
            retention: None,
            audit_archive: None,
            metrics: None,
            allowed_hosts: Vec::new(),
            open_to_network: false,
            request_timeout: None,
            warnings: Vec::new(),
            page_files: |_| None,
        }
    }

    /// An app over these stores, or a single storage, and records in memory, without sign-in.
    pub fn without_sign_in(stores: impl Into<OpenStores>, clock: Arc<dyn Clock>) -> AppBuilder {
        App::builder(stores, Gate::new(Records::in_memory(), clock, SignIn::Off))
    }
}

impl AppBuilder {
    /// Another store, which takes no pushes. Its name must not be that of one before.
    pub fn another_store(mut self, store: OpenStore) -> AppBuilder {
        self.stores.all.push(store);
        self
    }

    /// Another store, which is read where a request names none.
    pub fn default_store(mut self, store: OpenStore) -> AppBuilder {
        self.stores.default = store.storage.name.clone();
        self.another_store(store)
    }

    /// Replaces the gate by what `change` makes of it.
    pub fn gate(mut self, change: impl FnOnce(Gate) -> Gate) -> AppBuilder {
        self.gate = change(self.gate);
        self
    }

    /// Sign-in at an identity provider.
    ///
    /// # Errors
    /// When one of the groups grants a role that does not exist.
    pub fn oidc(mut self, config: OidcConfig) -> Result<AppBuilder, UnknownRole> {
        self.oidc = Some(Oidc::new(config, self.gate.clock.clone())?);
        Ok(self)
    }

    /// Trusted reverse proxies.
    pub fn proxy(mut self, proxy: ProxyConfig) -> AppBuilder {
        self.gate.proxy_creates = proxy.auto_create;
        AppBuilder { proxy, ..self }
    }

    /// The origin under which browsers reach the server.
    pub fn public_url(self, url: Option<PublicUrl>) -> AppBuilder {
        AppBuilder { public_url: url, ..self }
    }

    /// What senders of profiles may add.
    pub fn quotas(self, quotas: QuotaConfig) -> AppBuilder {
        AppBuilder { quotas, ..self }
    }

    /// Bounds on shares.
    pub fn shares(self, shares: ShareConfig) -> AppBuilder {
        AppBuilder { shares, ..self }
    }

    /// Sources of metrics, and objectives.
    ///
    /// # Errors
    /// The section of the configuration that is invalid, and why.
    pub fn metrics_sources(
        self,
        sources: &[MetricsConfig],
        slos: &[SloConfig],
    ) -> Result<AppBuilder, (String, String)> {
        let indicators = Indicators::new(sources, slos);
        let indicators = indicators.map_err(|(section, error)| (section, error.to_string()))?;
        Ok(AppBuilder { indicators, ..self })
    }

    /// Objectives in files of other programs, in addition to those of [`AppBuilder::metrics_sources`], which is called before.
    ///
    /// # Errors
    /// The file, the document and the field that is invalid, and why.
    pub fn slo_files(self, files: &SloFilesConfig) -> Result<AppBuilder, String> {
        self.indicators.read_slo_files(files).map_err(|error| error.to_string())?;
        Ok(self)
    }

    /// Moves old entries of the audit log to files.
    pub(crate) fn audit_archive(self, audit_archive: Option<AuditArchive>) -> AppBuilder {
        AppBuilder { audit_archive, ..self }
    }

    /// Additional host names of the server, in lower case and without ports.
    pub fn allowed_hosts(self, allowed_hosts: Vec<String>) -> AppBuilder {
        AppBuilder { allowed_hosts, ..self }
    }

    /// Whether other machines can reach the server.
    pub fn open_to_network(self, open_to_network: bool) -> AppBuilder {
        AppBuilder { open_to_network, ..self }
    }

    /// The time limit of a request; otherwise 2 min, or more where queries may wait and run for longer.
    pub fn request_timeout(self, limit: Duration) -> AppBuilder {
        AppBuilder { request_timeout: Some(limit), ..self }
    }

    /// Memory for what all requests in flight have sent, in bytes, and how long a request waits for its part.
    pub fn request_memory(self, bytes: usize, patience: Duration) -> AppBuilder {
        AppBuilder { request_memory: RequestMemory::new(bytes, patience), ..self }
    }

    /// Adds a warning that stays on screen.
    pub fn warning(mut self, text: impl Into<String>) -> AppBuilder {
        self.warnings.push(text.into());
        self
    }

    /// The files of the web page; otherwise none, and a note in their place.
    pub(crate) fn page_files(self, page_files: PageFiles) -> AppBuilder {
        AppBuilder { page_files, ..self }
    }

    pub(crate) fn query(self, query: QueryConfig) -> AppBuilder {
        AppBuilder { query, ..self }
    }

    pub(crate) fn retention(self, retention: Option<Retention>) -> AppBuilder {
        AppBuilder { retention, ..self }
    }

    pub(crate) fn metrics(self, metrics: PrometheusHandle) -> AppBuilder {
        AppBuilder { metrics: Some(metrics), ..self }
    }

    /// The app. It is shared from the start, so nothing of it changes afterwards.
    ///
    /// # Panics
    /// If the default store is none of the stores.
    pub fn build(self) -> Arc<App> {
        let AppBuilder { stores, gate, query, .. } = self;
        let indicators = Arc::new(self.indicators);
        let longest = REQUEST_TIMEOUT.max(2 * query.timeout + REQUEST_TIMEOUT / 4);
        let querier = |storage: &Storage| {
            let querier = Querier::new(storage, &query).with_settings(gate.records.clone());
            querier.with_indicators(indicators.clone())
        };
        let stores = Stores::new(stores, querier, &gate.clock);
        let embedded = stores.embedded().map(|store| store.open.storage.read.clone());
        Arc::new(App {
            writer: stores.writer(),
            stores,
            indicators,
            readiness: Readiness::new(embedded, gate.records.clone()),
            quotas: Arc::new(Quotas::new(self.quotas, gate.clock.clone())),
            clock: gate.clock.clone(),
            shares: ShareService::new(gate.records.clone(), gate.clock.clone(), self.shares),
            records: gate.records.clone(),
            gate,
            oidc: self.oidc,
            proxy: self.proxy,
            public_url: self.public_url,
            retention: self.retention,
            audit_archive: self.audit_archive,
            metrics: self.metrics.unwrap_or_else(telemetry::detached_metrics),
            allowed_hosts: self.allowed_hosts,
            open_to_network: self.open_to_network,
            request_memory: self.request_memory,
            request_timeout: self.request_timeout.unwrap_or(longest),
            warnings: self.warnings,
            page_files: self.page_files,
        })
    }
}
