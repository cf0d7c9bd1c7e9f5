//! The files of `deploy/`, as far as they can be checked without running them: versions are pinned, containers have no rights that they do
//! not need, and the server accepts the settings. deploy/README.md says what these tests cannot check. So are examples of settings in the
//! documentation.

#![allow(missing_docs)]

mod chart;
mod compose;
mod container_file;
mod docs;
mod image;
mod settings;
mod templates;
mod yaml;

use std::path::{Path, PathBuf};

/// The path of a file in `deploy/`.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("deploy/{name}: {error}"))
}

/// Names of the files in a folder of `deploy/`, in their order.
fn names(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(path(folder)).unwrap_or_else(|error| panic!("deploy/{folder}: {error}"));
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_yaml_file_that_is_not_a_template_can_be_read() {
    for folder in ["", "helm/flarepath", "helm/flarepath/ci"] {
        let files: Vec<String> = names(folder)
            .into_iter()
            .filter(|name| name.ends_with(".yml") || name.ends_with(".yaml"))
            .collect();
        assert!(!files.is_empty(), "no YAML in deploy/{folder}");
        for file in files {
            let file = if folder.is_empty() { file } else { format!("{folder}/{file}") };
            assert_eq!(yaml::documents(&read(&file)).len(), 1, "{file}");
        }
    }
}
