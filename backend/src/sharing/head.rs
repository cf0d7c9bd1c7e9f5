//! The `<head>` of a share's page: Open Graph tags for link unfurling.
//!
//! Unfurlers run no scripts and read only the first kilobytes of a page, some of them 4 KiB. So the tags come first in the
//! head, and their length is bounded. Twitter cards take title, text and image from the Open Graph tags; only the kind of card
//! has a tag of its own.
//!
//! Anonymous visitors must not learn anything about shares that are not public: [`Head::generic`] names the product and
//! nothing else, and is the same for every link, so that it does not reveal whether one exists.

use super::preview::{HEIGHT, WIDTH};
use super::text::one_line;
use std::fmt::Write;

/// Most escaped bytes of a title.
const TITLE_BYTES: usize = 300;
/// Most escaped bytes of a description.
const DESCRIPTION_BYTES: usize = 600;
/// Most escaped bytes of a URL; a longer one is omitted.
const ADDRESS_BYTES: usize = 400;

/// Content of the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head<'a> {
    /// Title of the share.
    pub(crate) title: &'a str,
    /// What it shows, in one line; see [`super::headline`].
    pub(crate) description: &'a str,
    /// Absolute URL of the page; `None` omits it.
    pub(crate) address: Option<&'a str>,
    /// Absolute URL of the preview image, which unfurlers fetch on their own.
    pub(crate) picture: Option<&'a str>,
}

impl<'a> Head<'a> {
    /// The head of a link to a non-public share. `picture` is the URL of the generic image.
    pub(crate) fn generic(picture: Option<&'a str>) -> Head<'a> {
        Head { title: "Flarepath", description: "Sign in to view", address: None, picture }
    }

    /// Inserts the tags at the top of a page's head and removes the page's own title and description. A page without a
    /// head gets the tags in front.
    pub(crate) fn put_into(&self, page: &str) -> String {
        let page = without(page, "<title", "</title>");
        let page = without(&page, "<meta name=\"description\"", ">");
        let at = head_start(&page);
        format!("{}\n{}{}", &page[..at], self.tags(), &page[at..])
    }

    /// The tags alone, less than 4 KiB.
    pub(crate) fn tags(&self) -> String {
        let title = bounded(self.title, TITLE_BYTES);
        let description = bounded(self.description, DESCRIPTION_BYTES);
        let mut out = String::with_capacity(2048);
        // The encoding must precede all text, and be within the first kilobyte.
        out.push_str("    <meta charset=\"utf-8\" />\n");
        let mut tag = |kind: &str, name: &str, content: &str| {
            // Writing to a string does not fail.
            let _ = writeln!(out, "    <meta {kind}=\"{name}\" content=\"{content}\" />");
        };
        tag("property", "og:site_name", "Flarepath");
        tag("property", "og:type", "website");
        tag("property", "og:title", &title);
        tag("property", "og:description", &description);
        if let Some(address) = self.address.and_then(address) {
            tag("property", "og:url", &address);
        }
        match self.picture.and_then(address) {
            Some(picture) => {
                tag("property", "og:image", &picture);
                tag("property", "og:image:type", "image/png");
                tag("property", "og:image:width", &WIDTH.to_string());
                tag("property", "og:image:height", &HEIGHT.to_string());
                tag("property", "og:image:alt", &title);
                tag("name", "twitter:card", "summary_large_image");
            }
            None => tag("name", "twitter:card", "summary"),
        }
        tag("name", "description", &description);
        tag("name", "robots", "noindex");
        tag("name", "referrer", "no-referrer");
        let name = if title == "Flarepath" { title } else { format!("{title} · Flarepath") };
        let _ = writeln!(out, "    <title>{name}</title>");
        out
    }
}

/// Where the content of the head begins.
fn head_start(page: &str) -> usize {
    let lower = page.to_ascii_lowercase();
    let tag = lower.match_indices("<head").find(|(at, _)| !lower[at + 5..].starts_with(char::is_alphabetic));
    let end = tag.and_then(|(at, _)| lower[at..].find('>').map(|end| at + end + 1));
    end.unwrap_or_else(|| match lower.trim_start().starts_with("<!doctype") {
        true => lower.find('>').map_or(0, |end| end + 1),
        false => 0,
    })
}

/// The page without the first element between `start` and `end`.
fn without(page: &str, start: &str, end: &str) -> String {
    let found = page.find(start).and_then(|from| {
        let to = page[from..].find(end).map(|at| from + at + end.len())?;
        Some((from, to))
    });
    match found {
        Some((from, to)) => format!("{}{}", page[..from].trim_end(), &page[to..]),
        None => page.to_owned(),
    }
}

/// Escaped text of one line and of at most `bytes` bytes, for an attribute or an element.
fn bounded(text: &str, bytes: usize) -> String {
    let mut out = String::new();
    for c in one_line(text, bytes).chars() {
        let before = out.len();
        html_escape::encode_quoted_attribute_to_string(c.encode_utf8(&mut [0; 4]), &mut out);
        if out.len() > bytes - '…'.len_utf8() {
            out.truncate(before);
            out.push('…');
            break;
        }
    }
    out
}

/// An escaped URL for an attribute: absolute, HTTP, of bounded length.
fn address(address: &str) -> Option<String> {
    let by_http = address.starts_with("https://") || address.starts_with("http://");
    let plain = address.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>'));
    let escaped = html_escape::encode_quoted_attribute(address);
    (by_http && plain && escaped.len() <= ADDRESS_BYTES).then(|| escaped.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n  <head>\n    <meta charset=\"utf-8\" />\n    \
        <meta name=\"description\" content=\"Continuous profiling.\" />\n    <title>Flarepath</title>\n    \
        <link rel=\"stylesheet\" href=\"/style.css\" />\n  </head>\n  <body><header></header></body>\n</html>\n";

    fn head<'a>() -> Head<'a> {
        Head {
            title: "Checkout v2.14",
            description: "json.Marshal: 41 % of CPU",
            address: Some("https://fp.example/s/abc"),
            picture: Some("https://fp.example/og/abc.png?sig=1&v=2"),
        }
    }

    #[test]
    fn tags_come_first_and_replace_existing_ones() {
        let page = head().put_into(PAGE);
        assert!(
            page.starts_with(
                "<!doctype html>\n<html lang=\"en\">\n  <head>\n    <meta charset=\"utf-8\" />\n"
            )
        );
        assert_eq!(page.matches("<title>").count(), 1);
        assert_eq!(page.matches("name=\"description\"").count(), 1);
        assert!(page.contains("<title>Checkout v2.14 · Flarepath</title>"));
        assert!(page.contains("content=\"https://fp.example/og/abc.png?sig=1&amp;v=2\""));
        assert!(page.contains("<link rel=\"stylesheet\" href=\"/style.css\" />\n  </head>"));
        let own = page.find("og:image\"").unwrap();
        assert!(own < page.find("stylesheet").unwrap() && own < 4096);
    }

    #[test]
    fn works_with_the_frontends_page() {
        let page = include_str!("../../../frontend/index.html");
        let with = head().put_into(page);
        assert_eq!(with.matches("<title>").count(), 1);
        assert_eq!(with.matches("name=\"description\"").count(), 1);
        assert!(with.find("og:title").unwrap() < with.find("viewport").unwrap());
    }

    #[test]
    fn the_generic_head_reveals_nothing() {
        insta::assert_snapshot!(Head::generic(Some("https://fp.example/og/card.png")).tags());
    }

    #[test]
    fn omits_invalid_urls() {
        for bad in ["javascript:alert(1)", "/og/x.png", "https://x/\"><script>", "https://x/ y", "http://ä"]
        {
            let tags = Head { address: Some(bad), picture: Some(bad), ..head() }.tags();
            assert!(!tags.contains("og:url") && !tags.contains("og:image"), "{bad}");
            assert!(tags.contains("\"summary\""));
        }
    }

    #[test]
    fn prepends_tags_without_a_head() {
        assert!(head().put_into("<p>x").starts_with("\n    <meta charset"));
        assert!(
            head().put_into("<!DOCTYPE html><header>x").starts_with("<!DOCTYPE html>\n    <meta charset")
        );
    }

    proptest! {
        #[test]
        fn texts_cannot_break_out_of_attributes(
            title in "(<|>|\"|'|&|\\PC|\n){0,400}", description in "[\\PC\"'<>&]{0,900}", hostile: String,
        ) {
            let plain = head().tags();
            for title in [title.as_str(), "\"><script>alert(1)</script>", &hostile] {
                let tags = Head { title, description: &description, ..head() }.tags();
                prop_assert!(tags.len() < 4096, "{} bytes", tags.len());
                prop_assert_eq!(tags.matches('<').count(), plain.matches('<').count());
                prop_assert_eq!(tags.matches('>').count(), plain.matches('>').count());
                prop_assert_eq!(tags.matches('"').count(), plain.matches('"').count());
                prop_assert_eq!(tags.lines().count(), plain.lines().count());
            }
        }
    }
}
