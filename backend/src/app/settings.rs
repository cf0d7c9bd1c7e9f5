//! Converts configuration, which is plain values, into the types of the modules that are configured.

use super::builder::MEMORY_PATIENCE;
use super::{App, AppBuilder};
use crate::audit::{AuditArchive, FOLDER};
use crate::auth::lifetime::Lifetime;
use crate::auth::{Gate, SignIn};
use crate::clock::Clock;
use crate::config::{Config, ConfigError, RetentionConfig};
use crate::db::Records;
use crate::store::{OpenStores, Retention};
use std::sync::Arc;

/// An app with checked settings.
pub(crate) fn from_config(
    config: &Config,
    stores: OpenStores,
    records: Records,
    clock: Arc<dyn Clock>,
) -> Result<AppBuilder, ConfigError> {
    let sign_in = if config.insecure_no_auth { SignIn::Off } else { SignIn::On };
    let mut gate = Gate::new(records, clock, sign_in);
    gate.lifetime = Lifetime { idle: config.auth.session_idle, absolute: config.auth.session_absolute };
    gate.password_sign_in = config.auth.password_sign_in;
    let beyond_loopback = !config.listen.ip().to_canonical().is_loopback();
    let mut app = App::builder(stores, gate)
        .public_url(config.public_url.clone())
        .proxy(config.proxy.clone())
        .query(config.query.clone())
        .quotas(config.quotas.clone())
        .request_memory(config.limits.request_memory, MEMORY_PATIENCE)
        .shares(config.shares.clone())
        .retention(retention(config))
        .audit_archive(audit_archive(config))
        .allowed_hosts(config.allowed_hosts.clone())
        .open_to_network(beyond_loopback);
    if let Some(oidc) = config.oidc.clone() {
        app = app
            .oidc(oidc)
            .map_err(|error| ConfigError::value("oidc.groups", &error.0, format!("a role ({error})")))?;
    }
    app = app.metrics_sources(&config.metrics, &config.slos).map_err(|(section, error)| {
        ConfigError::value("metrics, slo", section, format!("a valid section ({error})"))
    })?;
    app = app.slo_files(&config.slo_files).map_err(ConfigError::SloFile)?;
    if config.insecure_no_auth && beyond_loopback {
        app = app.warning(format!(
            "Sign-in is disabled (--insecure-no-auth): everyone who can reach {} can read and write all profiles.",
            config.listen
        ));
    }
    Ok(app)
}

fn audit_archive(config: &Config) -> Option<AuditArchive> {
    Some(AuditArchive { folder: config.data.join(FOLDER), retention: config.audit_retention? })
}

/// The configured ages, as the store takes them.
pub(crate) fn retention(config: &Config) -> Option<Retention> {
    let RetentionConfig { raw, five_minutes, hours, days } = config.retention?;
    Some(Retention { raw, five_minutes, hours, days })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FixedClock;
    use crate::config::Flags;
    use crate::store::Storage;
    use crate::store::memory::MemoryStore;
    use flarepath_profile::unix_nanos::UnixNanos;

    fn app(toml: &str) -> Result<Arc<App>, String> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("flarepath.toml");
        std::fs::write(&file, format!("data = '/tmp/x'\n{toml}")).unwrap();
        let config = Config::load(Some(&file), &Flags::default()).unwrap();
        let storage = Storage::exclusive("memory", Arc::new(MemoryStore::new()));
        let app =
            from_config(&config, storage.into(), Records::in_memory(), Arc::new(FixedClock(UnixNanos(1))));
        app.map(AppBuilder::build).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn default_settings_are_the_defaults_of_the_modules() {
        let app = app("").unwrap();
        assert_eq!(app.gate.lifetime, Lifetime::default());
        assert_eq!(app.retention.unwrap().raw.as_secs(), 14 * 86_400);
        assert!(app.audit_archive.is_none());
        assert!(!app.open_to_network && app.warnings.is_empty());
    }

    #[tokio::test]
    async fn rejects_unknown_roles_of_groups() {
        let provider = "[oidc]\nissuer = 'https://id.example'\nclient_id = 'x'\n";
        let error = app(&format!("{provider}groups = [{{ group = 'sre', role = 'owner' }}]")).err().unwrap();
        assert!(error.contains("`oidc.groups`: `owner`") && error.contains("viewer, editor"), "{error}");
        assert!(app(&format!("{provider}groups = [{{ group = 'sre', role = 'editor' }}]")).is_ok());
    }

    #[tokio::test]
    async fn rejects_queries_and_selectors_that_are_not_understood() {
        let source = "[metrics.prod]\nurl = 'http://127.0.0.1:9090'\n";
        let slo = "[slo.a]\nservice = 'pay'\nobjective = 99.9\n";
        for (toml, expected) in [
            ("services = '('", "`services`"),
            ("application = ['{job=\"pay\"}']", "$service"),
            ("templates = [{ indicator = 'request-rate', name = 'x', query = 'sum(' }]", "the template `x`"),
            ("pins = [{ service = 'pay', indicator = 'joy', template = 'x' }]", "unknown indicator `joy`"),
        ] {
            let error = app(&format!("{source}{toml}")).err().unwrap();
            assert!(error.contains("`metrics.prod`") && error.contains(expected), "{error}");
        }
        let error = app(&format!("{slo}error_ratio = 'a['")).err().unwrap();
        assert!(error.contains("`slo.a`"), "{error}");
        assert!(app(&format!("{source}{slo}good = 'sum(rate(a[$w]))'\ntotal = 'sum(rate(b[$w]))'")).is_ok());
    }

    #[tokio::test]
    async fn rejects_files_of_objectives_that_are_not_understood() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("slos.yaml");
        std::fs::write(&file, "version: prometheus/v2\n").unwrap();
        let toml = format!("[slo_files]\npaths = ['{}']\n", file.display());
        let error = app(&toml).err().unwrap();
        assert!(error.contains("slos.yaml, document 1, `version`"), "{error}");
        std::fs::write(&file, "").unwrap();
        assert!(app(&toml).is_ok());
    }

    #[tokio::test]
    async fn warns_of_disabled_sign_in_beyond_loopback() {
        let open = app("listen = '0.0.0.0:0'\ninsecure_no_auth = true").unwrap();
        assert!(open.warnings[0].contains("--insecure-no-auth") && open.open_to_network);
        assert!(app("insecure_no_auth = true").unwrap().warnings.is_empty());
    }
}
