//! `/api/v1/me/sessions`: the caller's active sessions.

use super::signed_out;
use crate::app::App;
use crate::auth::{Permission, Principal, session};
use crate::db::id::SessionId;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::{Caller, Format, Path};
use crate::http::route::Route;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use flarepath_wire::people::{SessionEntry, SessionsResponse};
use std::sync::Arc;

const ID: &[Param] = &[Param::id("id", "Id of the session")];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/me/sessions", list).needs(Permission::SignedIn).doc(Doc {
            answer: Answer::Message("SessionsResponse"),
            errors: &[(401, "Not signed in")],
            example: "/api/v1/me/sessions",
            ..Doc::new("Account", "List your active sessions")
        }),
        Route::delete("/api/v1/me/sessions", end_all).needs(Permission::SignedIn).doc(Doc {
            description: "Ends all sessions, including the current one, and removes its cookie.",
            errors: &[(401, "Not signed in")],
            ..Doc::new("Account", "Sign out everywhere")
        }),
        Route::delete("/api/v1/me/sessions/{id}", end).needs(Permission::SignedIn).doc(Doc {
            params: ID,
            errors: &[(401, "Not signed in"), (404, "No such session of yours")],
            ..Doc::new("Account", "End a session")
        }),
    ]
}

async fn list(State(app): State<Arc<App>>, who: Principal, format: Format) -> Result<Response, ApiError> {
    let sessions = session::list(&app.gate, &who.user_id()).await?;
    let entry = |session: crate::db::sessions::Session| SessionEntry {
        current: who.session() == Some(&session.id),
        id: session.id.into(),
        method: session.method,
        created_ns: session.created_at.0,
        used_ns: session.used_at.0,
        expires_ns: session.expires_at.0,
        ip: session.ip,
        user_agent: session.user_agent,
    };
    Ok(format.respond(&SessionsResponse { sessions: sessions.into_iter().map(entry).collect() }))
}

async fn end(Caller { app, who, actor }: Caller, Path(id): Path<SessionId>) -> Result<StatusCode, ApiError> {
    session::end(&app.gate, &actor, &who.user_id(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn end_all(Caller { app, who, actor }: Caller) -> Result<Response, ApiError> {
    session::end_all(&app.gate, &actor, &who.user_id(), who.name()).await?;
    signed_out(&app)
}
