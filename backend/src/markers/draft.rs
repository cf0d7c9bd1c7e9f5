//! Checks of markers before they are stored: fields within their limits, times that can be kept, links that are safe to click.

use super::KINDS;
use super::selection::{narrowing, whole};
use crate::auth::{AuthError, own_code, validation};
use crate::problem::ProblemKind;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{MatchOp, Selector};
use flarepath_profile::unix_nanos::UnixNanos;
use reqwest::Url;
use std::time::Duration;

/// Longest description.
pub(crate) const MAX_TEXT_CHARS: usize = 500;
/// Longest version.
pub(crate) const MAX_VERSION_CHARS: usize = 200;
/// Longest link.
pub(crate) const MAX_URL_CHARS: usize = 2000;
/// Longest idempotency key.
pub(crate) const MAX_KEY_CHARS: usize = 100;
/// 2000-01-01T00:00:00Z. Earlier times are numbers in another unit.
const EARLIEST: UnixNanos = UnixNanos(946_684_800_000_000_000);
/// How far ahead a planned deployment may be.
const MAX_AHEAD: Duration = Duration::from_secs(86_400);

/// A marker as it was sent; its time is parsed.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) kind: String,
    pub(crate) at: UnixNanos,
    /// Empty if the selector names it.
    pub(crate) service: String,
    /// Empty for all of the service.
    pub(crate) selector: String,
    pub(crate) version: String,
    pub(crate) text: String,
    pub(crate) url: String,
    pub(crate) idempotency_key: String,
}

/// A marker that can be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CheckedDraft {
    pub(super) kind: String,
    pub(super) at: UnixNanos,
    pub(super) service: String,
    /// Narrows the service; empty for all of it.
    pub(super) narrowing: String,
    /// Of all series that it is about.
    pub(super) selector: Selector,
    pub(super) version: String,
    pub(super) text: String,
    pub(super) url: String,
    pub(super) idempotency_key: Option<String>,
}

impl Draft {
    /// Checks it at `now`. `kept` is the age at which markers are deleted; `None`: never.
    ///
    /// # Errors
    /// [`AuthError::Invalid`]; the message names the field.
    pub(super) fn check(self, now: UnixNanos, kept: Option<Duration>) -> Result<CheckedDraft, AuthError> {
        if !KINDS.contains(&self.kind.as_str()) {
            return Err(bad_text("`kind` must be deploy, config, flag, scale or incident".to_owned()));
        }
        let (service, narrowing) = series(&self.service, &self.selector)?;
        let key = line("idempotency_key", &self.idempotency_key, MAX_KEY_CHARS)?;
        Ok(CheckedDraft {
            kind: self.kind,
            at: time(self.at, now, kept)?,
            selector: whole(&service, &narrowing)?,
            service,
            narrowing,
            version: line("version", &self.version, MAX_VERSION_CHARS)?,
            text: line("text", &self.text, MAX_TEXT_CHARS)?,
            url: link(&self.url)?,
            idempotency_key: Some(key).filter(|key| !key.is_empty()),
        })
    }
}

/// The service, and what narrows it.
fn series(service: &str, selector: &str) -> Result<(String, String), AuthError> {
    let bad =
        |message: String| AuthError::invalid(ProblemKind::BadSelector, format!("`selector`: {message}"));
    let selector = match selector.trim() {
        "" => Selector::default(),
        text => {
            let text = validation::selector(text).map_err(|error| bad(error.to_string()))?;
            text.parse::<Selector>().map_err(|error| bad(error.to_string()))?
        }
    };
    let names = || selector.matchers.iter().filter(|matcher| matcher.name == SERVICE_NAME);
    if names().any(|matcher| matcher.op != MatchOp::Equal) {
        return Err(bad(format!(
            "a marker is about one service; name it by {SERVICE_NAME}=\"…\" or by `service`"
        )));
    }
    let mut named: Vec<&str> = names().map(|matcher| matcher.value.as_str()).collect();
    named.extend(Some(service.trim()).filter(|service| !service.is_empty()));
    named.sort_unstable();
    named.dedup();
    match named[..] {
        [] => {
            let message =
                format!("`service` is missing, and no matcher {SERVICE_NAME}=\"…\" of `selector` names it");
            Err(AuthError::invalid(ProblemKind::BadName, message))
        }
        [one] => Ok((own_code::valid_service(one)?, narrowing(&selector))),
        _ => Err(bad("it names another service than `service`".to_owned())),
    }
}

fn time(at: UnixNanos, now: UnixNanos, kept: Option<Duration>) -> Result<UnixNanos, AuthError> {
    let bad = |why: String| {
        let text =
            jiff::Timestamp::from_second(at.as_secs()).map_or_else(|_| String::new(), |at| at.to_string());
        Err(AuthError::invalid(ProblemKind::BadTime, format!("`time`: {text} {why}")))
    };
    if at < EARLIEST {
        let why = "is before the year 2000; send RFC 3339, or a Unix time in s, ms, µs or ns that is not 0";
        return bad(why.to_owned());
    }
    if kept.is_some_and(|kept| at < now.minus(kept)) {
        return bad("is further back than profiles are kept (`retention.days`)".to_owned());
    }
    if at > now.plus(MAX_AHEAD) {
        return bad("is more than a day ahead; planned deployments are taken up to a day before".to_owned());
    }
    Ok(at)
}

/// A text on one line; it may be empty.
fn line(field: &str, text: &str, most: usize) -> Result<String, AuthError> {
    let text = text.trim();
    if text.chars().count() <= most && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(bad_text(format!("`{field}` must be at most {most} characters on one line")))
}

/// A link that a browser may follow; it may be empty.
fn link(text: &str) -> Result<String, AuthError> {
    let text = line("url", text, MAX_URL_CHARS)?;
    if text.is_empty() || is_web_link(&text) {
        return Ok(text);
    }
    Err(bad_text("`url` must be an http:// or https:// link without user name and password".to_owned()))
}

fn is_web_link(text: &str) -> bool {
    let begins =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let Ok(url) = Url::parse(text) else { return false };
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    (begins("http://") || begins("https://")) && url.has_host() && is_anonymous
}

fn bad_text(message: String) -> AuthError {
    AuthError::invalid(ProblemKind::BadText, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const NOW: UnixNanos = UnixNanos(1_795_227_540_000_000_000);
    const DAY: Duration = Duration::from_secs(86_400);

    fn draft() -> Draft {
        Draft {
            kind: "deploy".into(),
            at: NOW,
            service: "shop".into(),
            selector: String::new(),
            version: " v2 ".into(),
            text: "canary".into(),
            url: "https://ci.example/7".into(),
            idempotency_key: String::new(),
        }
    }

    fn refusal(draft: Draft) -> String {
        draft.check(NOW, Some(400 * DAY)).unwrap_err().to_string()
    }

    #[test]
    fn texts_are_trimmed_and_an_empty_key_is_none() {
        let found = draft().check(NOW, None).unwrap();
        assert_eq!((found.version.as_str(), found.idempotency_key), ("v2", None));
        assert_eq!((found.service.as_str(), found.narrowing.as_str()), ("shop", ""));
        let keyed = Draft { idempotency_key: "run-7".into(), ..draft() }.check(NOW, None).unwrap();
        assert_eq!(keyed.idempotency_key.as_deref(), Some("run-7"));
    }

    #[rstest]
    #[case("shop", r#"{region="eu"}"#, r#"{region="eu"}"#)]
    #[case("shop", r#"{service_name="shop", region="eu"}"#, r#"{region="eu"}"#)]
    #[case("", r#"{service_name="shop"}"#, "")]
    #[case(" shop ", "{}", "")]
    fn a_service_is_named_once_or_twice(#[case] service: &str, #[case] selector: &str, #[case] narrow: &str) {
        let found = Draft { service: service.into(), selector: selector.into(), ..draft() };
        let found = found.check(NOW, None).unwrap();
        assert_eq!((found.service.as_str(), found.narrowing.as_str()), ("shop", narrow));
        assert_eq!(found.selector.matchers[0].value, "shop");
    }

    #[rstest]
    #[case("", "", "`service` is missing")]
    #[case("", r#"{region="eu"}"#, "`service` is missing")]
    #[case("shop", r#"{service_name="cart"}"#, "`selector`: it names another service")]
    #[case("", r#"{service_name=~"shop|cart"}"#, "`selector`: a marker is about one service")]
    #[case("shop", "{region", "`selector`: ")]
    #[case("shop", r#"{region=~"("}"#, "`selector`: ")]
    #[case("a\nb", "", "`service` must be")]
    fn selectors_that_are_not_of_one_service(
        #[case] service: &str,
        #[case] selector: &str,
        #[case] part: &str,
    ) {
        let found = refusal(Draft { service: service.into(), selector: selector.into(), ..draft() });
        assert!(found.contains(part), "{found}");
    }

    #[test]
    fn times_are_within_retention_and_a_day_ahead() {
        let at = |at| Draft { at, ..draft() };
        for good in [NOW, NOW.minus(400 * DAY), NOW.plus(DAY)] {
            assert!(at(good).check(NOW, Some(400 * DAY)).is_ok(), "{good:?}");
        }
        assert!(at(NOW.minus(1000 * DAY)).check(NOW, None).is_ok(), "kept for ever");
        for (bad, part) in [
            (UnixNanos(1_795_227_540), "`time`: 1970-01-01T00:00:01Z is before the year 2000"),
            (UnixNanos(0), "before the year 2000"),
            (NOW.minus(401 * DAY), "(`retention.days`)"),
            (NOW.plus(DAY).plus(Duration::from_secs(1)), "more than a day ahead"),
        ] {
            let found = refusal(at(bad));
            assert!(found.contains(part), "{found}");
        }
    }

    #[rstest]
    #[case("")]
    #[case("http://ci.example")]
    #[case("HTTPS://ci.example/a?b=c#d")]
    #[case("http://127.0.0.1:8080/")]
    fn links_to_the_web(#[case] url: &str) {
        assert_eq!(Draft { url: url.into(), ..draft() }.check(NOW, None).unwrap().url, url);
    }

    #[rstest]
    #[case("javascript:alert(1)")]
    #[case("JavaScript://ci.example/%0aalert(1)")]
    #[case("data:text/html,x")]
    #[case("ci.example/7")]
    #[case("//ci.example")]
    #[case("http:ci.example")]
    #[case("https://")]
    #[case("https://ann:secret@ci.example")]
    #[case("https://ci.example/\nx")]
    fn links_that_browsers_must_not_follow(#[case] url: &str) {
        assert!(refusal(Draft { url: url.into(), ..draft() }).starts_with("`url` must be"), "{url}");
    }

    #[test]
    fn texts_have_limits() {
        let long = |most: usize| "ü".repeat(most);
        for most in [true, false] {
            let more = usize::from(!most);
            let draft = Draft {
                text: long(MAX_TEXT_CHARS + more),
                version: long(MAX_VERSION_CHARS),
                idempotency_key: long(MAX_KEY_CHARS),
                ..draft()
            };
            assert_eq!(draft.check(NOW, None).is_ok(), most);
        }
        let url = format!("https://ci.example/{}", "x".repeat(MAX_URL_CHARS));
        for (bad, field) in [
            (Draft { kind: "rollout".into(), ..draft() }, "`kind`"),
            (Draft { kind: String::new(), ..draft() }, "`kind`"),
            (Draft { version: long(MAX_VERSION_CHARS + 1), ..draft() }, "`version`"),
            (Draft { text: "a\nb".into(), ..draft() }, "`text`"),
            (Draft { idempotency_key: long(MAX_KEY_CHARS + 1), ..draft() }, "`idempotency_key`"),
            (Draft { url, ..draft() }, "`url`"),
        ] {
            let found = refusal(bad);
            assert!(found.starts_with(field), "{found}");
        }
    }
}
