//! `GET /api/v1/stores`: the stores that the caller may read, and how this server's requests to them went.

use crate::app::{App, OneStore};
use crate::auth::{Permission, Principal};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::{Format, Params};
use crate::http::route::Route;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use flarepath_wire::stores::{StoreState, StoresResponse};
use std::sync::Arc;
use std::time::Duration;

/// The states of a store.
pub(in crate::http) const STATES: [&str; 3] = [OK, FAILING, NOT_ASKED];
const OK: &str = "ok";
const FAILING: &str = "failing";
const NOT_ASKED: &str = "not asked yet";

/// In place of a failure, whose text may name hosts.
const HIDDEN: &str = "see the server's log; administrators see it here";

const DOC: Doc = Doc {
    description: "Where profiles are read from: the parameter `store` of other routes names one of them, and `default` is read without it (empty \
                  if the caller may not read it). A store that is for certain teams is listed for their members, for those with a role over \
                  their profiles, and for those who may read all profiles. Requests and latencies of remote stores are of this server, in the \
                  last 5 minutes; the text of a failure is for administrators. `failing`: requests are held back because many in a row failed, \
                  or all of the last 5 minutes failed.",
    answer: Answer::Message("StoresResponse"),
    errors: &[(400, "A parameter is unknown")],
    example: "/api/v1/stores",
    ..Doc::new("Server", "List stores")
};

pub(crate) fn routes() -> [Route; 1] {
    [Route::get("/api/v1/stores", stores).needs(Permission::ReadProfiles).doc(DOC)]
}

async fn stores(
    State(app): State<Arc<App>>,
    who: Principal,
    uri: Uri,
    format: Format,
) -> Result<Response, ApiError> {
    Params::read(&uri)?.check(&DOC)?;
    let mut stores: Vec<StoreState> = app.stores.readable(&who).map(|store| state(store)).collect();
    if !who.may(Permission::ReadMetrics) {
        let failed = stores.iter_mut().filter(|store| !store.last_error.is_empty());
        failed.for_each(|store| store.last_error = HIDDEN.to_owned());
    }
    let default = stores.iter().find(|store| store.is_default).map(|store| store.name.clone());
    Ok(format.respond(&StoresResponse { default: default.unwrap_or_default(), stores }))
}

fn state(store: &OneStore) -> StoreState {
    let state = StoreState {
        name: store.name().to_owned(),
        kind: store.open.kind.name().to_owned(),
        is_default: store.is_default,
        takes_pushes: store.takes_pushes,
        state: OK.to_owned(),
        missing: store.missing().into_iter().map(str::to_owned).collect(),
        ..StoreState::default()
    };
    // Readiness is about the embedded store.
    let Some(health) = store.open.health() else { return state };
    let all_failed = health.errors > 0 && health.errors == health.requests;
    let is_asked = health.requests > 0 || health.version.is_some() || health.last_error.is_some();
    let name = match is_asked {
        _ if health.is_down || all_failed => FAILING,
        true => OK,
        false => NOT_ASKED,
    };
    let (last_error_at_ns, last_error) = health.last_error.map(|(at, text)| (at.0, text)).unwrap_or_default();
    StoreState {
        state: name.to_owned(),
        version: health.version.unwrap_or_default(),
        requests: health.requests,
        errors: health.errors,
        latency_p50_s: health.latency_p50.as_ref().map(Duration::as_secs_f64),
        latency_p95_s: health.latency_p95.as_ref().map(Duration::as_secs_f64),
        last_error,
        last_error_at_ns,
        ..state
    }
}
