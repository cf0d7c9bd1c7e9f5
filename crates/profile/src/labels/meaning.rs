//! Meanings of well-known label names: which ones hold a version, an instance, a region.
//!
//! The same fact has many names: Prometheus says `instance`, Kubernetes `pod`, OpenTelemetry's semantic conventions
//! `service.instance.id` and `k8s.pod.name`. Names are compared in lower case with `.`, `-` and `/` read as `_`, so the
//! tables hold each spelling once.
//!
//! ```
//! use flarepath_profile::labels::{Meaning, meaning, pick};
//!
//! assert_eq!(meaning("service.version"), Some(Meaning::Version));
//! let names = ["process.pid", "service.instance.id", "k8s.pod.name"];
//! assert_eq!(pick(names, &[Meaning::Version, Meaning::Instance]), Some("k8s.pod.name"));
//! ```

/// What the value of a label says about a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// The service, or the group of services it belongs to.
    Service,
    /// The release that runs.
    Version,
    /// One process or machine among others of the service.
    Instance,
    /// A container by the name it has in every pod: tells no instances apart, yet may name a customer.
    Container,
    /// Where in the world it runs.
    Region,
    /// Production, staging, or the cluster that serves as one of them.
    Environment,
    /// Language, operating system and hardware.
    Runtime,
    /// The route of an HTTP request, as a template.
    Route,
}

/// Names by meaning; within a meaning, the most telling name first.
const NAMES: [(Meaning, &[&str]); 8] = [
    (
        Meaning::Version,
        &[
            "version",
            "service_version",
            "app_version",
            "release",
            "build",
            "revision",
            "commit",
            "service_git_ref",
            "vcs_ref_head_revision",
            "image_tag",
            "container_image_tag",
        ],
    ),
    (
        Meaning::Instance,
        &[
            "pod",
            "pod_name",
            "k8s_pod_name",
            "k8s_pod_uid",
            "instance",
            "service_instance_id",
            "replica",
            "hostname",
            "host",
            "host_name",
            "host_id",
            "container_id",
            "node",
            "node_name",
            "k8s_node_name",
            "server",
            "machine",
        ],
    ),
    (
        Meaning::Region,
        &["region", "cloud_region", "zone", "availability_zone", "cloud_availability_zone", "cloud_provider"],
    ),
    (Meaning::Container, &["container", "container_name", "k8s_container_name"]),
    (
        Meaning::Environment,
        &[
            "env",
            "environment",
            "deployment_environment",
            "deployment_environment_name",
            "stage",
            "cluster",
            "k8s_cluster_name",
        ],
    ),
    (Meaning::Service, &["service_name", "service", "service_namespace", "app", "job", "component"]),
    (
        Meaning::Runtime,
        &[
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
        ],
    ),
    (Meaning::Route, &["http_route"]),
];

/// The meaning of a label, by its name; `None` for a name that is not well known.
pub fn meaning(name: &str) -> Option<Meaning> {
    find(name).map(|(meaning, _)| meaning)
}

/// The name that fits best: of the earliest wanted meaning that any of them has, the most telling. Of two spellings of
/// one name, the first.
pub fn pick<'a>(names: impl IntoIterator<Item = &'a str>, wanted: &[Meaning]) -> Option<&'a str> {
    let rank = |name| {
        let (meaning, position) = find(name)?;
        Some((wanted.iter().position(|w| *w == meaning)?, position))
    };
    let ranked = names.into_iter().filter_map(|name| Some((rank(name)?, name)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, name)| name)
}

/// The meaning of a name and its position among the names of that meaning.
fn find(name: &str) -> Option<(Meaning, usize)> {
    let plain = name.to_ascii_lowercase().replace(['.', '-', '/'], "_");
    NAMES.iter().find_map(|(meaning, known)| Some((*meaning, known.iter().position(|k| *k == plain)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("service.version", Some(Meaning::Version))]
    #[case("service.instance.id", Some(Meaning::Instance))]
    #[case("k8s.pod.name", Some(Meaning::Instance))]
    #[case("Host-Name", Some(Meaning::Instance))]
    #[case("deployment.environment.name", Some(Meaning::Environment))]
    #[case("cloud/region", Some(Meaning::Region))]
    #[case("process.pid", None)]
    #[case("user_id", None)]
    fn reads_dots_dashes_and_slashes_as_underscores(#[case] name: &str, #[case] expected: Option<Meaning>) {
        assert_eq!(meaning(name), expected);
    }

    #[test]
    fn no_name_has_two_meanings() {
        let mut all: Vec<&str> = NAMES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let len = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), len);
        assert!(
            all.iter()
                .all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'))
        );
    }

    #[test]
    fn picks_the_earliest_meaning_then_the_most_telling_name() {
        let names = ["abc", "version", "host.name", "k8s.pod.name"];
        assert_eq!(pick(names, &[Meaning::Instance, Meaning::Version]), Some("k8s.pod.name"));
        assert_eq!(pick(names, &[Meaning::Version, Meaning::Instance]), Some("version"));
        assert_eq!(pick(names, &[Meaning::Region]), None);
        assert_eq!(
            pick(["service.version", "service_version"], &[Meaning::Version]),
            Some("service.version")
        );
    }
}
