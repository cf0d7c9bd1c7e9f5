//! `GET /api/v1/quotas`: the limits of senders, what is used of them, and what was refused.

use crate::app::App;
use crate::auth::Permission;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::Format;
use crate::http::route::Route;
use crate::ingest::quota::{Refusal, Usage, Use};
use axum::extract::State;
use axum::response::Response;
use flarepath_wire::quotas::{QuotaRefusal, QuotaUse, QuotasResponse};
use std::sync::Arc;

const DOC: Doc = Doc {
    description: "For administrators. Counts are those of this server; rates begin anew with a restart.",
    answer: Answer::Message("QuotasResponse"),
    example: "/api/v1/quotas",
    ..Doc::new("Server", "Quotas and their use")
};

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get("/api/v1/quotas", quotas).needs(Permission::ReadMetrics).doc(DOC)]
}

async fn quotas(State(app): State<Arc<App>>, format: Format) -> Result<Response, ApiError> {
    format.respond_with(move || message(app.quotas.usage(app.writer.as_deref()))).await
}

fn message(usage: Usage) -> QuotasResponse {
    let used = |Use { limit, service, used, allowed }| QuotaUse {
        key: limit.name().to_owned(),
        meaning: limit.meaning().to_owned(),
        service,
        used,
        limit: allowed,
    };
    let refused = |Refusal { service, limit, count }| QuotaRefusal {
        service,
        key: limit.name().to_owned(),
        meaning: limit.meaning().to_owned(),
        count,
    };
    QuotasResponse {
        uses: usage.uses.into_iter().map(used).collect(),
        refusals: usage.refusals.into_iter().map(refused).collect(),
    }
}
