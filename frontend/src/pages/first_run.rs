//! The page of a server without profiles: when the first one arrives, and how to send others.

use crate::browser::page;
use leptos::prelude::*;

/// The page; shown while the server knows no service.
#[component]
pub(crate) fn FirstRun() -> impl IntoView {
    let push = format!("flarepath push cpu.pprof --service my-service --url {}", page::origin());
    view! {
        <div class="empty-page">
            <div class="pulse" aria-hidden="true"><span></span><span></span><span></span></div>
            <h1>"Waiting for the first profile"</h1>
            <p role="status">
                "Flarepath profiles itself. Its first flame graph appears here within 20 seconds, without any configuration."
            </p>
            <h2>"Send your own profiles"</h2>
            <p>"Push a file from the command line:"</p>
            <pre><code>{push}</code></pre>
            <p>
                "Or point a Pyroscope SDK or an OpenTelemetry collector at " <code>{page::origin()}</code> ". "
                "To look at a local profile, drop it on this page: it is read in the browser and never uploaded."
            </p>
        </div>
    }
}
