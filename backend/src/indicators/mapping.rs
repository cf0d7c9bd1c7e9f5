//! [`Mapping`]: from profiles to metrics. A service becomes matchers, a label of profiles the label of metrics that means the same.
//!
//! Exporters name services differently, so each family of metrics has its own list of selectors; they are tried in order, and
//! the first with data counts. `$service` in a value stands for the name of the service, escaped in patterns.

use crate::config::MetricsConfig;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{InvalidSelector, MatchOp, Matcher, Selector};
use std::collections::BTreeMap;

/// Stands for the name of the service in a value.
const SERVICE: &str = "$service";
/// The label of profiles whose metric label tells pods apart.
const POD: &str = "pod";

/// Metrics that name services alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    /// Of the service itself, from client libraries and OpenTelemetry: `job`.
    Application,
    /// Of its containers, from cAdvisor and kube-state-metrics: `pod`.
    Pods,
    /// Of proxies in front of it, from a service mesh.
    Mesh,
    /// What a query selects by itself, such as those of objectives in files: no selector of the service is added to it.
    Selected,
}

impl Family {
    /// The families that have a name in the configuration.
    pub(crate) const ALL: [(&str, Family); 3] =
        [("application", Family::Application), ("pods", Family::Pods), ("mesh", Family::Mesh)];
}

/// The names of a source's labels.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    /// Selectors of a service, by family.
    services: [(Family, Vec<Selector>); 4],
    /// Labels of profiles, each with the label of metrics.
    labels: BTreeMap<String, String>,
}

impl Mapping {
    /// The mapping that is configured.
    ///
    /// # Errors
    /// [`InvalidSelector`] of the first selector that does not parse, or in which no `=` or `=~` names the service.
    pub(crate) fn new(config: &MetricsConfig) -> Result<Mapping, InvalidSelector> {
        let read = |texts: &[String]| texts.iter().map(|text| selector(text)).collect::<Result<Vec<_>, _>>();
        let services = [
            (Family::Application, read(&config.application)?),
            (Family::Pods, read(&config.pods)?),
            (Family::Mesh, read(&config.mesh)?),
            (Family::Selected, vec![Selector::default()]),
        ];
        Ok(Mapping { services, labels: config.labels.clone() })
    }

    /// The label of metrics that means what this label of profiles does.
    pub(crate) fn label(&self, of_profiles: &str) -> Option<&str> {
        self.labels.get(of_profiles).map(String::as_str)
    }

    /// The label of metrics that tells pods apart.
    pub(crate) fn pod(&self) -> &str {
        self.label(POD).unwrap_or(POD)
    }

    /// Matchers of a service in metrics of a family, in the order in which they are tried.
    pub(crate) fn service(&self, family: Family, service: &str) -> impl Iterator<Item = Vec<Matcher>> {
        let selectors = self.services.iter().filter(move |(of, _)| *of == family).flat_map(|(_, all)| all);
        selectors.map(move |selector| selector.matchers.iter().map(|m| named(m, service)).collect())
    }
}

/// A selector that names the service.
fn selector(text: &str) -> Result<Selector, InvalidSelector> {
    let selector: Selector = text.parse()?;
    let names_it = |m: &Matcher| m.value.contains(SERVICE) && matches!(m.op, MatchOp::Equal | MatchOp::Regex);
    if selector.matchers.iter().any(names_it) {
        return Ok(selector);
    }
    let message = format!("no matcher with `=` or `=~` has {SERVICE}, so that it would select every service");
    Err(InvalidSelector { position: 0, message })
}

fn named(matcher: &Matcher, service: &str) -> Matcher {
    let value = match matcher.op {
        MatchOp::Equal | MatchOp::NotEqual => matcher.value.replace(SERVICE, service),
        MatchOp::Regex | MatchOp::NotRegex => matcher.value.replace(SERVICE, &escaped(service)),
    };
    Matcher { value, ..matcher.clone() }
}

/// A pattern that matches exactly `text`, for RE2 and for our engine.
pub(super) fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// Whether a label of profiles names the service, whose matchers are those of [`Mapping::service`].
pub(super) fn is_service(label: &str) -> bool {
    label == SERVICE_NAME
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matchers(family: Family, service: &str) -> Vec<String> {
        let mapping = Mapping::new(&MetricsConfig::at("http://127.0.0.1:9090")).unwrap();
        let all = mapping.service(family, service);
        all.map(|matchers| Selector { matchers }.to_string()).collect()
    }

    fn matches(family: Family, service: &str, label: &str, value: &str) -> bool {
        let text = matchers(family, service);
        let labels = [(label, value)].into_iter().collect();
        let compiled =
            |text: &String| crate::selector::CompiledSelector::new(&text.parse().unwrap()).unwrap();
        text.iter().any(|text| compiled(text).matches(&labels))
    }

    #[test]
    fn a_service_is_named_as_its_exporters_do() {
        assert_eq!(matchers(Family::Application, "pay.api"), [r#"{job=~"(.+/)?pay\\.api"}"#]);
        for (job, expected) in [("pay", true), ("shop/pay", true), ("pay-web", false), ("xpay", false)] {
            assert_eq!(matches(Family::Application, "pay", "job", job), expected, "{job}");
        }
        for (pod, expected) in [
            ("pay-7d4b9c6f5b-x7k2p", true),
            ("pay-0", true),
            ("pay-12", true),
            ("pay-x7k2p", true),
            ("pay", false),
            ("pay-web-7d4b9c6f5b-x7k2p", false),
            ("pay-frontend-x7k2p", false),
            ("xpay-0", false),
        ] {
            assert_eq!(matches(Family::Pods, "pay", "pod", pod), expected, "{pod}");
        }
    }

    #[test]
    fn queries_that_select_by_themselves_get_no_selector() {
        assert_eq!(matchers(Family::Selected, "pay"), ["{}"]);
    }

    #[test]
    fn a_name_is_no_pattern() {
        for name in [".*", "a|b", "(?i)pay", "[a]", "a\\", "$service", "^$", "{x}", "a+?"] {
            assert!(matches(Family::Application, name, "job", name), "{name}");
            assert!(!matches(Family::Application, name, "job", "pay"), "{name}");
        }
    }

    #[test]
    fn selectors_that_name_no_service_are_refused() {
        for text in ["{}", r#"{job="pay"}"#, r#"{job!="$service"}"#, r#"{job"#] {
            let config =
                MetricsConfig { application: vec![text.to_owned()], ..MetricsConfig::at("http://x") };
            assert!(Mapping::new(&config).is_err(), "{text}");
        }
    }
}
