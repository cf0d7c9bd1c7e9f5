//! Limits of selectors: a few kilobytes of text must not cost seconds.

use super::{BadSelector, has_pattern};
use flarepath_profile::selector::{Matcher, Selector};
use regex_syntax::ast::parse::Parser;

/// Matchers of a selector.
pub(super) const MAX_MATCHERS: usize = 20;
/// Bytes of a pattern. A dashboard's list of a hundred pods fits.
pub(super) const MAX_PATTERN_BYTES: usize = 4096;
/// Bytes of a compiled pattern, and of the automaton that is built while it is matched. `\w`, which knows all of Unicode,
/// takes about 50 KB.
pub(super) const MAX_COMPILED_BYTES: usize = 1 << 20;

/// Checks number, length and syntax, which is quick. Whether patterns compile within their limit shows when they do.
///
/// # Errors
/// [`BadSelector`].
pub(crate) fn check(selector: &Selector) -> Result<(), BadSelector> {
    if selector.matchers.len() > MAX_MATCHERS {
        return Err(BadSelector::TooManyMatchers(selector.matchers.len()));
    }
    for matcher in selector.matchers.iter().filter(|matcher| has_pattern(matcher)) {
        let bytes = matcher.value.len();
        if bytes > MAX_PATTERN_BYTES {
            return Err(BadSelector::TooLong { label: matcher.name.clone(), bytes });
        }
        check_syntax(matcher)?;
    }
    Ok(())
}

pub(super) fn check_syntax(matcher: &Matcher) -> Result<(), BadSelector> {
    let parsed = Parser::new().parse(&matcher.value);
    parsed.map(drop).map_err(|e| BadSelector::Pattern { label: matcher.name.clone(), message: e.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<(), BadSelector> {
        check(&text.parse().unwrap())
    }

    fn matchers(count: usize) -> String {
        let matcher = |i: usize| format!(r#"l{i}=~".*""#);
        format!("{{{}}}", (0..count).map(matcher).collect::<Vec<_>>().join(","))
    }

    #[test]
    fn selectors_at_the_limits_pass_and_larger_ones_do_not() {
        let pattern = |bytes: usize| format!(r#"{{pod=~"{}"}}"#, "x".repeat(bytes));
        assert_eq!(checked(&matchers(MAX_MATCHERS)), Ok(()));
        assert_eq!(checked(&pattern(MAX_PATTERN_BYTES)), Ok(()));
        let many = checked(&matchers(MAX_MATCHERS + 1)).unwrap_err();
        assert_eq!(many.to_string(), "the selector has 21 matchers; at most 20 are allowed");
        let long = checked(&pattern(MAX_PATTERN_BYTES + 1)).unwrap_err();
        assert_eq!(long.to_string(), "the pattern for label pod has 4097 bytes; at most 4096 are allowed");
        // A text that is compared is no pattern.
        assert_eq!(checked(&pattern(MAX_PATTERN_BYTES + 1).replace("=~", "=")), Ok(()));
    }
}
