//! `/api/v1/audit`: the audit log, in pages or as a file.

use crate::app::App;
use crate::auth::Permission;
use crate::db::audit::AuditEntry;
use crate::db::audit_log::{AuditFilter, AuditRow};
use crate::db::id::AuditEntryId;
use crate::db::{DbError, Records};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::time::parse_time;
use crate::http::extract::{Caller, Format, Params};
use crate::http::route::Route;
use crate::http::routes::params::CURSOR;
use crate::problem::ProblemKind;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::audit::{AuditLine, AuditResponse};
use futures::stream::{self, Stream};
use serde_json::json;
use std::sync::Arc;

const MAX_LINES: u32 = 1000;
const LIMIT: Param =
    Param::query("limit", "Entries per page", "100").integer(1..=MAX_LINES as i64).default("100");

const ACTOR: Param = Param::query("actor", "Id or name of the actor", "ann");
const ACTION: Param = Param::query("action", "Action, or a group of actions", "token.create");
const OBJECT: Param = Param::query("object", "Id, name or kind of the object", "team");
const FROM: Param =
    Param::query("from", "Start, inclusive: RFC 3339, Unix time, `now-7d` (default: unlimited)", "now-7d")
        .time();
const UNTIL: Param = Param::query("until", "End, exclusive (default: unlimited)", "now").time();
const WRONG: (u16, &str) = (400, "A parameter is unknown or malformed");

const LIST: Doc = Doc {
    description: "Newest first. `next` of a response is `before` of the next page.",
    params: &[
        ACTOR,
        ACTION,
        OBJECT,
        FROM,
        UNTIL,
        LIMIT,
        Param::query(
            "before",
            "`next` of the previous page",
            "1795227540000000000-01h455vb4pex5vsknk084sn02q",
        )
        .pattern(CURSOR),
    ],
    answer: Answer::Message("AuditResponse"),
    errors: &[WRONG],
    example: "/api/v1/audit?limit=10",
    ..Doc::new("Audit log", "List audit entries")
};

const EXPORT: Doc = Doc {
    description: "One AuditLine per line, as JSON, newest first. The export itself is audited too.",
    params: &[ACTOR, ACTION, OBJECT, FROM, UNTIL],
    answer: Answer::Content(&["application/x-ndjson"]),
    errors: &[WRONG],
    example: "/api/v1/audit/export",
    ..Doc::new("Audit log", "Export the audit log")
};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/audit", list).needs(Permission::ReadAudit).doc(LIST),
        Route::get("/api/v1/audit/export", export).needs(Permission::ReadAudit).doc(EXPORT),
    ]
}

async fn list(State(app): State<Arc<App>>, uri: Uri, format: Format) -> Result<Response, ApiError> {
    let params = Params::read(&uri)?;
    params.check(&LIST)?;
    let mut filter = filter(&params, app.clock.now())?;
    filter.after = params.get("before").map(cursor).transpose()?;
    let limit = u32::try_from(params.integer(&LIMIT, ProblemKind::BadLimit)?).unwrap_or(MAX_LINES);
    let rows = app.records.audit_entries(&filter, limit).await?;
    let full = rows.len() == limit as usize;
    let next = rows.last().filter(|_| full).map(|row| format!("{}-{}", row.at.0, row.id));
    Ok(format.respond(&AuditResponse { lines: rows.into_iter().map(message).collect(), next }))
}

async fn export(Caller { app, actor, .. }: Caller, uri: Uri) -> Result<Response, ApiError> {
    let params = Params::read(&uri)?;
    params.check(&EXPORT)?;
    let filter = filter(&params, app.clock.now())?;
    let parameters = json!({ "actor": filter.actor, "action": filter.action, "object": filter.object });
    let entry = AuditEntry::new(&actor, "audit.export", "audit", "", "").after(parameters);
    app.records.change().await?.commit(entry).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"flarepath-audit.ndjson\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let body = Body::from_stream(lines(app.records.clone(), filter));
    Ok((headers, body).into_response())
}

/// The log, read page by page so that it need not fit into memory. A failure truncates the response, which the client can
/// detect.
fn lines(records: Records, filter: AuditFilter) -> impl Stream<Item = Result<Bytes, DbError>> {
    stream::try_unfold(Some(filter), move |next| {
        let records = records.clone();
        async move {
            let Some(mut filter) = next else { return Ok(None) };
            let rows = records.audit_entries(&filter, MAX_LINES).await.inspect_err(|error| {
                tracing::error!(%error, "audit log export aborted");
            })?;
            filter.after = rows.last().map(|row| (row.at, row.id.clone()));
            let next = (rows.len() == MAX_LINES as usize).then_some(filter);
            let mut text = Vec::new();
            for row in rows {
                serde_json::to_writer(&mut text, &message(row))
                    .map_err(|e| DbError::Damaged(e.to_string()))?;
                text.push(b'\n');
            }
            Ok(Some((Bytes::from(text), next)))
        }
    })
}

fn filter(params: &Params, now: UnixNanos) -> Result<AuditFilter, ApiError> {
    let text = |name| params.get(name).unwrap_or_default().to_owned();
    let time = |name| {
        let parsed = params.get(name).map(|text| parse_time(text, now)).transpose();
        parsed.map_err(|error| {
            ApiError::new(ProblemKind::BadTime, format!("`{name}`: {error}")).at(error.position)
        })
    };
    Ok(AuditFilter {
        actor: text("actor"),
        action: text("action"),
        object: text("object"),
        from: time("from")?.unwrap_or(UnixNanos::MIN),
        until: time("until")?.unwrap_or(UnixNanos::MAX),
        after: None,
    })
}

fn cursor(text: &str) -> Result<(UnixNanos, AuditEntryId), ApiError> {
    let parsed = text.split_once('-').and_then(|(at, id)| Some((UnixNanos(at.parse().ok()?), id.into())));
    parsed
        .ok_or_else(|| ApiError::new(ProblemKind::BadPage, "`before`: expected `next` of the previous page"))
}

fn message(row: AuditRow) -> AuditLine {
    AuditLine {
        id: row.id.into(),
        at_ns: row.at.0,
        actor_kind: row.actor_kind,
        actor_id: row.actor_id.into(),
        actor_name: row.actor_name,
        ip: row.ip,
        user_agent: row.user_agent,
        request_id: row.request_id,
        action: row.action,
        object_kind: row.object_kind,
        object_id: row.object_id,
        object_name: row.object_name,
        before: row.before,
        after: row.after,
    }
}
