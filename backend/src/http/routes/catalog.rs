//! Lists of the stored profiles: `GET /api/v1/services`, `/api/v1/profile-types`, `/api/v1/labels` and `/api/v1/labels/{name}/values`. All derive
//! from the matching series.

use super::params::{FROM, QUERY_ERRORS, SELECTOR, STORE, UNTIL, limit};
use crate::http::ApiError;
use crate::http::catalog_message::{self, WantedServices};
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::{Path, QueryRequest};
use crate::store::SeriesInfo;
use axum::response::Response;
use std::sync::Arc;

const SERIES: Doc = Doc {
    params: &[STORE, SELECTOR, FROM, UNTIL],
    errors: QUERY_ERRORS,
    ..Doc::new("Query", "Matching series")
};

const TEXT: Param = Param::query(
    "q",
    "Only services whose names match this text, in any case: names that begin with it first, then those that contain it, then those \
     that have its letters in this order",
    "check",
);
const LIMIT: Param =
    Param::query("limit", "Maximum number of services (default: all of them)", "20").integer(1..=1000);

pub(crate) const SERVICES: Doc = Doc {
    summary: "Services",
    description: "Services with profiles in the range, each with its profile types and number of series; by name, or, with `q`, best \
                  matches first.",
    params: &[STORE, SELECTOR, FROM, UNTIL, TEXT, LIMIT],
    answer: Answer::Message("ServicesResponse"),
    example: "/api/v1/services?from=now-24h",
    ..SERIES
};

pub(crate) const PROFILE_TYPES: Doc = Doc {
    summary: "Profile types",
    description: "Profile types of the matching series with profiles in the range.",
    answer: Answer::Message("ProfileTypesResponse"),
    example: "/api/v1/profile-types?selector={service_name=\"flarepath\"}",
    ..SERIES
};

pub(crate) const LABEL_NAMES: Doc = Doc {
    summary: "Label names",
    description: "Label names of the matching series, with the number of series that have each.",
    answer: Answer::Message("LabelNamesResponse"),
    example: "/api/v1/labels",
    ..SERIES
};

pub(crate) const LABEL_VALUES: Doc = Doc {
    summary: "Label values",
    description: "Values of one label among the matching series, with the number of series that have each. A label that no series \
                  has gives an empty list.",
    params: &[Param::path("name", "Name of the label", "service_name"), STORE, SELECTOR, FROM, UNTIL],
    answer: Answer::Message("LabelValuesResponse"),
    example: "/api/v1/labels/service_name/values",
    ..SERIES
};

type Result<T> = std::result::Result<T, ApiError>;

pub(crate) async fn services(request: QueryRequest) -> Result<Response> {
    let series = series(&request, &SERVICES).await?;
    let params = &request.params;
    let wanted = WantedServices {
        text: params.get(TEXT.name).unwrap_or_default().to_lowercase(),
        limit: params.get(LIMIT.name).map(|_| limit(params, &LIMIT)).transpose()?,
    };
    request.format.respond_with(move || catalog_message::services(&series, &wanted)).await
}

pub(crate) async fn profile_types(request: QueryRequest) -> Result<Response> {
    let series = series(&request, &PROFILE_TYPES).await?;
    request.format.respond_with(move || catalog_message::profile_types(&series)).await
}

pub(crate) async fn label_names(request: QueryRequest) -> Result<Response> {
    let series = series(&request, &LABEL_NAMES).await?;
    request.format.respond_with(move || catalog_message::label_names(&series)).await
}

pub(crate) async fn label_values(Path(name): Path<String>, request: QueryRequest) -> Result<Response> {
    let series = series(&request, &LABEL_VALUES).await?;
    request.format.respond_with(move || catalog_message::label_values(&series, &name)).await
}

async fn series(request: &QueryRequest, doc: &Doc) -> Result<Arc<Vec<SeriesInfo>>> {
    Ok(request.store.querier.series(&request.who, &request.question(doc)?).await?)
}
