//! `GET /api/v1/heatmap`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, TYPE, UNTIL};
use super::series::step;
use crate::app::App;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::QueryRequest;
use crate::http::heatmap_message::{self, Frame};
use crate::problem::ProblemKind;
use crate::query::{BinScale, KnownNames, Question, Rows};
use axum::extract::State;
use axum::response::Response;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::top_table::Cost;
use flarepath_wire::heatmap::HeatmapResponse;
use std::sync::Arc;

/// Maximum number of columns: a day by the minute, and some.
const MAX_COLUMNS: i64 = 2000;
const DEFAULT_ROWS: usize = 30;
const MAX_ROWS: usize = 200;

pub(crate) const DOC: Doc = Doc {
    description: "Cells by row and column: cost of functions or of label values over time, or the distribution of profile values. \
                  Columns begin at multiples of the step; those without a profile are absent. Steps of a multiple of 5 \
                  minutes use downsampled data, those of whole hours and days the coarsest; other steps read every profile and \
                  cost several times as much. `other` is what no row includes. At most 2 000 columns and 200 rows.",
    params: &[
        TYPE,
        SELECTOR,
        FROM,
        UNTIL,
        Param::query("of", "Rows: `functions` (default), `label` or `values`", "functions"),
        Param::query("step", "Column width: `5m`, `1h`, or seconds (default: about 300 columns)", "5m"),
        Param::query(
            "limit",
            "Maximum number of rows, 1 to 200 (default 30); for linear `values` the number of bins",
            "20",
        ),
        Param::query("cost", "For functions: `total` (default) or `self`", "self"),
        Param::query(
            "function",
            "For functions: their names, instead of those with the highest cost; repeated",
            "main",
        )
        .repeated(),
        Param::query("label", "For `label`: its name", "pod"),
        Param::query("scale", "For values: `log` (default; four bins per doubling) or `linear`", "linear"),
    ],
    answer: Answer::Message("HeatmapResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/heatmap?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&step=1m&cost=self",
    ..Doc::new("Query", "Heat map")
};

pub(crate) async fn heatmap(
    State(app): State<Arc<App>>,
    request: QueryRequest,
) -> Result<Response, ApiError> {
    let question = request.question(&DOC)?;
    let profile_type = request.profile_type()?;
    Ok(request.format.respond(&answer(&app, &request, &question, &profile_type).await?))
}

/// The requested grid.
pub(super) async fn answer(
    app: &App,
    request: &QueryRequest,
    question: &Question,
    profile_type: &ProfileType,
) -> Result<HeatmapResponse, ApiError> {
    let step_ns = step(request.params.get("step"), question.range, MAX_COLUMNS)?;
    let limit = limit(request.params.get("limit"))?;
    let unit = profile_type.sample_unit.clone();
    let querier = &app.querier;
    match request.params.get("of") {
        None | Some("functions") => {
            only(request, &["cost", "function"])?;
            let cost = cost(request.params.get("cost"))?;
            let names: Vec<String> =
                request.params.all("function").filter(|name| !name.is_empty()).map(str::to_owned).collect();
            let rows = match names.len() {
                0 => Rows::Top(limit),
                1..=MAX_ROWS => Rows::Named(names),
                _ => {
                    return Err(bad(
                        ProblemKind::BadLimit,
                        format!("`function`: more than {MAX_ROWS} functions"),
                    ));
                }
            };
            let found =
                querier.function_costs(&request.who, question, profile_type, (step_ns, cost), &rows).await?;
            let frame = Frame { step_ns, unit: &unit, known: found.known };
            Ok(heatmap_message::functions(&found, &frame))
        }
        Some("label") => {
            only(request, &["label"])?;
            let label = request.params.get("label").ok_or_else(|| {
                bad(
                    ProblemKind::MissingParameter,
                    "`label` is required with `of=label`; for example label=pod".to_owned(),
                )
            })?;
            let found = querier.label_costs(&request.who, question, profile_type, step_ns, label).await?;
            let known = known(app, request, question, profile_type, found.is_empty()).await?;
            Ok(heatmap_message::labels(&found, limit, &Frame { step_ns, unit: &unit, known }))
        }
        Some("values") => {
            only(request, &["scale"])?;
            let scale = scale(request.params.get("scale"), limit)?;
            let found = querier.distribution(&request.who, question, profile_type, step_ns, scale).await?;
            let known = known(app, request, question, profile_type, found.columns.is_empty()).await?;
            Ok(heatmap_message::values(&found, &Frame { step_ns, unit: &unit, known }))
        }
        Some(other) => {
            Err(bad(ProblemKind::BadRows, format!("`of`: `{other}`; expected functions, label or values")))
        }
    }
}

async fn known(
    app: &App,
    request: &QueryRequest,
    question: &Question,
    profile_type: &ProfileType,
    empty: bool,
) -> Result<KnownNames, ApiError> {
    match empty {
        true => Ok(app.querier.known_names(&request.who, question, profile_type).await?),
        false => Ok(KnownNames::FULL),
    }
}

fn bad(kind: ProblemKind, detail: String) -> ApiError {
    ApiError::new(kind, detail)
}

/// Rejects parameters of another kind of rows, as they would be ignored.
fn only(request: &QueryRequest, own: &[&str]) -> Result<(), ApiError> {
    let of_some = ["cost", "function", "label", "scale"];
    match of_some.iter().find(|name| request.params.get(name).is_some() && !own.contains(name)) {
        Some(name) => Err(bad(
            ProblemKind::UnknownParameter,
            format!("`{name}` does not apply to these rows; see `of`"),
        )),
        None => Ok(()),
    }
}

fn limit(text: Option<&str>) -> Result<usize, ApiError> {
    let Some(text) = text else { return Ok(DEFAULT_ROWS) };
    let limit = text.parse().ok().filter(|limit| (1..=MAX_ROWS).contains(limit));
    limit.ok_or_else(|| {
        bad(ProblemKind::BadLimit, format!("`limit`: `{text}` is not a whole number from 1 to {MAX_ROWS}"))
    })
}

fn cost(text: Option<&str>) -> Result<Cost, ApiError> {
    match text {
        None | Some("total") => Ok(Cost::Total),
        Some("self") => Ok(Cost::SelfValue),
        Some(other) => Err(bad(ProblemKind::BadCost, format!("`cost`: `{other}`; expected total or self"))),
    }
}

fn scale(text: Option<&str>, limit: usize) -> Result<BinScale, ApiError> {
    match text {
        None | Some("log") => Ok(BinScale::Log),
        Some("linear") => Ok(BinScale::Linear(limit as u32)),
        Some(other) => Err(bad(ProblemKind::BadScale, format!("`scale`: `{other}`; expected log or linear"))),
    }
}
