//! Whether the server accepts a configuration file: by a command that reads it and then finds no data directory.

use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Where containers have their secrets.
const SECRETS: &str = "/run/secrets/";

/// A configuration file in a folder of its own, with all secrets that it names.
pub(crate) struct Settings {
    folder: TempDir,
}

impl Settings {
    pub(crate) fn new(toml: &str) -> Settings {
        let folder = tempfile::tempdir().unwrap();
        for rest in toml.split(SECRETS).skip(1) {
            let name: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_/.".contains(*c)).collect();
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "secret\n").unwrap();
        }
        let here = format!("{}/", folder.path().display());
        std::fs::write(folder.path().join("flarepath.toml"), toml.replace(SECRETS, &here)).unwrap();
        Settings { folder }
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The error for a configuration that the server does not accept.
pub(crate) fn refusal(settings: &Settings) -> Option<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flarepath"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FLAREPATH_") {
            command.env_remove(name);
        }
    }
    command.args(["retention", "--dry-run", "--data"]).arg(settings.folder().join("missing"));
    let output = command.arg("--config").arg(settings.folder().join("flarepath.toml")).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "there is no data directory");
    (!error.contains("missing/profiles.db")).then_some(error)
}

#[test]
fn tells_accepted_settings_from_others() {
    let good = "[stores.a]\nkind = 'parca'\nurl = 'http://a.example'\ntoken_file = '/run/secrets/a/token'\n";
    assert_eq!(refusal(&Settings::new(good)), None);
    let error = refusal(&Settings::new("[query]\ntimout = '5s'\n")).unwrap();
    assert!(error.contains("query.timout"), "{error}");
}
