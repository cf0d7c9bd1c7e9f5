//! Before the first profile: what will come and when, and how to send one's own.

use crate::browser::page;
use leptos::prelude::*;

/// Shown while the server knows no service.
#[component]
pub(crate) fn FirstRun() -> impl IntoView {
    let push = format!("flarepath push cpu.pprof --service my-service --url {}", page::origin());
    view! {
        <div class="empty-page">
            <div class="pulse" aria-hidden="true"><span></span><span></span><span></span></div>
            <h1>"Waiting for the first profile"</h1>
            <p role="status">
                "Flarepath is profiling itself: its first flame graph appears here within 20 seconds. You need not do anything."
            </p>
            <h2>"Send your own"</h2>
            <p>"A file, from the command line:"</p>
            <pre><code>{push}</code></pre>
            <p>
                "Or point a Pyroscope SDK or an OpenTelemetry collector at " <code>{page::origin()}</code> ". "
                "A profile you have at hand can be dropped on this page: it is read in the browser and never uploaded."
            </p>
        </div>
    }
}
