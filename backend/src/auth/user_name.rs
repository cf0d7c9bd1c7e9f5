//! User names and display names.

use super::AuthError;
use crate::problem::ProblemKind;
use std::fmt;
use std::str::FromStr;

/// Longest name to sign in with.
pub(crate) const MAX_CHARS: usize = 100;
/// Longest display name.
pub(crate) const MAX_DISPLAY_CHARS: usize = 200;

/// A name to sign in with: lower-case ASCII letters, digits and `. _ - @ +`, so that no two look the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserName(String);

impl UserName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for UserName {
    type Err = AuthError;

    fn from_str(text: &str) -> Result<UserName, AuthError> {
        let name = text.trim().to_ascii_lowercase();
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-@+".contains(c);
        let valid_start = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if valid_start && name.len() <= MAX_CHARS && name.chars().all(allowed) {
            return Ok(UserName(name));
        }
        Err(AuthError::invalid(
            ProblemKind::BadName,
            "a user name must be 1 to 100 letters (a-z), digits or . _ - @ + and begin with a letter or digit",
        ))
    }
}

/// A display name: any text on one line.
///
/// # Errors
/// [`AuthError::Invalid`] if it is longer than 200 characters or contains control characters.
pub(crate) fn display_name(text: &str) -> Result<String, AuthError> {
    let name = text.trim();
    if name.chars().count() <= MAX_DISPLAY_CHARS && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(AuthError::invalid(
        ProblemKind::BadDisplayName,
        "a display name must be at most 200 characters on one line",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_normalized() {
        let parsed = |text: &str| text.parse::<UserName>().map(|name| name.0).ok();
        assert_eq!(parsed(" Ann.Smith@Example.org ").as_deref(), Some("ann.smith@example.org"));
        for bad in ["", " ", "-a", "a b", "änn", "a/b", "a\0", "\u{430}nn"] {
            assert_eq!(parsed(bad), None, "{bad:?}");
        }
        assert_eq!(parsed(&"a".repeat(101)), None);
    }

    #[test]
    fn display_names_are_one_line() {
        assert_eq!(display_name(" Ännchen von Tharau ").unwrap(), "Ännchen von Tharau");
        assert!(display_name("a\nb").is_err() && display_name("a\0").is_err());
        assert!(display_name(&"ä".repeat(201)).is_err());
    }
}
