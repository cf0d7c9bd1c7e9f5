//! Messages in place of data or above it: loading, empty, failed.

use crate::api::ApiError;
use crate::reactive::{Callback, Memo, RwSignal, handler, list};
use leptos::prelude::*;

/// A request failed: what happened, and a button that tries again.
#[component]
pub(crate) fn FailedNotice(
    /// What could not be loaded, as in "The timeline".
    what: String,
    error: ApiError,
    on_retry: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="message failed" role="alert">
            <div>
                <strong>{what} " could not be loaded: " {error.title}</strong>
                <p>{error.detail}</p>
            </div>
            <button class="button" type="button" on:click=handler(move |_| on_retry.run(()))>"Try again"</button>
        </div>
    }
}

/// The notice of one request while it has failed. `what` begins a sentence, as in "The timeline".
pub(crate) fn failure(
    what: &'static str,
    error: RwSignal<Option<ApiError>>,
    on_retry: Callback<()>,
) -> AnyView {
    failures(
        Memo::new(move || error.get().into_iter().map(|error| (what.to_owned(), error)).collect()),
        on_retry,
    )
}

/// Notices of several requests, one for each cause.
pub(crate) fn failures(causes: Memo<Vec<(String, ApiError)>>, on_retry: Callback<()>) -> AnyView {
    let notice = move |(what, error)| view! { <FailedNotice what error on_retry /> }.into_any();
    (move || list(causes.get().into_iter().map(notice))).into_any()
}

/// Plain text in place of data.
pub(crate) fn message(text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    view! { <div class="message" role="status"><p>{text}</p></div> }.into_any()
}

/// Groups failed requests by cause: a server that is down is one piece of news. Causes are in the order of what failed first.
pub(crate) fn by_cause<const N: usize>(requests: [(&str, Option<ApiError>); N]) -> Vec<(String, ApiError)> {
    let mut causes: Vec<(Vec<&str>, ApiError)> = Vec::new();
    for (what, error) in requests {
        let Some(error) = error else { continue };
        match causes.iter_mut().find(|(_, e)| *e == error) {
            Some((names, _)) => names.push(what),
            None => causes.push((vec![what], error)),
        }
    }
    causes.into_iter().map(|(names, error)| (capitalized(&enumeration(&names)), error)).collect()
}

/// `a`, `a and b`, `a, b and c`.
fn enumeration(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// With a capital. Only of ASCII: it is English, and the table of all capitals would be 4 KB of the first download.
fn capitalized(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(title: &str) -> ApiError {
        ApiError::new(title, "")
    }

    #[test]
    fn requests_with_the_same_cause_share_a_notice() {
        let gone = Some(error("gone"));
        let all =
            by_cause([("the profile", gone.clone()), ("the timeline", gone.clone()), ("the list", gone)]);
        assert_eq!(all, [("The profile, the timeline and the list".to_owned(), error("gone"))]);
    }

    #[test]
    fn causes_stay_apart_and_successes_are_left_out() {
        let all = by_cause([
            ("the profile", Some(error("too large"))),
            ("the timeline", None),
            ("the list", Some(error("gone"))),
        ]);
        assert_eq!(
            all,
            [("The profile".to_owned(), error("too large")), ("The list".to_owned(), error("gone"))]
        );
        assert_eq!(by_cause([("the profile", None)]), []);
    }
}
