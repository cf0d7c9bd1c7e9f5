//! The page of a server without profiles: when the first one arrives, how to send others, and an example until then.

use crate::browser::history::Address;
use crate::browser::page;
use crate::components::store_picker::store_picker;
use leptos::prelude::*;

/// The page; shown while the server knows no service.
#[component]
pub(crate) fn FirstRun() -> impl IntoView {
    let demo = format!("flarepath demo --url {}", page::origin());
    let push = format!("flarepath push cpu.pprof --service my-service --url {}", page::origin());
    view! {
        <div class="empty-page">
            // Another store may have profiles.
            {use_context::<Address>().map(|address| store_picker(address.query.into()))}
            <div class="pulse" aria-hidden="true"><span></span><span></span><span></span></div>
            <h1>"Waiting for the first profile"</h1>
            <p role="status">
                "Flarepath profiles itself, unless that is switched off: its first profile appears here within 20 seconds."
            </p>
            <p><a class="button" href="/local?example">"Open an example"</a></p>
            <h2>"Send profiles"</h2>
            <p>"Run a small shop whose second version is slower:"</p>
            <pre><code>{demo}</code></pre>
            <p>"Push a file of your own:"</p>
            <pre><code>{push}</code></pre>
            <p>
                "Or point a Pyroscope SDK or an OpenTelemetry collector at " <code>{page::origin()}</code> ". "
                "To look at a local profile, drop it on this page: it is read in the browser and never uploaded."
            </p>
        </div>
    }
}
