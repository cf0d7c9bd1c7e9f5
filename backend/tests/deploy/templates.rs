//! Templates of the Helm chart, which only Helm can read: the names that they use, and their blocks.

use crate::chart::{CHART, values};
use crate::yaml::Yaml;
use crate::{names, read};
use regex::Regex;

/// Templates with their names.
fn templates() -> Vec<(String, String)> {
    let folder = format!("{CHART}/templates");
    let read = |name: String| {
        let text = read(&format!("{folder}/{name}"));
        (name, text)
    };
    names(&folder).into_iter().map(read).collect()
}

/// First groups of all matches.
fn found<'a>(text: &'a str, pattern: &str) -> Vec<&'a str> {
    let pattern = Regex::new(pattern).unwrap();
    pattern.captures_iter(text).map(|captures| captures.get(1).unwrap().as_str()).collect()
}

/// Values that a template reads and that have no default. Keys below `config` need none.
fn without_default<'a>(text: &'a str, values: &Yaml) -> Vec<&'a str> {
    let mut paths = found(text, r"\.Values\.([A-Za-z0-9_.]+)");
    paths.retain(|path| !path.starts_with("config.") && values.at(path).is_none());
    paths
}

#[test]
fn values_that_templates_read_have_defaults() {
    let values = values();
    let made_up = "{{ .Values.image.tag }} {{ .Values.image.nothing }} {{ .Values.config.oidc }}";
    assert_eq!(without_default(made_up, &values), ["image.nothing"]);
    for (name, text) in templates() {
        assert_eq!(without_default(&text, &values), [""; 0], "{name}");
    }
}

#[test]
fn values_are_read_by_a_template() {
    let all: String = templates().into_iter().map(|(_, text)| text).collect();
    for (key, _) in values().entries() {
        assert!(all.contains(&format!(".Values.{key}")), "{key} has no effect");
    }
}

#[test]
fn every_block_ends_and_every_template_that_is_included_is_defined() {
    let templates = templates();
    let all: String = templates.iter().map(|(_, text)| text.as_str()).collect();
    let defined = found(&all, r#"define "([^"]+)""#);
    for (name, text) in &templates {
        assert_eq!(text.matches("{{").count(), text.matches("}}").count(), "{name}");
        let begun = found(text, r"\{\{-?\s*(if|range|with|define)\s").len();
        assert_eq!(begun, found(text, r"\{\{-?\s*(end)\b").len(), "{name}: blocks that begin and end");
        for included in found(text, r#"include "([^"]+)""#) {
            assert!(defined.contains(&included), "{name}: {included}");
        }
    }
}

#[test]
fn pods_get_no_token_no_variables_of_services_and_no_secret_of_the_chart() {
    let templates = templates();
    let text = |name: &str| templates.iter().find(|(other, _)| other == name).unwrap().1.as_str();
    let pod = text("statefulset.yaml");
    // A service called `flarepath` would set FLAREPATH_PORT, which the server does not start with.
    assert!(pod.contains("\n      enableServiceLinks: false\n"));
    assert!(pod.contains("\n      automountServiceAccountToken: false\n"));
    assert!(text("serviceaccount.yaml").contains("\nautomountServiceAccountToken: false\n"));
    assert!(text("servicemonitor.yaml").contains("required \"serviceMonitor.tokenSecret.name"));
    for (name, text) in &templates {
        assert!(!text.contains("kind: Secret\n") && !text.contains("hostPath"), "{name}");
    }
}
