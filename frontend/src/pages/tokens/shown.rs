//! A new token, shown this once, and how to use it.

use super::Made;
use crate::browser::page;
use crate::components::secret_once::CopyText;
use leptos::prelude::*;

/// The token with what to write where.
#[component]
pub(crate) fn ShownOnce(
    /// The token that was just made.
    made: Made,
) -> impl IntoView {
    let Made { name, secret } = made;
    let here = page::origin();
    let bearer = format!("Authorization: Bearer {secret}");
    let basic = format!("address: {here}\nbasic auth user: token\nbasic auth password: {secret}");
    // In the environment, as arguments are seen by everyone on the machine.
    let push = format!("FLAREPATH_TOKEN={secret} flarepath push cpu.pprof --service my-service --url {here}");
    view! {
        <div class="form">
            <p role="status">"“" {name} "” is ready. Copy it now: it is not kept, and not shown again."</p>
            <CopyText name="The token" text=secret />
            <h3>"With a Pyroscope SDK or Grafana Alloy (Basic; the user name does not matter)"</h3>
            <CopyText name="For an SDK" text=basic />
            <h3>"With OpenTelemetry or curl (Bearer)"</h3>
            <CopyText name="As a header" text=bearer />
            <h3>"A file from the command line"</h3>
            <CopyText name="For flarepath push" text=push />
        </div>
    }
}
