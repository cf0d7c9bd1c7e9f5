//! The file by which Prometheus finds the demo's processes (`file_sd_configs` in Prometheus' documentation of its configuration).
//!
//! Labels say what the discovery of Kubernetes would. `instance` is the pod and not the address, so that the series of a replica go on after
//! a restart at another port.

use super::Replica;
use crate::demo::identity::NAMESPACE;
use anyhow::Context;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Targets with the same labels.
#[derive(Serialize)]
struct Group {
    targets: Vec<String>,
    labels: BTreeMap<&'static str, String>,
}

/// The text of the file: each replica whose port is known, and the stand-in for kube-state-metrics.
///
/// # Errors
/// When it cannot be written as JSON.
pub(super) fn json(replicas: &[Replica], kube_state_port: u16) -> serde_json::Result<String> {
    let of_replicas = replicas.iter().filter_map(|replica| {
        let (identity, service) = (replica.identity, replica.identity.program.service());
        let labels = [
            ("job", service.to_owned()),
            ("instance", identity.pod()),
            ("namespace", NAMESPACE.to_owned()),
            ("pod", identity.pod()),
            ("version", identity.version.name().to_owned()),
            ("region", identity.region().to_owned()),
        ];
        Some(Group { targets: vec![address(replica.port?)], labels: labels.into() })
    });
    // Its samples name the pods that they are of.
    let kube_state = ["job", "instance"].map(|label| (label, "kube-state-metrics".to_owned()));
    let kube_state = Group { targets: vec![address(kube_state_port)], labels: kube_state.into() };
    let groups: Vec<Group> = of_replicas.chain([kube_state]).collect();
    serde_json::to_string_pretty(&groups).map(|text| text + "\n")
}

fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

/// Replaces the file at once, so that Prometheus never reads a part of it. Prometheus may run as another user, and nothing in it is
/// secret, so all users may read it.
///
/// # Errors
/// When it cannot be written.
pub(super) fn replace(file: &Path, text: &str) -> anyhow::Result<()> {
    let failed = || format!("cannot write {}", file.display());
    let mut name = file.file_name().with_context(failed)?.to_owned();
    name.push(".new");
    let new = file.with_file_name(name);
    std::fs::write(&new, text).with_context(failed)?;
    std::fs::set_permissions(&new, Permissions::from_mode(0o644)).with_context(failed)?;
    std::fs::rename(&new, file).with_context(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::identity::{Identity, Program};
    use crate::demo::{Service, Version};

    #[test]
    fn replicas_with_a_port_are_targets() {
        let replica = |number, port| Replica {
            identity: Identity { program: Program::Own(Service::Checkout), version: Version::V2, number },
            port,
            restarts: 0,
        };
        let text = json(&[replica(0, None), replica(2, Some(40001))], 40002).unwrap();
        let found: serde_json::Value = serde_json::from_str(&text).unwrap();
        let expected = serde_json::json!([
            {
                "targets": ["127.0.0.1:40001"],
                "labels": {
                    "job": "checkout",
                    "instance": "checkout-7f8b9c6d54-z8w5v",
                    "namespace": "shop",
                    "pod": "checkout-7f8b9c6d54-z8w5v",
                    "version": "v2",
                    "region": "us-east",
                },
            },
            {
                "targets": ["127.0.0.1:40002"],
                "labels": { "job": "kube-state-metrics", "instance": "kube-state-metrics" },
            },
        ]);
        assert_eq!(found, expected);
    }

    #[test]
    fn the_file_is_replaced_as_a_whole() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("targets.json");
        for text in ["[1]\n", "[]\n"] {
            replace(&file, text).unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        }
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
        let names: Vec<_> =
            std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["targets.json"], "nothing else is left");
        let error = replace(Path::new("/nowhere/targets.json"), "").unwrap_err();
        assert_eq!(error.to_string(), "cannot write /nowhere/targets.json");
    }
}
