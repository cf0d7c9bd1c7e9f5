//! A verdict's sentences cut down to what fits a row of a list.

/// How the sentence about the function that explains most of a change begins.
pub(super) const LARGEST_CAUSE: &str = "The largest cause";

/// What changed, without its numbers, and the largest cause, of a headline that tells both.
///
/// ```
/// use flarepath_profile::verdict::brief;
///
/// let headline = "CPU use is 16 % higher in version 2 than in version 1: 0.29 cores instead of 0.25 cores. The largest cause is `Regex::new`, \
///                 called by `handle_order`: 0.04 cores more.";
/// let short = "CPU use is 16 % higher in version 2 than in version 1. The largest cause is `Regex::new`, called by `handle_order`.";
/// assert_eq!(brief(headline).as_deref(), Some(short));
/// assert_eq!(brief("No significant change."), None);
/// ```
pub fn brief(headline: &str) -> Option<String> {
    let (what, rest) = headline.split_once(": ")?;
    let (_, cause) = rest.split_once(LARGEST_CAUSE)?;
    // Names are in backticks, and may hold colons.
    let end = cause.split_inclusive('`').enumerate().find_map(|(at, part)| {
        let colon = part.find(": ").filter(|_| at % 2 == 0)?;
        Some(part.as_ptr() as usize - cause.as_ptr() as usize + colon)
    })?;
    Some(format!("{what}. {LARGEST_CAUSE}{}.", &cause[..end]))
}
