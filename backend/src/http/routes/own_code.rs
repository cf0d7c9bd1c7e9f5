//! `/api/v1/own-code`: what counts as own code of a service, and of which services it is set.

use super::params::{STORE, limit};
use crate::app::App;
use crate::auth::own_code::{self, Setting};
use crate::auth::{Permission, Principal};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param, RequestBody};
use crate::http::extract::{Caller, Format, JsonBody, Params, QueryRequest};
use crate::http::route::Route;
use crate::query::Question;
use crate::store::TimeRange;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use flarepath_wire::own_code::{OwnCodeDraft, OwnCodePattern, OwnCodeResponse, OwnCodesResponse};
use std::sync::Arc;

const SERVICE: Param = Param::query("service", "Name of the service", "flarepath").required();
const BAD: (u16, &str) = (400, "A parameter or a pattern is invalid");
const PARTIAL: (u16, &str) = (403, "The caller is not an editor of all profiles of the service");

const GET: Doc = Doc {
    description: "Verdicts name the function of own code that explains a change. What counts as own code is guessed from names, files \
                  and binaries, unless it is set: for the service in every store. Of a service that the caller cannot see in the store, \
                  nothing is set.",
    params: &[STORE, SERVICE],
    answer: Answer::Message("OwnCodeResponse"),
    errors: &[BAD],
    example: "/api/v1/own-code?service=flarepath",
    ..Doc::new("Services", "Own code of a service")
};
const LIMIT: Param = Param::query("limit", "Services per page", "100").integer(1..=200).default("100");
const AFTER: Param = Param::query("after", "`next` of the previous page", "checkout");
const LIST: Doc = Doc {
    description: "By name; those that the caller may change. `next` of a response is `after` of the next page.",
    params: &[LIMIT, AFTER],
    answer: Answer::Message("OwnCodesResponse"),
    errors: &[(400, "A parameter is unknown or malformed")],
    example: "/api/v1/own-code/services",
    ..Doc::new("Services", "List services whose own code is set")
};
const PUT: Doc = Doc {
    description: "In place of the guess, for everyone. It takes a role as editor of all profiles of the service.",
    body: &[RequestBody::Json("OwnCodeDraft")],
    answer: Answer::Message("OwnCodeResponse"),
    errors: &[BAD, PARTIAL],
    ..Doc::new("Services", "Set the own code of a service")
};
const DELETE: Doc = Doc {
    description: "From then on it is guessed again.",
    params: &[SERVICE],
    errors: &[BAD, PARTIAL, (404, "Own code of the service is not set")],
    ..Doc::new("Services", "Guess the own code of a service")
};

pub(crate) fn routes() -> Vec<Route> {
    const PATH: &str = "/api/v1/own-code";
    vec![
        Route::get(PATH, get).needs(Permission::ReadProfiles).doc(GET),
        Route::get("/api/v1/own-code/services", list).needs(Permission::EditServices).doc(LIST),
        Route::put(PATH, set).needs(Permission::EditServices).doc(PUT),
        Route::delete(PATH, remove).needs(Permission::EditServices).doc(DELETE),
    ]
}

async fn get(State(app): State<Arc<App>>, request: QueryRequest) -> Result<Response, ApiError> {
    request.params.check(&GET)?;
    let service = request.params.get(SERVICE.name).unwrap_or_default().to_owned();
    let setting = match is_visible(&request, &service).await? {
        true => own_code::of_service(&app.records, &service).await?,
        false => None,
    };
    Ok(request.format.respond(&message(&request.who, service, setting)))
}

async fn list(Caller { app, who, .. }: Caller, uri: Uri, format: Format) -> Result<Response, ApiError> {
    let params = Params::read(&uri)?;
    params.check(&LIST)?;
    let limit = limit(&params, &LIMIT)?;
    let found = own_code::list(&app.records, &who, params.get(AFTER.name).unwrap_or_default(), limit).await?;
    let last = found.last().filter(|_| found.len() == limit);
    let next = last.map(|setting| setting.row.service.clone()).unwrap_or_default();
    let services = found.into_iter().map(|setting| of_setting(setting, true)).collect();
    Ok(format.respond(&OwnCodesResponse { services, next }))
}

async fn set(
    Caller { app, who, actor }: Caller,
    format: Format,
    JsonBody(draft): JsonBody<OwnCodeDraft>,
) -> Result<Response, ApiError> {
    let patterns = draft.patterns.into_iter().map(|pattern| (pattern.of, pattern.text)).collect();
    let setting = own_code::set(&app.records, (&who, &actor), &draft.service, patterns).await?;
    Ok(format.respond(&message(&who, setting.row.service.clone(), Some(setting))))
}

async fn remove(Caller { app, who, actor }: Caller, uri: Uri) -> Result<StatusCode, ApiError> {
    let params = Params::read(&uri)?;
    params.check(&DELETE)?;
    let service = params.get(SERVICE.name).unwrap_or_default();
    own_code::delete(&app.records, (&who, &actor), service).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the caller can see profiles of the service, of any time.
async fn is_visible(request: &QueryRequest, service: &str) -> Result<bool, ApiError> {
    let (name, value) = (SERVICE_NAME.to_owned(), service.to_owned());
    let selector = Selector { matchers: vec![Matcher { name, op: MatchOp::Equal, value }] };
    let ever = Question::new(selector, TimeRange::nanos(0, i64::MAX));
    Ok(!request.store.querier.series(&request.who, &ever).await?.is_empty())
}

fn message(who: &Principal, service: String, setting: Option<Setting>) -> OwnCodeResponse {
    let editable = own_code::may_edit(who, &service);
    match setting {
        Some(setting) => of_setting(setting, editable),
        None => OwnCodeResponse { service, editable, ..OwnCodeResponse::default() },
    }
}

fn of_setting(Setting { patterns, row }: Setting, editable: bool) -> OwnCodeResponse {
    OwnCodeResponse {
        service: row.service,
        set: true,
        patterns: patterns.into_iter().map(|(of, text)| OwnCodePattern { of, text }).collect(),
        changed_by: row.changed_by,
        changed_at_ns: row.changed_at.0,
        editable,
    }
}
