//! The caller, which the authorization middleware stored in the request.

use crate::app::App;
use crate::auth::{Client, Principal};
use crate::db::audit::Actor;
use crate::http::ApiError;
use crate::problem::ProblemKind;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;

impl FromRequestParts<Arc<App>> for Principal {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, ApiError> {
        parts
            .extensions
            .get::<Principal>()
            .cloned()
            .ok_or_else(|| ApiError::new(ProblemKind::SignedOut, "not signed in"))
    }
}

impl FromRequestParts<Arc<App>> for Client {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, ApiError> {
        parts.extensions.get::<Client>().cloned().ok_or_else(ApiError::internal)
    }
}

/// The caller as the audit log names it.
impl FromRequestParts<Arc<App>> for Actor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let who = Principal::from_request_parts(parts, app).await?;
        let client = Client::from_request_parts(parts, app).await?;
        Ok(Actor {
            at: app.clock.now(),
            ip: client.ip.to_string(),
            user_agent: client.user_agent,
            request_id: client.request_id,
            ..who.actor()
        })
    }
}
