//! `/api/v1/me/sessions`: where one is signed in.

use crate::app::App;
use crate::auth::{Permission, Principal, session};
use crate::db::audit::Actor;
use crate::db::id::SessionId;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Format;
use crate::http::router::{BodyLimit, Route};
use crate::http::{ApiError, cookie};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get};
use flarepath_wire::people::{EndedSessionsResponse, SessionEntry, SessionsResponse};
use std::sync::Arc;

const ID: &[Param] = &[Param::path("id", "The session, as the list names it.", "0123456789abcdefghjkmnpqrs")];

pub(crate) fn routes() -> Vec<Route> {
    let line = |method, path, handler, doc| Route {
        method,
        path,
        permission: Permission::SignedIn,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    vec![
        line(
            "GET",
            "/api/v1/me/sessions",
            get(list),
            Doc {
                answer: Answer::Message("SessionsResponse"),
                errors: &[(401, "Not signed in.")],
                example: "/api/v1/me/sessions",
                ..Doc::new("Own account", "Where I am signed in")
            },
        ),
        line(
            "DELETE",
            "/api/v1/me/sessions",
            delete(end_all),
            Doc {
                description: "Ends all sessions, this one too.",
                answer: Answer::Message("EndedSessionsResponse"),
                errors: &[(401, "Not signed in.")],
                ..Doc::new("Own account", "Sign out everywhere")
            },
        ),
        line(
            "DELETE",
            "/api/v1/me/sessions/{id}",
            delete(end),
            Doc {
                params: ID,
                errors: &[(401, "Not signed in."), (404, "There is no such session of one's own.")],
                ..Doc::new("Own account", "End a session")
            },
        ),
    ]
}

async fn list(State(app): State<Arc<App>>, who: Principal, headers: HeaderMap) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let sessions = session::list(&app.gate, &who.user_id()).await?;
    let entry = |session: crate::db::sessions::Session| SessionEntry {
        current: who.session() == Some(&session.id),
        id: session.id.into(),
        method: session.method,
        created_ns: session.created_at,
        used_ns: session.used_at,
        expires_ns: session.expires_at,
        ip: session.ip,
        user_agent: session.user_agent,
    };
    Ok(format.respond(&SessionsResponse { sessions: sessions.into_iter().map(entry).collect() }))
}

async fn end(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    Path(id): Path<SessionId>,
) -> Result<Response, ApiError> {
    session::end(&app.gate, &actor, &who.user_id(), &id).await?;
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
}

async fn end_all(
    State(app): State<Arc<App>>,
    who: Principal,
    actor: Actor,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let ended = session::end_all(&app.gate, &actor, &who.user_id(), who.name()).await?;
    let mut response = format.respond(&EndedSessionsResponse { ended });
    let value = cookie::no_session(&app).ok_or_else(ApiError::internal)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}
