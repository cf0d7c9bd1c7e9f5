//! [`Identity`]: a place in the fleet, and the labels of its profiles and metrics.

use super::{Service, Version};

/// Replicas of a service.
pub(super) const REPLICAS: usize = 3;

/// Label `namespace` of the fleet's metrics.
pub(super) const NAMESPACE: &str = "shop";

/// Region of each replica of a service.
const REGIONS: [&str; REPLICAS] = ["eu-west", "eu-west", "us-east"];

/// Ends of the names of pods, of the characters that Kubernetes uses.
const SUFFIXES: [&str; REPLICAS] = ["x2k7p", "m4q9t", "z8w5v"];

/// The program that is a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    /// This binary.
    Own(Service),
    /// `sessions`, which Node runs.
    Node,
}

impl Program {
    /// Value of the label `service_name` of profiles, and of `job` and `container` of metrics.
    pub(super) fn service(self) -> &'static str {
        match self {
            Program::Own(service) => service.name(),
            Program::Node => "sessions",
        }
    }
}

/// A replica, which may be started more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) program: Program,
    pub(super) version: Version,
    /// Below [`REPLICAS`].
    pub(super) number: usize,
}

impl Identity {
    /// Value of the label `pod`: service, hash of the version and suffix, as Kubernetes names the pods of a deployment.
    pub(super) fn pod(self) -> String {
        let hash = match self.version {
            Version::V1 => "6d5c7f9b48",
            Version::V2 => "7f8b9c6d54",
        };
        format!("{}-{hash}-{}", self.program.service(), SUFFIXES[self.number % REPLICAS])
    }

    /// Value of the label `region`.
    pub(super) fn region(self) -> &'static str {
        REGIONS[self.number % REPLICAS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MetricsConfig;
    use crate::selector::CompiledSelector;

    #[test]
    fn pods_are_found_by_the_default_selector_of_metrics() {
        let selector = MetricsConfig::at("http://127.0.0.1:9090").pods[0].clone();
        let programs = [Program::Own(Service::Checkout), Program::Own(Service::Mail), Program::Node];
        for program in programs {
            let selector = selector.replace("$service", program.service()).parse().unwrap();
            let selector = CompiledSelector::new(&selector).unwrap();
            for version in [Version::V1, Version::V2] {
                for number in 0..REPLICAS {
                    let pod = Identity { program, version, number }.pod();
                    let labels = [("pod", pod.as_str())].into_iter().collect();
                    assert!(selector.matches(&labels), "{pod}");
                }
            }
        }
    }

    #[test]
    fn each_replica_has_a_pod_of_its_own() {
        let mut pods: Vec<String> = [Version::V1, Version::V2]
            .into_iter()
            .flat_map(|version| {
                let pod = move |number| Identity { program: Program::Node, version, number }.pod();
                (0..REPLICAS).map(pod)
            })
            .collect();
        pods.sort_unstable();
        pods.dedup();
        assert_eq!(pods.len(), 2 * REPLICAS);
    }
}
