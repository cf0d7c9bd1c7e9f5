//! `GET /api/v1/heatmap`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, STEP, STORE, TYPE, UNTIL, choice, limit};
use super::series::step;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param, names};
use crate::http::extract::{Params, QueryRequest};
use crate::http::heatmap_message::{self, Frame};
use crate::problem::ProblemKind;
use crate::query::{BinScale, Question, Rows};
use crate::work::ANSWERS;
use axum::response::Response;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::top_table::Cost;
use flarepath_wire::heatmap::HeatmapResponse;

/// Maximum number of columns: a day by the minute, and some.
const MAX_COLUMNS: i64 = 2000;
const MAX_ROWS: usize = 200;

const KINDS: [(&str, RowKind); 3] =
    [("functions", RowKind::Functions), ("label", RowKind::Label), ("values", RowKind::Values)];
const COSTS: [(&str, Cost); 2] = [("total", Cost::Total), ("self", Cost::SelfValue)];
const SCALES: [(&str, Scale); 2] = [("log", Scale::Log), ("linear", Scale::Linear)];

const OF: Param = Param::query("of", "What the rows are", "functions").one_of(const { &names(&KINDS) });
const COST: Param =
    Param::query("cost", "For functions: which cost", "self").one_of(const { &names(&COSTS) });
const SCALE: Param = Param::query("scale", "For values: `log` has four bins per doubling", "linear")
    .one_of(const { &names(&SCALES) });
const LIMIT: Param =
    Param::query("limit", "Maximum number of rows; for linear `values` the number of bins", "20")
        .integer(1..=MAX_ROWS as i64)
        .default("30");

pub(crate) const DOC: Doc = Doc {
    description: "Cells by row and column: cost of functions or of label values over time, or the distribution of profile values. \
                  Columns begin at multiples of the step; those without a profile are absent. Steps of a multiple of 5 \
                  minutes use downsampled data, those of whole hours and days the coarsest; other steps read every profile and \
                  cost several times as much. `other` is what no row includes. With named functions, `column_weights` are what cells are divided by \
                  to become rates. At most 2 000 columns and 200 rows.",
    params: &[
        STORE,
        TYPE,
        SELECTOR,
        FROM,
        UNTIL,
        OF,
        Param::query("step", "Column width: `5m`, `1h`, or seconds (default: about 300 columns)", "5m")
            .pattern(STEP),
        LIMIT,
        COST,
        Param::query(
            "function",
            "For functions: their names, instead of those with the highest cost; repeated",
            "main",
        )
        .repeated(),
        Param::query("label", "For `label`: its name", "pod"),
        SCALE,
    ],
    answer: Answer::Message("HeatmapResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/heatmap?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&step=1m&cost=self",
    ..Doc::new("Query", "Heat map")
};

pub(crate) async fn heatmap(request: QueryRequest) -> Result<Response, ApiError> {
    let (question, profile_type) = request.typed_question(&DOC)?;
    let message = answer(&request, &question, &profile_type).await?;
    request.format.respond_with(move || message).await
}

/// What the rows of a heat map are.
#[derive(Clone, Copy)]
enum RowKind {
    Functions,
    Label,
    Values,
}

/// The scale of bins, whose number is another parameter.
#[derive(Clone, Copy)]
enum Scale {
    Log,
    Linear,
}

/// The requested grid.
pub(super) async fn answer(
    request: &QueryRequest,
    question: &Question,
    profile_type: &ProfileType,
) -> Result<HeatmapResponse, ApiError> {
    let QueryRequest { who, params, store, .. } = request;
    let step_ns = step(params.get("step"), question.range, MAX_COLUMNS)?;
    let limit = limit(params, &LIMIT)?;
    let kind = choice(params, &OF, ProblemKind::BadRows, &KINDS)?;
    let querier = &store.querier;
    let unit = profile_type.sample_unit.clone();
    let range = question.range;
    let frame = move |known| Frame { range, step_ns, unit: unit.clone(), known };
    Ok(match kind {
        RowKind::Functions => {
            only(params, &["cost", "function"])?;
            let cost = choice(params, &COST, ProblemKind::BadCost, &COSTS)?;
            let rows = rows(params, limit)?;
            let found = querier.function_costs(who, question, profile_type, (step_ns, cost), &rows).await?;
            ANSWERS.run(move || heatmap_message::functions(&found, &frame(found.known))).await?
        }
        RowKind::Label => {
            only(params, &["label"])?;
            let label = params.get("label").ok_or_else(|| {
                let detail = "`label` is required with `of=label`; for example label=pod";
                ApiError::new(ProblemKind::MissingParameter, detail)
            })?;
            let found = querier.label_costs(who, question, profile_type, step_ns, label).await?;
            let known = querier.known_names(who, question, profile_type, found.len() as u64).await?;
            ANSWERS.run(move || heatmap_message::labels(&found, limit, &frame(known))).await?
        }
        RowKind::Values => {
            only(params, &["scale"])?;
            let scale = match choice(params, &SCALE, ProblemKind::BadScale, &SCALES)? {
                Scale::Log => BinScale::Log,
                Scale::Linear => BinScale::Linear(limit as u32),
            };
            let found = querier.distribution(who, question, profile_type, step_ns, scale).await?;
            let columns = found.columns.len() as u64;
            let known = querier.known_names(who, question, profile_type, columns).await?;
            ANSWERS.run(move || heatmap_message::values(&found, &frame(known))).await?
        }
    })
}

/// The functions to show: those that the request names, or else the most expensive ones.
fn rows(params: &Params, limit: usize) -> Result<Rows, ApiError> {
    let names: Vec<String> =
        params.all("function").filter(|name| !name.is_empty()).map(str::to_owned).collect();
    match names.len() {
        0 => Ok(Rows::Top(limit)),
        1..=MAX_ROWS => Ok(Rows::Named(names)),
        _ => {
            let detail = format!("`function`: more than {MAX_ROWS} functions");
            Err(ApiError::new(ProblemKind::BadLimit, detail))
        }
    }
}

/// Rejects parameters of another kind of rows, as they would be ignored.
fn only(params: &Params, own: &[&str]) -> Result<(), ApiError> {
    let of_some = ["cost", "function", "label", "scale"];
    match of_some.iter().find(|name| params.get(name).is_some() && !own.contains(name)) {
        Some(name) => Err(ApiError::new(
            ProblemKind::UnknownParameter,
            format!("`{name}` does not apply to these rows; see `of`"),
        )),
        None => Ok(()),
    }
}
