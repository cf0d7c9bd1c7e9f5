//! [`CallStore`]: the store that a call reads. Its messages have no field for it, so a header names it; Grafana sends headers that are set in the data
//! source with each request.

use super::call::CallError;
use crate::app::{App, OneStore};
use crate::auth::Principal;
use crate::http::extract::readable_store;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;

/// Names the store; without it, the default one is read.
const HEADER: &str = "x-flarepath-store";

/// The store of a call, which its caller may read.
pub(super) struct CallStore(pub(super) Arc<OneStore>);

impl FromRequestParts<Arc<App>> for CallStore {
    type Rejection = CallError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, CallError> {
        let who = Principal::from_request_parts(parts, app).await?;
        let value = parts.headers.get(HEADER).map(|value| value.to_str());
        let name =
            value.transpose().map_err(|_| CallError::invalid("the header X-Flarepath-Store is no text"))?;
        let name = name.filter(|name| !name.is_empty());
        Ok(CallStore(readable_store(app, &who, name)?))
    }
}
