//! `ConfigError`: an invalid setting. Always the operator's fault; the text says how to fix it.

use figment::Source;
use figment::error::Kind;
use std::fmt::Display;
use std::path::PathBuf;

/// An invalid setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file given by `--config` cannot be read.
    #[error("cannot read the configuration file {path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// Error of the operating system.
        reason: String,
    },
    /// The file is not TOML, a key is unknown or a value has the wrong type.
    #[error("{place}: {message}")]
    Key {
        /// Its source: a file, the environment or the command line.
        place: String,
        /// The key, the problem, and what is allowed.
        message: String,
    },
    /// A value has the right type but is not allowed.
    #[error("configuration key `{key}`: `{value}` is not allowed; expected {expected}")]
    Value {
        /// The key, with its section.
        key: &'static str,
        /// The value.
        value: String,
        /// What is allowed.
        expected: String,
    },
    /// A definition of `[slo_files]` is not understood.
    #[error("configuration key `slo_files.paths`: {0}")]
    SloFile(String),
    /// The listen address is reachable from elsewhere, and access from elsewhere is not configured.
    #[error(
        "refusing to listen on {0}: it is reachable from other machines, but no public URL is set. Set public_url (or \
         FLAREPATH_PUBLIC_URL) to the https:// address that browsers use, or listen on 127.0.0.1, or pass \
         --insecure-no-auth to disable sign-in on a network that nobody else can reach"
    )]
    OpenToNetwork(String),
    /// No data directory is set, and the default of the platform cannot be determined.
    #[error("no data directory: neither XDG_DATA_HOME nor HOME is set; pass --data DIR")]
    NoDataDir,
}

impl ConfigError {
    /// [`ConfigError::Value`].
    pub(crate) fn value(key: &'static str, value: impl Display, expected: impl Into<String>) -> ConfigError {
        ConfigError::Value { key, value: value.to_string(), expected: expected.into() }
    }
}

impl From<figment::Error> for ConfigError {
    /// The first of the errors that figment found.
    fn from(error: figment::Error) -> ConfigError {
        let place = match error.metadata.as_ref() {
            Some(metadata) => match &metadata.source {
                Some(Source::File(path)) => format!("configuration file {}", path.display()),
                _ if metadata.name.contains("environment") => "environment variable FLAREPATH_…".to_owned(),
                _ => "command line".to_owned(),
            },
            None => "configuration".to_owned(),
        };
        ConfigError::Key { place, message: message(&error) }
    }
}

fn message(error: &figment::Error) -> String {
    let key = error.path.join(".");
    match &error.kind {
        Kind::UnknownField(field, allowed) => {
            // figment ends the path with the field itself in some versions and not in others.
            let section = error.path.iter().filter(|part| *part != field);
            let full: Vec<&str> = section.map(String::as_str).chain([field.as_str()]).collect();
            format!("unknown key `{}`; allowed here: {}", full.join("."), allowed.join(", "))
        }
        Kind::InvalidType(actual, expected) | Kind::InvalidValue(actual, expected) => {
            format!("key `{key}` is {actual}, expected {expected}")
        }
        other if key.is_empty() => other.to_string(),
        other => format!("key `{key}`: {other}"),
    }
}
