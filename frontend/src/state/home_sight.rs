//! The rows of Home that are in sight, whose metrics are asked for. As text they are passed from one program to the other.

use super::lent_part::READY;
use super::row_metrics::Round;
use super::time_range::Span;

/// `1 1795223940000000000 1795227540000000000 1795227540000 prod`, then a service in each line; no name is the default store.
pub(crate) fn sight_text<'a>(
    store: Option<&str>,
    (span, now_ms): Round,
    services: impl Iterator<Item = &'a str>,
) -> String {
    let Span { from_ns, until_ns } = span;
    let store = store.unwrap_or_default();
    let mut text = format!("{READY}{from_ns} {until_ns} {now_ms} {store}");
    for service in services {
        text.push('\n');
        text.push_str(service);
    }
    text
}

/// Reads [`sight_text`]; `None` of another text.
pub(crate) fn parse_sight(text: &str) -> Option<(Option<String>, Round, Vec<String>)> {
    let mut lines = text.strip_prefix(READY)?.split('\n');
    let mut parts = lines.next()?.splitn(4, ' ');
    let mut part = || parts.next();
    let (from_ns, until_ns) = (part()?.parse().ok()?, part()?.parse().ok()?);
    let round = (Span { from_ns, until_ns }, part()?.parse().ok()?);
    let store = Some(part()?.to_owned()).filter(|name| !name.is_empty());
    Some((store, round, lines.map(str::to_owned).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_sight_is_text() {
        let round = (Span::of_ms(5_000, 3_605_000), 3_605_123);
        for services in [vec![], vec!["pay".to_owned()], vec!["check out".to_owned(), "cart".to_owned()]] {
            for store in [None, Some("eu prod".to_owned())] {
                let text = sight_text(store.as_deref(), round, services.iter().map(String::as_str));
                assert_eq!(parse_sight(&text), Some((store, round, services.clone())));
            }
        }
        assert_eq!(parse_sight(""), None);
        assert_eq!(parse_sight("1 5 now 6"), None);
    }
}
