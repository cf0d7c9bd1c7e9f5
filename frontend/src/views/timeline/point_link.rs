//! The link from a place on a timeline to the page that says what changed there. A click, the context menu or the key `m` chooses the
//! place: the bucket under the cursor, or the selection that is being made.

use super::interaction::Cursor;
use super::ranges::between;
use super::scene::Scene;
use crate::browser::clock;
use crate::reactive::{Memo, RwSignal, Signal};
use crate::state::incident_link::incident_link;
use crate::state::query::Query;
use crate::state::time_range::{Span, TimeRange};
use leptos::prelude::*;

/// The first and the last bucket.
pub(super) type Place = (usize, usize);

/// The link of a chosen place, to give it the focus.
pub(super) const LINK: &str = ".timeline-link";

/// The place of a cursor.
pub(super) fn place_of(cursor: Cursor) -> Option<Place> {
    let at = cursor.at?;
    let anchor = cursor.anchor.unwrap_or(at);
    Some((at.min(anchor), at.max(anchor)))
}

/// The link, while a place is chosen and the question names a service.
pub(super) fn view(
    about: Signal<Query>,
    place: RwSignal<Option<Place>>,
    scene: Memo<Option<Scene>>,
    utc: Signal<bool>,
) -> AnyView {
    let link = move || {
        let (first, last) = place.get()?;
        let TimeRange::Between(span) = scene.with(|s| s.as_ref().map(|s| between(s, first, last)))? else {
            return None;
        };
        let href = about.with(|query| address(query, span, first == last))?;
        let chart = scene.with(|s| s.as_ref().map(|s| (s.from_ms, s.until_ms)))?;
        let time = clock::zone(utc.get()).interval((span.start_ms(), span.end_ms()), chart);
        Some(view! { <a class="button timeline-link" href=href>"What changed here? "{time}</a> }.into_any())
    };
    (move || link()).into_any()
}

/// The address for a span; of a single bucket only its start is known.
fn address(query: &Query, span: Span, is_point: bool) -> Option<String> {
    let service = query.service.as_deref()?;
    let profile_type = query.profile_type.as_deref().unwrap_or_default();
    let until_ns = (!is_point).then_some(span.until_ns);
    Some(incident_link(query, service, profile_type, span.from_ns, until_ns))
}

#[cfg(test)]
mod tests {
    use super::super::interaction::{Input, update};
    use super::*;

    #[test]
    fn the_place_is_the_cursor_or_the_selection() {
        let play = |inputs: &[Input]| {
            let step = |cursor, input: &Input| update(cursor, *input, 10).0;
            place_of(inputs.iter().fold(Cursor::default(), step))
        };
        assert_eq!(play(&[]), None);
        assert_eq!(play(&[Input::Hover(4)]), Some((4, 4)));
        assert_eq!(play(&[Input::Step(-1, false), Input::Step(-2, true)]), Some((7, 9)));
    }

    #[test]
    fn a_point_has_no_end() {
        let span = Span::of_ms(1_795_269_720_000, 1_795_269_750_000);
        let query = Query { service: Some("shop".into()), filter: r#"{pod="a"}"#.into(), ..Query::default() };
        let point = address(&query, span, true).unwrap();
        assert_eq!(point, "/i?service=shop&selector=%7Bpod%3D%22a%22%7D&at=2026-11-21T14:02:00Z");
        assert_eq!(address(&query, span, false).unwrap(), format!("{point}&until=2026-11-21T14:02:30Z"));
        assert_eq!(address(&Query::default(), span, true), None);
    }
}
