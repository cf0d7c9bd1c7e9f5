//! What could not be loaded, one notice a cause: a server that is gone is one piece of news and not three.

use super::state::ExploreState;
use crate::api::ApiError;
use crate::components::notice::FailedNotice;
use crate::reactive::{Callback, Memo, list};
use leptos::prelude::*;

/// The notices; what is on screen from before stays below them.
#[component]
pub(crate) fn Failures(
    /// What Explore knows.
    state: ExploreState,
) -> impl IntoView {
    let failed = Memo::new(move || {
        by_cause([
            ("the profile", state.tree.error.get()),
            ("the timeline", state.series.error.get()),
            ("the list of services", state.services.error.get()),
        ])
    });
    let retry = Callback::new(move |()| state.refresh());
    let notice = move |(what, error): (String, ApiError)| {
        view! { <FailedNotice what error on_retry=retry /> }.into_any()
    };
    view! { {move || list(failed.get().into_iter().map(notice))} }
}

/// The causes in the order of what failed first, each with the names of all that it hit.
pub(crate) fn by_cause<const N: usize>(asked: [(&str, Option<ApiError>); N]) -> Vec<(String, ApiError)> {
    let mut causes: Vec<(Vec<&str>, ApiError)> = Vec::new();
    for (what, error) in asked {
        let Some(error) = error else { continue };
        match causes.iter_mut().find(|(_, e)| *e == error) {
            Some((names, _)) => names.push(what),
            None => causes.push((vec![what], error)),
        }
    }
    causes.into_iter().map(|(names, error)| (capitalised(&names_of(&names)), error)).collect()
}

/// `a`, `a and b`, `a, b and c`.
fn names_of(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(title: &str) -> ApiError {
        ApiError { title: title.into(), detail: String::new(), kind: String::new(), position: None }
    }

    #[test]
    fn one_cause_is_told_once() {
        let gone = Some(error("gone"));
        let all =
            by_cause([("the profile", gone.clone()), ("the timeline", gone.clone()), ("the list", gone)]);
        assert_eq!(all, [("The profile, the timeline and the list".to_owned(), error("gone"))]);
    }

    #[test]
    fn causes_are_told_apart_and_what_works_is_left_out() {
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
