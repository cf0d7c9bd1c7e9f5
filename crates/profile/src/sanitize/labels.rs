//! Which labels stay, and in which form.
//!
//! A list of what may stay and not of what must go: a label that no one has thought of does not leave the house.

use super::keyed_hash::keyed_hash;
use super::policy::{LabelRule, Policy};
use super::report::Report;
use super::scan::Rule;
use super::text::{Field, clean};
use crate::selector::{MatchOp, Matcher, Selector};

/// Labels that say what a service is, where and how it runs; as they are written with underscores.
const KEPT: [&str; 29] = [
    "service_name",
    "service",
    "service_namespace",
    "app",
    "job",
    "component",
    "region",
    "zone",
    "availability_zone",
    "cloud_region",
    "cloud_availability_zone",
    "cloud_provider",
    "cluster",
    "env",
    "environment",
    "deployment_environment",
    "deployment_environment_name",
    "stage",
    "language",
    "runtime",
    "runtime_version",
    "process_runtime_name",
    "process_runtime_version",
    "telemetry_sdk_language",
    "os",
    "os_type",
    "arch",
    "host_arch",
    "http_route",
];
/// Labels whose value is a version.
const VERSIONS: [&str; 7] =
    ["version", "service_version", "app_version", "release", "revision", "commit", "service_git_ref"];
/// Labels that tell one process or machine from another.
const HOSTS: [&str; 19] = [
    "host",
    "hostname",
    "host_name",
    "host_id",
    "instance",
    "service_instance_id",
    "node",
    "node_name",
    "k8s_node_name",
    "pod",
    "pod_name",
    "k8s_pod_name",
    "k8s_pod_uid",
    "container",
    "container_name",
    "container_id",
    "k8s_container_name",
    "server",
    "machine",
];
/// What a hash begins with.
const MARK: char = '#';
/// Characters of a hash: 50 bits, enough to tell millions of hosts apart.
const HASH_CHARACTERS: usize = 10;
/// Crockford's base 32 in lower case: no two look the same.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

enum Fate {
    Kept(Field),
    Hashed,
    Dropped,
}

/// What becomes of a label, by its name in whatever way that is written.
fn fate(policy: &Policy, name: &str) -> Fate {
    let plain = name.to_ascii_lowercase().replace(['.', '-', '/'], "_");
    let listed = |list: &[&str]| list.contains(&plain.as_str());
    match policy.labels {
        _ if listed(&VERSIONS) => Fate::Kept(Field::Version),
        LabelRule::All => Fate::Kept(Field::LabelValue),
        LabelRule::Listed if listed(&KEPT) => Fate::Kept(Field::LabelValue),
        LabelRule::Listed if listed(&HOSTS) => Fate::Hashed,
        LabelRule::Listed => Fate::Dropped,
    }
}

/// The value as it stays; `None` when it does not.
pub(super) fn label_value(policy: &Policy, report: &mut Report, name: &str, value: &str) -> Option<String> {
    let shown = clean(policy, report, name, Field::LabelName).into_owned();
    match fate(policy, name) {
        Fate::Kept(field) => {
            report.labels_kept.insert(shown);
            Some(clean(policy, report, value, field).into_owned())
        }
        Fate::Hashed => {
            report.labels_hashed.insert(shown);
            Some(hashed(policy, report, value))
        }
        Fate::Dropped => {
            report.labels_dropped.insert(shown);
            None
        }
    }
}

/// A selector whose conditions on labels that do not stay are left out. It then stands for what was asked, and no
/// longer asks the same.
pub(super) fn selector(policy: &Policy, report: &mut Report, text: &str) -> String {
    let Ok(parsed) = text.parse::<Selector>() else {
        let cleaned = clean(policy, report, text, Field::Selector).into_owned();
        return if policy.labels == LabelRule::All { cleaned } else { String::new() };
    };
    let mut matchers = Vec::with_capacity(parsed.matchers.len());
    for Matcher { name, op, value } in parsed.matchers {
        // The hash of a pattern matches nothing and says nothing.
        let pattern = matches!(op, MatchOp::Regex | MatchOp::NotRegex);
        if pattern && matches!(fate(policy, &name), Fate::Hashed) {
            let shown = clean(policy, report, &name, Field::LabelName).into_owned();
            report.labels_dropped.insert(shown);
            continue;
        }
        if let Some(value) = label_value(policy, report, &name, &value) {
            let name = clean(policy, report, &name, Field::LabelName).into_owned();
            matchers.push(Matcher { name, op, value });
        }
    }
    Selector { matchers }.to_string()
}

fn hashed(policy: &Policy, report: &mut Report, value: &str) -> String {
    if value.is_empty() || is_hash(value) {
        return value.to_owned();
    }
    report.found(Rule::Host.name(), Field::LabelValue, 1);
    let mut hash = keyed_hash(&policy.salt, value.as_bytes());
    let mut text = String::from(MARK);
    for _ in 0..HASH_CHARACTERS {
        text.push(char::from(DIGITS[(hash & 31) as usize]));
        hash >>= 5;
    }
    text
}

fn is_hash(value: &str) -> bool {
    let digits = value.strip_prefix(MARK).map(str::as_bytes);
    digits.is_some_and(|d| d.len() == HASH_CHARACTERS && d.iter().all(|b| DIGITS.contains(b)))
}
