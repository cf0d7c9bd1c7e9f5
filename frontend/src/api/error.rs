//! Errors of requests, worded for the screen.

use flarepath_wire::error::Problem;
use prost::Message;
use wasm_bindgen::JsValue;

/// A failed request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub(crate) struct ApiError {
    /// Heading.
    pub(crate) title: String,
    /// What happened and what to do about it.
    pub(crate) detail: String,
    /// The problem type, such as `bad-selector`; empty without one.
    pub(crate) kind: String,
    /// Byte offset of the error in the text that was sent.
    pub(crate) position: Option<u64>,
}

impl ApiError {
    /// An error without a problem type.
    pub(crate) fn new(title: impl Into<String>, detail: impl Into<String>) -> ApiError {
        ApiError { title: title.into(), detail: detail.into(), kind: String::new(), position: None }
    }

    /// No response.
    pub(crate) fn unreachable() -> ApiError {
        ApiError::new(
            "The server does not respond",
            "Check that Flarepath is running and that the network is up, then try again.",
        )
    }

    /// A response that is not of this API.
    pub(crate) fn unreadable(status: u16, kind: &str) -> ApiError {
        ApiError::broken(format!(
            "The server responded {status} with {}",
            if kind.is_empty() { "no content" } else { kind }
        ))
    }

    /// Failed in this browser, before anything was sent. `reason` is the end of a sentence.
    pub(crate) fn here(reason: String) -> ApiError {
        ApiError::new("Not possible in this browser", format!("{}.", sentence(&reason)))
    }

    /// A response that contradicts itself.
    pub(crate) fn broken(detail: String) -> ApiError {
        let hint = "Reload the page: it may be older than the server.";
        ApiError::new("The response cannot be read", format!("{detail}. {hint}"))
    }

    /// Title and detail in one line.
    pub(crate) fn line(&self) -> String {
        format!("{}: {}", self.title, self.detail)
    }

    /// Adds the wait of a `Retry-After` header, in seconds.
    pub(crate) fn after(mut self, wait: &str) -> ApiError {
        if let Ok(seconds) = wait.parse::<u32>()
            && !self.detail.split(|c: char| !c.is_ascii_digit()).any(|number| number == wait)
        {
            let text = if seconds == 1 { "a second".to_owned() } else { format!("{seconds} seconds") };
            self.detail.push_str(&format!(" Try again in {text}."));
        }
        self
    }

    /// Reads the problem of a failed response.
    pub(crate) fn from_response(status: u16, content_type: &str, body: &[u8]) -> ApiError {
        let media_type = content_type.split(';').next().unwrap_or_default().trim_end();
        let problem = match media_type.ends_with("json") {
            true => std::str::from_utf8(body).ok().and_then(problem_from_json),
            false => media_type.ends_with("protobuf").then(|| Problem::decode(body).ok()).flatten(),
        };
        match problem {
            Some(problem) => ApiError {
                title: match problem.kind.as_str() {
                    "busy" => "The server is busy".into(),
                    _ => sentence(&problem.title),
                },
                detail: problem.detail,
                kind: problem.kind,
                position: problem.position,
            },
            None => ApiError::new(
                format!("The request failed ({status})"),
                "The response did not come from Flarepath, but from a proxy or gateway in between. Try again.",
            ),
        }
    }
}

/// Uses the browser's parser: a JSON library would add 17 KB to the download for this one message.
fn problem_from_json(text: &str) -> Option<Problem> {
    let value = js_sys::JSON::parse(text).ok()?;
    let field = |name: &str| js_sys::Reflect::get(&value, &JsValue::from_str(name)).ok();
    let text = |name: &str| field(name).and_then(|v| v.as_string());
    Some(Problem {
        kind: text("type").unwrap_or_default(),
        title: text("title")?,
        status: field("status").and_then(|v| v.as_f64()).unwrap_or_default() as u32,
        detail: text("detail").unwrap_or_default(),
        position: field("position").and_then(|v| v.as_f64()).map(|n| n as u64),
    })
}

/// With a capital. Only of ASCII: it is English, and the table of all capitals would be 4 KB of the first download.
fn sentence(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
