//! The markers of a timeline: what is loaded of them, and what is asked of them. What does it is in [`crate::views::markers`], which
//! only the full program has.

use crate::api::request::ProfileRequest;
use crate::api::{Fetch, markers};
use crate::context::pending_action::{COMMAND, OF_VIEW};
use crate::reactive::{Memo, RwSignal, handler, shown};
use crate::state::markers::{Marker, MarkerList};
use crate::state::time_range::Span;
use leptos::prelude::*;

/// What markers are loaded for: the store, a service and a time. The store decides which of them the person sees.
pub(crate) type About = (Option<String>, String, Span);

/// In the context of a page whose timelines have markers. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Markers {
    /// What the server knows.
    pub(crate) answer: Fetch<MarkerList>,
    /// What it was asked; `None` while there is nothing to ask about.
    pub(crate) about: Memo<Option<About>>,
    /// What the page shows: its service, type and filter are compared before and after a marker.
    pub(crate) request: Memo<Option<ProfileRequest>>,
    /// What was asked last, until it is done.
    pub(crate) asked: RwSignal<Option<MarkerRequest>>,
    /// When the marker happened that is being added, in nanoseconds.
    pub(crate) adding: RwSignal<Option<i64>>,
}

/// What a timeline asks. Points are CSS pixels of the window.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum MarkerRequest {
    /// Everything about markers that share a flag.
    Details {
        markers: Vec<Marker>,
        at: (f64, f64),
        /// Id of the flag, which has the focus again afterwards.
        flag: String,
    },
    /// What can be done at an instant.
    Instant {
        at_ns: i64,
        at: (f64, f64),
        /// Id of the timeline, which has the focus again afterwards.
        plot: String,
    },
}

/// Begins a request about an instant, as text; see [`MarkerRequest::text`].
const INSTANT: &str = "instant";

impl MarkerRequest {
    /// As an action, which the first program hands over to the full one.
    pub(crate) fn text(&self) -> String {
        match self {
            MarkerRequest::Details { markers, .. } => format!("{COMMAND}{}", flag_command(markers)),
            // Whole pixels do.
            MarkerRequest::Instant { at_ns, at: (x, y), plot } => {
                format!("{OF_VIEW}{INSTANT}\n{at_ns}\n{}\n{}\n{plot}", *x as i32, *y as i32)
            }
        }
    }

    /// Reads a request about an instant. Flags are clicked by their command instead.
    pub(crate) fn read(text: &str) -> Option<MarkerRequest> {
        let mut lines = text.strip_prefix(OF_VIEW)?.split('\n');
        let mut line = || lines.next();
        if line()? != INSTANT {
            return None;
        }
        let at_ns = line()?.parse().ok()?;
        let (x, y): (i32, i32) = (line()?.parse().ok()?, line()?.parse().ok()?);
        Some(MarkerRequest::Instant { at_ns, at: (x.into(), y.into()), plot: line()?.to_owned() })
    }
}

/// The command that clicks a flag, by its first marker: see [`crate::state::command`].
pub(crate) fn flag_command(markers: &[Marker]) -> String {
    format!("marker-{}", markers.first().map_or(0, Marker::at_ms))
}

impl Markers {
    /// Nothing loaded yet. The page loads what [`Markers::about`] says with [`load`].
    #[inline(never)]
    pub(crate) fn new(about: Memo<Option<About>>, request: Memo<Option<ProfileRequest>>) -> Markers {
        let (asked, adding) = (RwSignal::new(None), RwSignal::new(None));
        Markers { answer: Fetch::new(), about, request, asked, adding }
    }

    /// Loads them again, after one of them has changed.
    pub(crate) fn reload(self) {
        self.about.get_untracked().into_iter().for_each(|about| load(self.answer, about));
    }

    /// What could not be loaded or is left out, as a line below the timeline.
    pub(crate) fn note(self) -> AnyView {
        let failed = Memo::new(move || self.answer.error.with(Option::is_some));
        let text = Memo::new(move || match self.answer.error.get() {
            Some(error) => format!("Markers could not be loaded: {}.", error.title),
            None => {
                self.answer.data.with(|list| list.as_ref().map_or(String::new(), |list| list.note.clone()))
            }
        });
        let again = move || {
            view! { <button class="button quiet" type="button" on:click=handler(move |_| self.reload())>"Try again"</button> }
                .into_any()
        };
        shown(
            move || text.with(|text| !text.is_empty()),
            move || {
                view! {
                    <p class="timeline-note" role="status">{move || text.get()}" "{shown(move || failed.get(), again)}</p>
                }
                .into_any()
            },
        )
    }
}

/// Starts loading. The markers of another service are dropped at once; those of another time stay until the new ones are there.
pub(crate) fn load(answer: Fetch<MarkerList>, (store, service, span): About) {
    if answer.data.with_untracked(|list| list.as_ref().is_some_and(|list| list.service != service)) {
        answer.clear();
    }
    answer.start(|abort| markers::markers(store, service, span, abort));
}

/// What to ask about a service at a time.
pub(crate) fn about(request: &ProfileRequest) -> Option<About> {
    Some((request.store.clone(), request.service()?.to_owned(), request.span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::markers::tests::deploy;

    #[test]
    fn a_request_about_an_instant_can_be_read_back() {
        let at = (120.0, 40.0);
        let asked =
            MarkerRequest::Instant { at_ns: 1_795_230_315_000_000_001, at, plot: "timeline-plot".into() };
        assert_eq!(MarkerRequest::read(&asked.text()), Some(asked));
        assert_eq!(MarkerRequest::read("view:f\ntree\nname"), None);
        assert_eq!(MarkerRequest::read("view:instant\nx"), None);
    }

    #[test]
    fn a_flag_is_clicked_by_a_command_that_is_a_selector_too() {
        let markers = vec![deploy("v2", 1_795_230_315_000), deploy("v3", 1_795_230_316_000)];
        let asked = MarkerRequest::Details { markers, at: (0.0, 0.0), flag: String::new() };
        assert_eq!(asked.text(), "command:marker-1795230315000");
    }
}
