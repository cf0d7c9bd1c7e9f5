//! Headers of a request, with secrets from files. They are read again for each request, so that one that was replaced counts
//! at once; they are never logged.

use crate::config::{MetricsAuth, MetricsConfig};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use std::path::{Path, PathBuf};

/// Bytes of a file with a secret; tokens take a few hundred.
const MAX_BYTES: u64 = 64 << 10;

/// The headers that are configured.
#[derive(Clone)]
pub(super) struct Headers {
    auth: MetricsAuth,
    plain: Vec<(String, String)>,
    files: Vec<(String, PathBuf)>,
}

impl Headers {
    pub(super) fn new(config: &MetricsConfig) -> Headers {
        let MetricsConfig { auth, headers, header_files, .. } = config.clone();
        Headers { auth, plain: headers, files: header_files }
    }

    /// All headers. Reads files.
    ///
    /// # Errors
    /// The path of a file that cannot be read or that holds no secret, and the reason.
    pub(super) fn read(&self) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.plain {
            add(&mut headers, name, value).ok_or_else(|| format!("the header {name} is not allowed"))?;
        }
        for (name, path) in &self.files {
            let value = secret(path)?;
            add(&mut headers, name, &value).ok_or_else(|| no_secret(path))?;
        }
        let (authorization, path) = match &self.auth {
            MetricsAuth::None => return Ok(headers),
            MetricsAuth::Basic { username, password_file } => {
                let pair = format!("{username}:{}", secret(password_file)?);
                (format!("Basic {}", STANDARD.encode(pair)), password_file)
            }
            MetricsAuth::Bearer(file) => (format!("Bearer {}", secret(file)?), file),
        };
        add(&mut headers, AUTHORIZATION.as_str(), &authorization).ok_or_else(|| no_secret(path))?;
        Ok(headers)
    }
}

/// Adds a header that is shown nowhere.
fn add(headers: &mut HeaderMap, name: &str, value: &str) -> Option<()> {
    let name: HeaderName = name.parse().ok()?;
    let mut value: HeaderValue = value.parse().ok()?;
    value.set_sensitive(true);
    headers.append(name, value);
    Some(())
}

fn secret(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?.len();
    if size > MAX_BYTES {
        return Err(no_secret(path));
    }
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    match text.trim() {
        "" => Err(no_secret(path)),
        secret => Ok(secret.to_owned()),
    }
}

fn no_secret(path: &Path) -> String {
    format!("{}: expected the secret on one line", path.display())
}
