//! Does what is asked of the markers on a page's timelines: shows what is known of them, compares before and after, opens the incident
//! page, adds and deletes.

mod details;
mod instant_menu;
mod new_marker;

use super::timeline::markers::{MarkerRequest, Markers};
use crate::browser::clock;
use crate::components::confirm::{Confirm, Question};
use crate::context::pending_action::PendingViewRequest;
use crate::reactive::{Callback, Memo, RwSignal, effect, shown};
use crate::state::compare::{DiffView, compare_path};
use crate::state::incident_link::incident_link;
use crate::state::marker_sides::{before_and_after, without_version};
use crate::state::time_text::MS;
use details::{Details, Opened};
use instant_menu::InstantMenu;
use leptos::prelude::*;
use new_marker::NewMarkerDialog;

/// Where something about an instant leads.
#[derive(Clone, Debug, PartialEq)]
struct Paths {
    /// The comparison of the times before and after it.
    compare: String,
    /// What changed there.
    incident: String,
}

/// Shows what is asked for; first what was asked before the full program took over.
pub(crate) fn marker_dialogs(markers: Markers) -> AnyView {
    let (opened, instant) = (RwSignal::new(None::<Opened>), RwSignal::new(None));
    let question = RwSignal::new(None::<Question>);
    effect(move || {
        let Some(request) = markers.asked.get() else { return };
        markers.asked.set(None);
        match request {
            MarkerRequest::Details { markers, at, flag } => opened.set(Some(Opened { markers, at, flag })),
            MarkerRequest::Instant { at_ns, at, plot } => instant.set(Some((at_ns, at, plot))),
        }
    });
    let before = use_context::<PendingViewRequest>().and_then(|asked| asked.take(MarkerRequest::read));
    markers.asked.set(before);
    let changed = Callback::new(move |()| markers.reload());
    let asks = Memo::new(move || question.with(Option::is_some));
    let adds = Memo::new(move || markers.adding.with(Option::is_some));
    view! {
        <Details markers opened question />
        <InstantMenu markers asked=instant />
        {shown(move || adds.get(), move || view! { <NewMarkerDialog markers on_done=changed /> }.into_any())}
        {shown(move || asks.get(), move || view! { <Confirm id="delete-marker" question on_done=changed /> }.into_any())}
    }
    .into_any()
}

/// Where an instant leads, at which perhaps a `version` was deployed; `None` while the page shows nothing.
fn paths(markers: Markers, at_ns: i64, version: &str) -> Option<Paths> {
    let request = markers.request.get_untracked()?;
    let query = request.query();
    let now_ns = clock::now_ms().saturating_mul(MS);
    let sides = before_and_after(&without_version(&query, version), request.span, at_ns, now_ns);
    let service = query.service.as_deref().unwrap_or_default();
    Some(Paths {
        compare: compare_path(&sides, &DiffView::default()),
        incident: incident_link(&query, service, &request.profile_type, at_ns, None),
    })
}
