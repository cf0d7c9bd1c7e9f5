//! Extractor for changes: the server, the caller, and the caller as the audit log names it.

use crate::app::App;
use crate::auth::Principal;
use crate::db::audit::Actor;
use crate::http::ApiError;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;

/// The server and its caller.
pub(crate) struct Caller {
    pub(crate) app: Arc<App>,
    pub(crate) who: Principal,
    pub(crate) actor: Actor,
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let who = Principal::from_request_parts(parts, app).await?;
        let actor = Actor::from_request_parts(parts, app).await?;
        Ok(Caller { app: Arc::clone(app), who, actor })
    }
}
