//! Headers of a request, with secrets from files. They are read again for each request, so that one that was replaced counts
//! at once; they are never logged.

use crate::config::RemoteAuth;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use std::path::{Path, PathBuf};

/// Bytes of a file with a secret; tokens take a few hundred.
const MAX_BYTES: u64 = 64 << 10;

/// The headers that are configured for a server.
#[derive(Clone)]
pub(crate) struct RequestHeaders {
    auth: RemoteAuth,
    plain: Vec<(String, String)>,
    files: Vec<(String, PathBuf)>,
}

impl RequestHeaders {
    /// Those of `auth`, those that are given as they are, and those whose values are in files.
    pub(crate) fn new(
        auth: &RemoteAuth,
        plain: &[(String, String)],
        files: &[(String, PathBuf)],
    ) -> RequestHeaders {
        RequestHeaders { auth: auth.clone(), plain: plain.to_vec(), files: files.to_vec() }
    }

    /// All headers. Reads files, so it belongs off the async threads.
    ///
    /// # Errors
    /// The path of a file that cannot be read or that holds no secret, and the reason.
    pub(crate) fn read(&self) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.plain {
            add(&mut headers, name, value).ok_or_else(|| format!("the header {name} is not allowed"))?;
        }
        for (name, path) in &self.files {
            let value = secret(path)?;
            add(&mut headers, name, &value).ok_or_else(|| no_secret(path))?;
        }
        let (authorization, path) = match &self.auth {
            RemoteAuth::None => return Ok(headers),
            RemoteAuth::Basic { username, password_file } => {
                let pair = format!("{username}:{}", secret(password_file)?);
                (format!("Basic {}", STANDARD.encode(pair)), password_file)
            }
            RemoteAuth::Bearer(file) => (format!("Bearer {}", secret(file)?), file),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        file
    }

    #[test]
    fn secrets_are_read_again_and_shown_nowhere() {
        let secret = file("first\n");
        let path = || secret.path().to_owned();
        let plain = [("X-Scope-OrgID".to_owned(), "shop".to_owned())];
        let headers =
            RequestHeaders::new(&RemoteAuth::Bearer(path()), &plain, &[("X-Key".to_owned(), path())]);
        let read = headers.read().unwrap();
        assert_eq!(read["authorization"], "Bearer first");
        assert_eq!(read["x-key"], "first");
        assert_eq!(read["x-scope-orgid"], "shop");
        assert!(!format!("{read:?}").contains("first"));
        std::fs::write(secret.path(), "second").unwrap();
        assert_eq!(headers.read().unwrap()["authorization"], "Bearer second");
    }

    #[test]
    fn a_password_is_encoded_with_its_user() {
        let password_file = file("open sesame");
        let auth = RemoteAuth::Basic {
            username: "Aladdin".to_owned(),
            password_file: password_file.path().to_owned(),
        };
        // The example of RFC 7617, section 2.
        let read = RequestHeaders::new(&auth, &[], &[]).read().unwrap();
        assert_eq!(read["authorization"], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    #[test]
    fn files_without_a_secret_are_named_without_their_content() {
        for content in ["", " \n", "two\nlines", "x".repeat(70_000).as_str()] {
            let secret = file(content);
            let error = RequestHeaders::new(&RemoteAuth::Bearer(secret.path().to_owned()), &[], &[]).read();
            let expected = format!("{}: expected the secret on one line", secret.path().display());
            assert_eq!(error.unwrap_err(), expected);
        }
        let error = RequestHeaders::new(&RemoteAuth::Bearer("/nowhere/token".into()), &[], &[]).read();
        assert!(error.unwrap_err().starts_with("/nowhere/token: "));
    }
}
