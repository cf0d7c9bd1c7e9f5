//! The card of a timeline. It can be collapsed to a line, which is remembered on this device.

use super::icon::{CHEVRON_DOWN, Icon};
use crate::browser::{media, storage};
use crate::reactive::{RwSignal, Signal, handler, live_state, shown};
use crate::state::preferences::{shows_timeline, timeline_word};
use leptos::prelude::*;

const KEY: &str = "flarepath.timeline";

#[component]
pub(crate) fn TimelineCard(
    /// Whether an answer is awaited.
    busy: Signal<bool>,
    /// Whether what is shown is about to be replaced.
    stale: Signal<bool>,
    /// What belongs beside the button that collapses the card.
    #[prop(into)]
    tools: ViewFn,
    /// Whether it begins collapsed on a phone, too, not only in a low window.
    #[prop(optional)]
    collapsed_on_phones: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let stored = storage::read(KEY);
    let lacks_room = media::is_short() || (collapsed_on_phones && media::is_narrow());
    let open = RwSignal::new(shows_timeline(stored.as_deref(), lacks_room));
    let toggle = move |_| {
        let now = !open.get_untracked();
        storage::write(KEY, timeline_word(now));
        open.set(now);
    };
    let title = move || if open.get() { "Collapse the timeline" } else { "Show the timeline" }.to_owned();
    view! {
        <section class="timeline-section" class:stale=move || stale.get() class:collapsed=move || !open.get()
            aria-label="Timeline" {..live_state("aria-busy", move || busy.get())}>
            {shown(move || open.get(), move || children())}
            <div class="timeline-tools">
                {shown(move || open.get(), move || tools.run())}
                <button class="button quiet timeline-toggle" type="button" {..live_state("aria-expanded", move || open.get())}
                    title=title on:click=handler(toggle)>
                    <span class="timeline-title">"Timeline"</span><Icon path=CHEVRON_DOWN />
                </button>
            </div>
        </section>
    }
}
