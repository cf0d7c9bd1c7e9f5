//! Validation of names and selectors before they are stored.

use super::AuthError;
use crate::problem::ProblemKind;
use crate::selector::CompiledSelector;
use flarepath_profile::selector::Selector;

/// Longest name of a team, a token and the like.
pub(crate) const MAX_TITLE_CHARS: usize = 100;
/// Longest selector that is stored.
pub(crate) const MAX_SELECTOR_BYTES: usize = 4096;

/// A display name: 1 to 100 characters on one line. `what` begins the error message, such as `a team's name`.
///
/// # Errors
/// [`AuthError::Invalid`].
pub(crate) fn title(what: &str, text: &str) -> Result<String, AuthError> {
    let title = text.trim();
    let length_ok = (1..=MAX_TITLE_CHARS).contains(&title.chars().count());
    if length_ok && !title.chars().any(char::is_control) {
        return Ok(title.to_owned());
    }
    let message = format!("{what} must be 1 to {MAX_TITLE_CHARS} characters on one line");
    Err(AuthError::invalid(ProblemKind::BadName, message))
}

/// A selector that parses and whose patterns compile, in canonical form.
///
/// # Errors
/// [`AuthError::Invalid`].
pub(crate) fn selector(text: &str) -> Result<String, AuthError> {
    let bad = |message: String| AuthError::invalid(ProblemKind::BadSelector, message);
    if text.len() > MAX_SELECTOR_BYTES {
        return Err(bad(format!("a selector must be at most {MAX_SELECTOR_BYTES} bytes long")));
    }
    let selector: Selector = text.trim().parse().map_err(|e| bad(format!("`{text}`: {e}")))?;
    crate::selector::check(&selector).map_err(|e| bad(e.to_string()))?;
    CompiledSelector::new(&selector).map_err(|e| bad(e.to_string()))?;
    Ok(selector.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_valid_names_and_selectors_and_rejects_others() {
        assert_eq!(title("x", " pay ").unwrap(), "pay");
        for bad in ["", "  ", "a\nb", &"a".repeat(101)] {
            assert!(title("x", bad).is_err(), "{bad:?}");
        }
        assert_eq!(selector(r#" {service_name=~"pay-.*"} "#).unwrap(), r#"{service_name=~"pay-.*"}"#);
        assert_eq!(selector("{}").unwrap(), "{}");
        for bad in ["", "{", r#"{a=~"("}"#, r#"{a="b"} or {c="d"}"#, &format!("{{a={:?}}}", "b".repeat(5000))]
        {
            assert!(selector(bad).is_err(), "{bad}");
        }
    }
}
