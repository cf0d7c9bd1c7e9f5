//! What is wrong with the settings. Always the fault of whoever wrote them; the text says how to mend it.

use figment::Source;
use figment::error::Kind;
use std::fmt::Display;
use std::path::PathBuf;

/// A setting cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file given by `--config` cannot be read.
    #[error("cannot read the configuration file {path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file is not TOML, a key is unknown or a value is of the wrong kind.
    #[error("{place}: {message}")]
    Key {
        /// Where it was written: a file, the environment or the command line.
        place: String,
        /// Which key, what is wrong, what is allowed.
        message: String,
    },
    /// A value is of the right kind but not allowed.
    #[error("configuration key `{key}`: `{value}` is not allowed; expected {expected}")]
    Value {
        /// The key, with its section.
        key: &'static str,
        /// What was written.
        value: String,
        /// What is allowed.
        expected: String,
    },
    /// The address is open to others, and nobody said that this is meant.
    #[error(
        "refusing to listen on {0}: others would reach it under an address that was not named. Set public_url (or \
         FLAREPATH_PUBLIC_URL) to the https:// address that browsers use; or listen on 127.0.0.1; or give \
         --insecure-no-auth to do without sign-in if the network itself keeps others out"
    )]
    OpenToNetwork(String),
    /// No data folder was named and the platform's cannot be found.
    #[error("no data folder: neither XDG_DATA_HOME nor HOME is set; name one with --data DIR")]
    NoDataDir,
}

impl ConfigError {
    /// A value that is not allowed.
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
            // The path of an unknown field ends with the field itself in some versions and not in others.
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
