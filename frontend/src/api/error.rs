//! A failed request, in words for the screen.

use flarepath_wire::error::Problem;
use prost::Message;
use wasm_bindgen::JsValue;

/// What went wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub(crate) struct ApiError {
    /// Short, as a heading.
    pub(crate) title: String,
    /// What happened and what to do.
    pub(crate) detail: String,
    /// Stable name of the kind of problem, such as `bad-selector`; empty when the server gave none.
    pub(crate) kind: String,
    /// Byte offset in the offending text.
    pub(crate) position: Option<u64>,
}

impl ApiError {
    /// No answer came.
    pub(crate) fn unreachable() -> ApiError {
        ApiError {
            title: "The server does not answer".into(),
            detail: "Check that Flarepath is running and that the network is up, then try again.".into(),
            kind: String::new(),
            position: None,
        }
    }

    /// The server answered something this page can't read.
    pub(crate) fn not_ours(status: u16, kind: &str) -> ApiError {
        ApiError {
            title: "The answer can't be read".into(),
            detail: format!(
                "The server answered {status} with {}. Reload the page: it may be older than the server.",
                if kind.is_empty() { "nothing" } else { kind }
            ),
            kind: String::new(),
            position: None,
        }
    }

    /// It failed in this browser.
    pub(crate) fn here(detail: String) -> ApiError {
        ApiError { title: "That is not possible".into(), detail, kind: String::new(), position: None }
    }

    /// The server's answer contradicts itself.
    pub(crate) fn broken(detail: String) -> ApiError {
        ApiError {
            title: "The answer can't be read".into(),
            detail: format!("{detail}. Reload the page: it may be older than the server."),
            kind: String::new(),
            position: None,
        }
    }

    /// The same with how long to wait, as the header `Retry-After` says it in seconds.
    pub(crate) fn after(mut self, wait: &str) -> ApiError {
        if let Ok(seconds) = wait.parse::<u32>()
            && !self.detail.contains(wait)
        {
            let text = if seconds == 1 { "a second".to_owned() } else { format!("{seconds} seconds") };
            self.detail.push_str(&format!(" Try again in {text}."));
        }
        self
    }

    /// Reads the problem from the body of an answer that failed.
    pub(crate) fn from_answer(status: u16, content_type: &str, body: &[u8]) -> ApiError {
        let problem = match content_type.contains("json") {
            true => std::str::from_utf8(body).ok().and_then(problem_from_json),
            false => (content_type.contains("protobuf")).then(|| Problem::decode(body).ok()).flatten(),
        };
        match problem {
            Some(problem) => ApiError {
                title: sentence(&problem.title),
                detail: problem.detail,
                kind: problem.kind,
                position: problem.position,
            },
            None => ApiError {
                title: format!("The request failed ({status})"),
                detail: "Something between this page and the server answered in its place; try again.".into(),
                kind: String::new(),
                position: None,
            },
        }
    }
}

/// By the browser's parser: a JSON library would add 17 KB to the download for this one message.
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

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
