//! A JSON body, said to be one.
//!
//! The content type is insisted on: a form of another site can be sent with three other types without asking the browser
//! first (Fetch Standard, CORS-safelisted request-header), but not with this one.

use crate::app::App;
use crate::http::ApiError;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// What a change is asked with.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.and_then(|text| text.split(';').next()).unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            let detail = "the body must be JSON, with `Content-Type: application/json`";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad-content-type", detail));
        }
        let bytes = Bytes::from_request(request, app).await.map_err(|rejected| {
            let status = rejected.into_response().status();
            let detail = match status {
                StatusCode::PAYLOAD_TOO_LARGE => "the body is larger than this route takes",
                _ => "the body could not be read to its end",
            };
            ApiError::new(status, "bad-body", detail)
        })?;
        serde_json::from_slice(&bytes).map(JsonBody).map_err(|error| {
            ApiError::bad_request("bad-json", format!("the body cannot be read: {}", without_values(&error)))
        })
    }
}

/// What is wrong and where, without what was written there: it may be a password.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if error.is_data() && text.starts_with("invalid ") {
        return format!("a value of the wrong kind at line {} column {}", error.line(), error.column());
    }
    text
}
