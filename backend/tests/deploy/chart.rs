//! Values of the Helm chart, their schema, and the configuration that they become.

use crate::settings::{Settings, refusal};
use crate::yaml::{Yaml, documents};
use crate::{names, read};
use serde_json::Value;

pub(crate) const CHART: &str = "helm/flarepath";
/// Sections with a name of the operator's below them.
const NAMED: [&str; 3] = ["metrics", "slo", "stores"];

pub(crate) fn values() -> Yaml {
    documents(&read("helm/flarepath/values.yaml")).remove(0)
}

/// The values of each example, over the defaults, and the defaults themselves.
fn cases() -> Vec<(String, Yaml)> {
    let examples = names("helm/flarepath/ci").into_iter().map(|name| {
        let changes = documents(&read(&format!("{CHART}/ci/{name}"))).remove(0);
        (name, values().overridden_by(&changes))
    });
    let cases: Vec<(String, Yaml)> = examples.chain([("values.yaml".to_owned(), values())]).collect();
    assert!(cases.len() >= 3);
    cases
}

/// The configuration file of values, by the rules of the template `flarepath.toml`.
fn toml(values: &Yaml) -> String {
    let mut text = String::new();
    if values.text("admin.existingSecret").is_some_and(|name| !name.is_empty()) {
        let key = values.text("admin.key").unwrap();
        text += &format!("admin_password_file = \"/run/secrets/admin/{key}\"\n");
    }
    let config = values.at("config").unwrap().entries();
    for (key, value) in config.iter().filter(|(_, value)| !matches!(value, Yaml::Map(_))) {
        text += &format!("{key} = {}\n", toml_value(value));
    }
    for (section, keys) in config.iter().filter(|(_, value)| !value.entries().is_empty()) {
        text += &format!("\n[{section}]\n");
        for (key, value) in keys.entries() {
            text += &format!("{key} = {}\n", toml_value(value));
        }
    }
    text
}

fn toml_value(value: &Yaml) -> String {
    match value {
        Yaml::Scalar(text, is_plain) => {
            let is_number = text.parse::<f64>().is_ok();
            let is_bare = *is_plain && (is_number || text == "true" || text == "false");
            if is_bare { text.clone() } else { serde_json::to_string(text).unwrap() }
        }
        Yaml::List(items) => format!("[{}]", items.iter().map(toml_value).collect::<Vec<_>>().join(", ")),
        Yaml::Map(entries) => {
            let entry = |(key, value): &(String, Yaml)| format!("{key} = {}", toml_value(value));
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Keys of a configuration that the docs do not have.
fn undocumented(config: &Yaml, docs: &str) -> Vec<String> {
    let has_line = |part: &str, key: &str| part.lines().any(|line| line.starts_with(&format!("{key} = ")));
    let mut missing = Vec::new();
    for (key, value) in config.entries() {
        let is_named = NAMED.contains(&key.as_str());
        let heading = if is_named { format!("\n[{key}.") } else { format!("\n[{key}]") };
        let Yaml::Map(inner) = value else {
            missing.extend((!has_line(docs, key)).then(|| key.clone()));
            continue;
        };
        let Some(from) = docs.find(&heading) else {
            missing.push(key.clone());
            continue;
        };
        let section = docs[from + 1..].split("\n[").next().unwrap_or_default();
        let keys: Vec<&String> = match is_named {
            true => inner.iter().flat_map(|(_, named)| named.entries()).map(|(key, _)| key).collect(),
            false => inner.iter().map(|(key, _)| key).collect(),
        };
        // Keys of named sections are in a table.
        let is_there =
            |name: &str| has_line(section, name) || (is_named && docs.contains(&format!("`{name}`")));
        missing.extend(keys.into_iter().filter(|name| !is_there(name)).map(|name| format!("{key}.{name}")));
    }
    missing
}

#[test]
fn the_server_accepts_the_configuration_of_each_case() {
    for (name, values) in cases() {
        assert_eq!(refusal(&Settings::new(&toml(&values))), None, "{name}");
    }
    let wrong = values().overridden_by(&documents("config: { lisen: x }")[0]);
    assert!(refusal(&Settings::new(&toml(&wrong))).is_some_and(|error| error.contains("lisen")));
}

#[test]
fn every_key_of_the_configuration_is_documented() {
    let docs = read("../docs/configuration.md");
    let made_up =
        &documents("{ listen: x, nothing: x, log: { no_key: x }, stores: { a: { kind: x, no_key: x } } }")[0];
    assert_eq!(undocumented(made_up, &docs), ["nothing", "log.no_key", "stores.no_key"]);
    for (name, values) in cases() {
        assert_eq!(undocumented(values.at("config").unwrap(), &docs), [""; 0], "{name}");
    }
}

/// Paths of keys that only one of values and schema has.
fn differences(values: &Yaml, schema: &Value, whole: &Value, at: &str, found: &mut Vec<String>) {
    let reference = schema["$ref"].as_str().map(|path| path.trim_start_matches('#'));
    let schema = reference.map_or(Some(schema), |path| whole.pointer(path)).expect("a definition");
    let (Some(properties), Yaml::Map(entries)) = (schema["properties"].as_object(), values) else { return };
    for (key, value) in entries {
        match properties.get(key) {
            Some(schema) => differences(value, schema, whole, &format!("{at}.{key}"), found),
            None => found.push(format!("{at}.{key} is not in the schema")),
        }
    }
    // Below `config`, and for all charts, there may be keys without a default.
    for key in properties.keys().filter(|key| at != ".config" && *key != "global") {
        if entries.iter().all(|(name, _)| name != key) {
            found.push(format!("{at}.{key} has no default"));
        }
    }
}

#[test]
fn values_and_schema_have_the_same_keys() {
    let schema: Value = serde_json::from_str(&read("helm/flarepath/values.schema.json")).unwrap();
    let mut found = Vec::new();
    differences(&values(), &schema, &schema, "", &mut found);
    assert_eq!(found, [""; 0]);
    for (name, values) in cases() {
        let unknown = |key: &&String| schema["properties"].get(key.as_str()).is_none();
        let keys: Vec<&String> = values.entries().iter().map(|(key, _)| key).filter(unknown).collect();
        assert!(keys.is_empty(), "{name}: {keys:?}");
    }
}

#[test]
fn its_container_is_not_root_and_changes_nothing_but_its_volumes() {
    let values = values();
    let is_true = |path: &str| values.text(path) == Some("true");
    assert!(is_true("podSecurityContext.runAsNonRoot") && is_true("securityContext.readOnlyRootFilesystem"));
    assert_eq!(values.text("securityContext.allowPrivilegeEscalation"), Some("false"));
    assert_eq!(values.texts("securityContext.capabilities.drop"), ["ALL"]);
    assert_eq!(values.text("podSecurityContext.seccompProfile.type"), Some("RuntimeDefault"));
    let ids =
        ["runAsUser", "runAsGroup", "fsGroup"].map(|key| values.text(&format!("podSecurityContext.{key}")));
    assert_eq!(ids, [Some("65532"); 3], "as in the image");
    assert!(read("Containerfile").contains("\nUSER 65532:65532\n"));
    assert_eq!((values.text("image.tag"), values.text("replicas")), (Some(""), Some("1")));
}

#[test]
fn probes_ask_what_they_are_for() {
    let values = values();
    let path = |probe: &str| values.text(&format!("{probe}.httpGet.path"));
    let paths = ["startupProbe", "livenessProbe", "readinessProbe"].map(path);
    assert_eq!(paths, [Some("/healthz"), Some("/healthz"), Some("/readyz")]);
}

#[test]
fn its_version_is_that_of_the_server() {
    let chart = documents(&read("helm/flarepath/Chart.yaml")).remove(0);
    assert_eq!(chart.text("appVersion"), Some(env!("CARGO_PKG_VERSION")));
}
