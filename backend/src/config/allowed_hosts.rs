//! `allowed_hosts`: host names of the server, in addition to the public URL and the names of its machine.

use super::error::ConfigError;

/// The names in lower case. They have no port, and match any.
pub(super) fn check(raw: Vec<String>) -> Result<Vec<String>, ConfigError> {
    raw.into_iter().map(name).collect()
}

fn name(text: String) -> Result<String, ConfigError> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let lower = text.trim().trim_end_matches('.').to_ascii_lowercase();
    if lower.is_empty() || lower.len() > 253 || !lower.bytes().all(allowed) {
        let expected = "host names without scheme and port, such as `flarepath.monitoring.svc`";
        return Err(ConfigError::value("allowed_hosts", text, expected));
    }
    Ok(lower)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn accepts_host_names_only() {
        let names = check(vec!["Flarepath.monitoring.svc.".to_owned(), "10.0.0.7".to_owned()]).unwrap();
        assert_eq!(names, ["flarepath.monitoring.svc", "10.0.0.7"]);
        for bad in ["", "*", "https://a", "a:80", "a@b", "a b", "a/b"] {
            assert!(check(vec![bad.to_owned()]).is_err(), "{bad}");
        }
    }
}
