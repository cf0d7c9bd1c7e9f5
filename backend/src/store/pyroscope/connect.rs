//! Replies of a Connect server: messages, and errors as JSON `{"code": "not_found", "message": "…"}`. Pure.

use crate::store::StoreError;
use crate::store::remote::{Failure, HttpAnswer};
use bytes::Bytes;
use serde::Deserialize;

/// Characters of a store's own text that are passed on.
const MOST_CHARS: usize = 300;
/// Of the error of Pyroscope before version 2 when no part of it holds data that old.
const OUTSIDE_RETENTION: &str = "outside of the ingester and store gateway retention";
/// Of the error of a tenant that may have fewer nodes than were asked for.
pub(super) const NODE_LIMIT: &str = "max flamegraph nodes limit";

#[derive(Deserialize)]
struct ConnectError {
    code: String,
    #[serde(default)]
    message: String,
}

/// The bytes of the message; none at all, which is the empty message, where the store has found nothing.
///
/// # Errors
/// [`Failure`] of the store called `name`.
pub(super) fn message(name: &str, answer: HttpAnswer) -> Result<Bytes, Failure> {
    let HttpAnswer { status, content_type, body } = answer;
    if status == 200 {
        return match media_type(&content_type) {
            "application/proto" | "application/protobuf" | "application/x-protobuf" => Ok(body),
            other => Err(Failure::refused(StoreError::Invalid(format!(
                "{name}: expected application/proto, got `{}`; does its URL lead to Pyroscope?",
                short(other)
            )))),
        };
    }
    let Ok(ConnectError { code, message }) = serde_json::from_slice(&body) else {
        return Err(Failure::refused(StoreError::Invalid(format!(
            "{name}: status {status} without an error of Pyroscope; does its URL lead to it?"
        ))));
    };
    if code == "not_found" || message.contains(OUTSIDE_RETENTION) {
        return Ok(Bytes::new());
    }
    Err(Failure::refused(error(name, &code, &message)))
}

fn error(name: &str, code: &str, message: &str) -> StoreError {
    let text = format!("{name}: {}: {}", short(code), short(message));
    match code {
        "unauthenticated" | "permission_denied" => StoreError::Denied(text),
        "deadline_exceeded" | "canceled" => StoreError::Timeout(text),
        "unimplemented" => StoreError::Unsupported("this query of Pyroscope"),
        "resource_exhausted" => StoreError::TooLarge(text),
        _ if message.contains(NODE_LIMIT) || message.contains("exceeds the limit") => {
            StoreError::TooLarge(text)
        }
        _ => StoreError::Database(text),
    }
}

/// The version of `/api/v1/status/buildinfo`: `{"status": "success", "data": {"version": "2.2.0", …}}`, or without the wrapping.
pub(super) fn version(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct BuildInfo {
        version: Option<String>,
        data: Option<Box<BuildInfo>>,
    }
    let BuildInfo { version, data } = serde_json::from_slice(body).ok()?;
    let version = version.or_else(|| data.and_then(|wrapped| wrapped.version))?;
    Some(short(&version)).filter(|version| !version.is_empty())
}

fn media_type(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// At most [`MOST_CHARS`] characters, without control characters.
fn short(text: &str) -> String {
    let mut chars = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = chars.by_ref().take(MOST_CHARS).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn read(status: u16, content_type: &str, body: &str) -> Result<Bytes, Failure> {
        let body = Bytes::copy_from_slice(body.as_bytes());
        message("prod", HttpAnswer { status, content_type: content_type.to_owned(), body })
    }

    /// The status and the body of a recorded answer.
    fn recorded(name: &str) -> (u16, String) {
        let path = format!("{}/testdata/pyroscope/{name}", env!("CARGO_MANIFEST_DIR"));
        let call: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        (call["status"].as_u64().unwrap() as u16, call["response"].to_string())
    }

    #[test]
    fn a_message_is_passed_on_and_nothing_found_is_the_empty_one() {
        assert_eq!(read(200, "application/proto", "abc").unwrap(), "abc");
        assert!(read(404, "application/json", r#"{"code":"not_found"}"#).unwrap().is_empty());
        let outside =
            format!(r#"{{"code":"invalid_argument","message":"start and end are {OUTSIDE_RETENTION}"}}"#);
        assert!(read(400, "application/json", &outside).unwrap().is_empty());
    }

    #[rstest]
    #[case::a_page("text/html", 200, "<html>", "got `text/html`")]
    #[case::no_pyroscope("text/plain", 404, "404 page not found\n", "status 404")]
    #[case::half_an_error("application/json", 400, "{\"code\":", "status 400")]
    fn what_does_not_come_from_pyroscope_is_invalid(
        #[case] content_type: &str,
        #[case] status: u16,
        #[case] body: &str,
        #[case] part: &str,
    ) {
        let failure = read(status, content_type, body).unwrap_err();
        assert!(!failure.is_down && matches!(failure.error, StoreError::Invalid(_)));
        let text = failure.error.to_string();
        assert!(text.contains("prod: ") && text.contains(part), "{text}");
    }

    #[test]
    fn recorded_errors_name_the_store_and_its_reason() {
        let error = |name| {
            let (status, body) = recorded(name);
            read(status, "application/json", &body).unwrap_err().error
        };
        let StoreError::Database(text) = error("error_bad_selector.json") else { panic!("another kind") };
        assert!(text.starts_with("prod: invalid_argument: parsing label selector"), "{text}");
        let StoreError::TooLarge(text) = error("error_max_nodes.json") else { panic!("another kind") };
        assert!(text.contains(NODE_LIMIT), "{text}");
        assert!(matches!(error("error_no_time.json"), StoreError::Database(_)));
    }

    #[test]
    fn texts_of_a_store_are_cut() {
        let body = format!(r#"{{"code":"internal","message":"{}"}}"#, "x".repeat(1000));
        let text = read(400, "application/json", &body).unwrap_err().error.to_string();
        assert!(text.ends_with('…') && text.chars().count() < 350, "{text}");
    }

    #[test]
    fn versions_are_read_in_both_forms() {
        let wrapped = br#"{"status":"success","data":{"version":"2.2.1","revision":"abc"}}"#;
        assert_eq!(version(wrapped).as_deref(), Some("2.2.1"));
        assert_eq!(version(br#"{"version":"v1.7.0"}"#).as_deref(), Some("v1.7.0"));
        assert_eq!([version(b"404"), version(b"{}"), version(br#"{"version":""}"#)], [None, None, None]);
    }
}
