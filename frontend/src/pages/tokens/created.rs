//! A new token, shown once, with examples of its use.

use super::NewSecret;
use crate::browser::page;
use crate::components::copy_text::CopyText;
use leptos::prelude::*;

/// The token and its examples.
#[component]
pub(crate) fn CreatedToken(secret: NewSecret) -> impl IntoView {
    let NewSecret { name, secret } = secret;
    let server = page::origin();
    let bearer = format!("Authorization: Bearer {secret}");
    let basic = format!("address: {server}\nbasic auth user: token\nbasic auth password: {secret}");
    // In the environment, as arguments are visible to everyone on the machine.
    let push =
        format!("FLAREPATH_TOKEN={secret} flarepath push cpu.pprof --service my-service --url {server}");
    view! {
        <div class="form">
            <p role="status">"“" {name} "” was created. Copy it now: it is not stored and will not be shown again."</p>
            <CopyText name="Token" text=secret />
            <h3>"Pyroscope SDK or Grafana Alloy (basic auth with any user name)"</h3>
            <CopyText name="Basic auth" text=basic />
            <h3>"OpenTelemetry or curl (bearer token)"</h3>
            <CopyText name="Authorization header" text=bearer />
            <h3>"Command line"</h3>
            <CopyText name="Push command" text=push />
        </div>
    }
}
