//! A stand-in for kube-state-metrics: what it would say about the replicas, if they were pods of a cluster.
//!
//! Names and labels are those of kube-state-metrics 2 (docs/metrics/workload/pod-metrics.md of its repository). Limits of CPU are true of the
//! replicas of this binary, which keep themselves below them; the limit of memory of `sessions` has room above the heap at which it
//! ends itself; all others are only said.

use super::Replica;
use crate::demo::identity::{NAMESPACE, Program};
use crate::demo::node::HEAP_LIMIT_MB;
use crate::demo::pace;
use std::fmt::Write as _;

const MIB: u64 = 1 << 20;
/// Added to the help of each metric, which says where it is from.
const ORIGIN: &str = "Stand-in of `flarepath demo` for kube-state-metrics: there is no cluster.";

/// CPU in cores and memory in bytes.
struct Resources {
    cores: f64,
    bytes: u64,
}

impl Program {
    fn limits(self) -> Resources {
        let bytes = match self {
            Program::Own(_) => 256 * MIB,
            // The rest of a process of Node is about as large as its heap at most.
            Program::Node => 2 * u64::from(HEAP_LIMIT_MB) * MIB,
        };
        Resources { cores: pace::MOST, bytes }
    }

    fn requests(self) -> Resources {
        let bytes = match self {
            Program::Own(_) => 64 * MIB,
            Program::Node => u64::from(HEAP_LIMIT_MB) * MIB,
        };
        Resources { cores: 0.05, bytes }
    }
}

/// All metrics, in Prometheus' text format.
pub(super) fn text(replicas: &[Replica]) -> String {
    let mut text = String::new();
    let (limits, requests) = ("Limits that nothing enforces.", "Requests that nothing reserves.");
    resources(&mut text, "kube_pod_container_resource_limits", limits, replicas, Program::limits);
    resources(&mut text, "kube_pod_container_resource_requests", requests, replicas, Program::requests);
    let name = "kube_pod_container_status_restarts_total";
    head(&mut text, name, "counter", "Restarts by the demo.");
    for replica in replicas {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name}{{{}}} {}", container(replica), replica.restarts);
    }
    text
}

fn resources(
    text: &mut String,
    name: &str,
    what: &str,
    replicas: &[Replica],
    of: impl Fn(Program) -> Resources,
) {
    head(text, name, "gauge", what);
    for replica in replicas {
        let Resources { cores, bytes } = of(replica.identity.program);
        let container = container(replica);
        let _ = writeln!(text, "{name}{{{container},resource=\"cpu\",unit=\"core\"}} {cores}");
        let _ = writeln!(text, "{name}{{{container},resource=\"memory\",unit=\"byte\"}} {bytes}");
    }
}

fn head(text: &mut String, name: &str, kind: &str, what: &str) {
    let _ = writeln!(text, "# HELP {name} {what} {ORIGIN}\n# TYPE {name} {kind}");
}

/// Labels of the container of a replica. Their values have no character that must be escaped.
fn container(replica: &Replica) -> String {
    let (pod, container) = (replica.identity.pod(), replica.identity.program.service());
    format!("namespace=\"{NAMESPACE}\",pod=\"{pod}\",container=\"{container}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::identity::Identity;
    use crate::demo::{Service, Version};

    #[test]
    fn each_container_has_limits_requests_and_restarts() {
        let replica = |program, restarts| Replica {
            identity: Identity { program, version: Version::V1, number: 0 },
            port: None,
            restarts,
        };
        let text = text(&[replica(Program::Own(Service::Checkout), 0), replica(Program::Node, 2)]);
        let of = |service: &str| {
            format!("namespace=\"shop\",pod=\"{service}-6d5c7f9b48-x2k7p\",container=\"{service}\"")
        };
        let (checkout, sessions) = (of("checkout"), of("sessions"));
        for line in [
            "# TYPE kube_pod_container_resource_limits gauge".to_owned(),
            format!("kube_pod_container_resource_limits{{{checkout},resource=\"cpu\",unit=\"core\"}} 0.2"),
            format!(
                "kube_pod_container_resource_limits{{{sessions},resource=\"memory\",unit=\"byte\"}} 419430400"
            ),
            format!("kube_pod_container_resource_requests{{{checkout},resource=\"cpu\",unit=\"core\"}} 0.05"),
            "# TYPE kube_pod_container_status_restarts_total counter".to_owned(),
            format!("kube_pod_container_status_restarts_total{{{checkout}}} 0"),
            format!("kube_pod_container_status_restarts_total{{{sessions}}} 2"),
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in {text}");
        }
        let mut help = text.lines().filter(|line| line.starts_with("# HELP "));
        assert!(help.all(|line| line.contains("there is no cluster")), "{text}");
        assert!(text.ends_with('\n'));
    }
}
