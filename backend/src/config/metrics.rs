//! `[metrics.NAME]`: sources of metrics beside the profiles.
//!
//! Queries and selectors are checked where they are compiled.

use super::error::ConfigError;
use super::remote::{RawRemote, Remote, RemoteAuth, RemoteKeys, check_name, span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

const KEYS: RemoteKeys = RemoteKeys {
    url: "metrics.url",
    url_expected: "http:// or https:// with host and path before /api/v1, without credentials: \
                   https://mimir.example.org/prometheus",
    username: "metrics.username",
    headers: "metrics.headers",
    files: "metrics.*_file",
    ca_file: "metrics.ca_file",
};

/// Characters of the suffixes that Kubernetes gives pods, which spell no words.
const SUFFIX: &str = "[bcdfghjklmnpqrstvwxz2456789]";
const SECOND: Duration = Duration::from_secs(1);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(60);
const LONGEST_SCRAPE: Duration = Duration::from_secs(3600);

/// A checked `[metrics.NAME]`.
#[derive(Clone, Debug)]
pub struct MetricsConfig {
    /// What it is called in answers, in the log and on `/metrics`.
    pub name: String,
    /// Base of the API, without `/api/v1` and without a slash at its end.
    pub url: String,
    /// Pattern of the services that it has metrics of.
    pub services: String,
    /// Credentials.
    pub auth: RemoteAuth,
    /// Headers of each request, such as that of a tenant.
    pub headers: Vec<(String, String)>,
    /// The same with the value in a file.
    pub header_files: Vec<(String, PathBuf)>,
    /// Parameters of each query, such as Thanos' `dedup`.
    pub parameters: Vec<(String, String)>,
    /// PEM certificates to trust in addition to those of the system.
    pub ca: Option<Vec<u8>>,
    /// For one query, waiting included.
    pub timeout: Duration,
    /// Distance of two samples of a series.
    pub scrape_interval: Duration,
    /// Labels of profiles, each with the label of metrics that means the same.
    pub labels: BTreeMap<String, String>,
    /// Selectors of a service's own metrics, with `$service`.
    pub application: Vec<String>,
    /// Selectors of its pods' metrics.
    pub pods: Vec<String>,
    /// Selectors of its metrics in a service mesh.
    pub mesh: Vec<String>,
    /// Queries that are tried before the built-in ones.
    pub templates: Vec<MetricsTemplate>,
    /// Services for which one template is used, whatever data others have.
    pub pins: Vec<MetricsPin>,
}

/// A query of an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsTemplate {
    /// The indicator, such as `request-rate`.
    pub indicator: String,
    /// What the template is called in answers and pins.
    pub name: String,
    /// PromQL with `$S`, `$w` and `$pod`.
    pub query: String,
    /// Family of its metrics: `application`, `pods` or `mesh`.
    #[serde(default = "application")]
    pub of: String,
}

/// The template of an indicator of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsPin {
    /// Name of the service.
    pub service: String,
    /// Name of the indicator.
    pub indicator: String,
    /// Name of the template.
    pub template: String,
}

fn application() -> String {
    "application".to_owned()
}

impl MetricsConfig {
    /// The defaults, for a source at `url`.
    pub fn at(url: &str) -> MetricsConfig {
        let raw = RawMetrics::default();
        MetricsConfig {
            name: "default".to_owned(),
            url: url.to_owned(),
            services: raw.services,
            auth: RemoteAuth::None,
            headers: Vec::new(),
            header_files: Vec::new(),
            parameters: Vec::new(),
            ca: None,
            timeout: Duration::from_secs(10),
            scrape_interval: Duration::from_secs(15),
            labels: raw.labels,
            application: raw.application,
            pods: raw.pods,
            mesh: raw.mesh,
            templates: Vec::new(),
            pins: Vec::new(),
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawMetrics {
    url: String,
    services: String,
    username: Option<String>,
    password_file: Option<PathBuf>,
    token_file: Option<PathBuf>,
    headers: BTreeMap<String, String>,
    header_files: BTreeMap<String, PathBuf>,
    parameters: BTreeMap<String, String>,
    ca_file: Option<PathBuf>,
    timeout: String,
    scrape_interval: String,
    labels: BTreeMap<String, String>,
    application: Vec<String>,
    pods: Vec<String>,
    mesh: Vec<String>,
    templates: Vec<MetricsTemplate>,
    pins: Vec<MetricsPin>,
}

impl Default for RawMetrics {
    fn default() -> Self {
        let same = ["namespace", "pod", "node", "region", "zone", "cluster"];
        RawMetrics {
            url: String::new(),
            services: ".*".to_owned(),
            username: None,
            password_file: None,
            token_file: None,
            headers: BTreeMap::new(),
            header_files: BTreeMap::new(),
            parameters: BTreeMap::new(),
            ca_file: None,
            timeout: "10s".to_owned(),
            scrape_interval: "15s".to_owned(),
            labels: same.map(|name| (name.to_owned(), name.to_owned())).into(),
            application: vec![r#"{job=~"(.+/)?$service"}"#.to_owned()],
            // A deployment's, a stateful set's and a daemon set's.
            pods: vec![format!(
                r#"{{pod=~"$service-({SUFFIX}{{6,10}}-{SUFFIX}{{5}}|[0-9]+|{SUFFIX}{{5}})"}}"#
            )],
            mesh: vec![r#"{destination_service_name="$service"}"#.to_owned()],
            templates: Vec::new(),
            pins: Vec::new(),
        }
    }
}

/// The sources, in the order of their names.
pub(super) fn check(raw: BTreeMap<String, RawMetrics>) -> Result<Vec<MetricsConfig>, ConfigError> {
    raw.into_iter().map(|(name, raw)| source(name, raw)).collect()
}

fn source(name: String, raw: RawMetrics) -> Result<MetricsConfig, ConfigError> {
    check_name("metrics", &name)?;
    if raw.url.trim_end_matches('/').ends_with("/api/v1") {
        return Err(ConfigError::value(KEYS.url, raw.url, KEYS.url_expected));
    }
    let remote = RawRemote {
        url: raw.url,
        username: raw.username,
        password_file: raw.password_file,
        token_file: raw.token_file,
        headers: raw.headers,
        header_files: raw.header_files,
        ca_file: raw.ca_file,
    };
    let Remote { url, auth, headers, header_files, ca } = remote.check(&KEYS)?;
    let scrapes = SECOND..=LONGEST_SCRAPE;
    Ok(MetricsConfig {
        name,
        url,
        services: raw.services,
        auth,
        headers,
        header_files,
        parameters: raw.parameters.into_iter().collect(),
        ca,
        timeout: span("metrics.timeout", &raw.timeout, SECOND..=LONGEST_TIMEOUT, "1s to 60s")?,
        scrape_interval: span("metrics.scrape_interval", &raw.scrape_interval, scrapes, "1s to 1h")?,
        labels: raw.labels,
        application: raw.application,
        pods: raw.pods,
        mesh: raw.mesh,
        templates: raw.templates,
        pins: raw.pins,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(change: impl FnOnce(&mut RawMetrics)) -> Result<MetricsConfig, String> {
        let mut raw =
            RawMetrics { url: "https://prometheus.example.org/".to_owned(), ..RawMetrics::default() };
        change(&mut raw);
        let all = check([("prod".to_owned(), raw)].into());
        all.map(|mut all| all.remove(0)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_url_is_enough() {
        let config = checked(|_| {}).unwrap();
        assert_eq!((config.name.as_str(), config.url.as_str()), ("prod", "https://prometheus.example.org"));
        assert_eq!((config.timeout.as_secs(), config.scrape_interval.as_secs()), (10, 15));
        assert_eq!((config.auth, config.labels["pod"].as_str()), (RemoteAuth::None, "pod"));
    }

    #[test]
    fn bad_urls_are_refused() {
        for url in [
            "",
            "prometheus:9090",
            "ftp://x",
            "https://",
            "https:///x",
            "https://a:b@x",
            "https://x?a=b",
            "https://x/api/v1",
        ] {
            let error = checked(|raw| raw.url = url.to_owned()).unwrap_err();
            assert!(error.contains("`metrics.url`"), "{url}: {error}");
        }
        let path = checked(|raw| raw.url = "http://mimir/prometheus/".to_owned()).unwrap();
        assert_eq!(path.url, "http://mimir/prometheus");
    }

    #[test]
    fn credentials_are_of_one_kind_and_in_readable_files() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = || Some(file.path().to_owned());
        let basic = checked(|raw| (raw.username, raw.password_file) = (Some("me".to_owned()), path()));
        assert!(matches!(basic.unwrap().auth, RemoteAuth::Basic { username, .. } if username == "me"));
        let bearer = checked(|raw| raw.token_file = path()).unwrap();
        assert_eq!(bearer.auth, RemoteAuth::Bearer(file.path().to_owned()));
        let both = checked(|raw| (raw.username, raw.token_file) = (Some("me".to_owned()), path()));
        assert!(both.unwrap_err().contains("`metrics.username`"));
        let missing = checked(|raw| raw.token_file = Some("/nowhere/token".into())).unwrap_err();
        assert!(missing.contains("/nowhere/token") && missing.contains("readable"), "{missing}");
    }

    #[test]
    fn headers_and_spans_are_checked() {
        let header = |name: &str, value: &str| {
            checked(|raw| drop(raw.headers.insert(name.to_owned(), value.to_owned())))
        };
        assert_eq!(header("X-Scope-OrgID", "a|b").unwrap().headers.len(), 1);
        for (name, value) in [("Authorization", "x"), ("a b", "x"), ("", "x"), ("x", "a\nb"), ("Host", "x")] {
            assert!(header(name, value).unwrap_err().contains("`metrics.headers`"), "{name}");
        }
        assert!(checked(|raw| raw.timeout = "2m".to_owned()).unwrap_err().contains("`metrics.timeout`"));
        assert!(checked(|raw| raw.scrape_interval = "0s".to_owned()).is_err());
    }
}
