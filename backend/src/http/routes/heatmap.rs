//! `GET /api/v1/heatmap`

use super::params::{FROM, QUERY_ERRORS, SELECTOR, TYPE, UNTIL};
use super::series::step;
use crate::app::App;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Ask;
use crate::http::heatmap_message::{self, Frame};
use crate::query::{BinScale, Knowledge, Question, Rows};
use axum::extract::State;
use axum::response::Response;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::top_table::Cost;
use flarepath_wire::heatmap::HeatmapResponse;
use std::sync::Arc;

/// Columns that a question may ask for: a day by the minute, and some.
const MAX_COLUMNS: i64 = 2000;
const DEFAULT_ROWS: usize = 30;
const MAX_ROWS: usize = 200;

pub(crate) const DOC: Doc = Doc {
    description: "Cells by row and column: what functions cost over time, what the values of a label cost, or how many \
                  profiles have which value. Columns begin at multiples of the step; those without a profile are absent. \
                  Steps of a multiple of 5 minutes are answered from folded data, those of whole hours and days from the \
                  most folded; other steps read every profile and cost several times as much. What no row holds is in `other`. At most 2 000 \
                  columns and 200 rows.",
    params: &[
        TYPE,
        SELECTOR,
        FROM,
        UNTIL,
        Param::query("of", "Rows: `functions` (default), `label` or `values`", "functions"),
        Param::query("step", "Width of a column: `5m`, `1h`, or seconds (default: about 300 columns)", "5m"),
        Param::query(
            "limit",
            "Rows at most, 1 to 200 (default 30); of linear `values` the number of bins",
            "20",
        ),
        Param::query("cost", "Of functions: `total` (default) or `self`", "self"),
        Param::query(
            "function",
            "Of functions: these, by name, and not those that cost most; repeated",
            "main",
        )
        .repeated(),
        Param::query("label", "Of a label: its name", "pod"),
        Param::query(
            "scale",
            "Of values: `log` (default; four bins for each doubling) or `linear`",
            "linear",
        ),
    ],
    answer: Answer::Message("HeatmapResponse"),
    errors: QUERY_ERRORS,
    example: "/api/v1/heatmap?type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&selector={service_name=\"flarepath\"}&step=1m&cost=self",
    ..Doc::new("Query", "Heat map")
};

pub(crate) async fn heatmap(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, ApiError> {
    let question = ask.question(&DOC)?;
    let profile_type = ask.profile_type()?;
    Ok(ask.format.respond(&answer(&app, &ask, &question, &profile_type).await?))
}

/// The grid that is asked for.
pub(super) async fn answer(
    app: &App,
    ask: &Ask,
    question: &Question,
    profile_type: &ProfileType,
) -> Result<HeatmapResponse, ApiError> {
    let step_ns = step(ask.params.get("step"), question.range, MAX_COLUMNS)?;
    let limit = limit(ask.params.get("limit"))?;
    let unit = profile_type.sample_unit.clone();
    let querier = &app.querier;
    match ask.params.get("of") {
        None | Some("functions") => {
            only(ask, &["cost", "function"])?;
            let cost = cost(ask.params.get("cost"))?;
            let names: Vec<String> =
                ask.params.all("function").filter(|name| !name.is_empty()).map(str::to_owned).collect();
            let rows = match names.len() {
                0 => Rows::Top(limit),
                1..=MAX_ROWS => Rows::Named(names),
                _ => return Err(bad("bad-limit", format!("more than {MAX_ROWS} functions are named"))),
            };
            let found =
                querier.function_costs(&ask.who, question, profile_type, (step_ns, cost), &rows).await?;
            let frame = Frame { step_ns, unit: &unit, known: found.known };
            Ok(heatmap_message::functions(&found, &frame))
        }
        Some("label") => {
            only(ask, &["label"])?;
            let label = ask.params.get("label").ok_or_else(|| {
                bad(
                    "missing-parameter",
                    "`label` is required with `of=label`; for example label=pod".to_owned(),
                )
            })?;
            let found = querier.label_costs(&ask.who, question, profile_type, step_ns, label).await?;
            let known = known(app, ask, question, profile_type, found.is_empty()).await?;
            Ok(heatmap_message::labels(&found, limit, &Frame { step_ns, unit: &unit, known }))
        }
        Some("values") => {
            only(ask, &["scale"])?;
            let scale = scale(ask.params.get("scale"), limit)?;
            let found = querier.distribution(&ask.who, question, profile_type, step_ns, scale).await?;
            let known = known(app, ask, question, profile_type, found.columns.is_empty()).await?;
            Ok(heatmap_message::values(&found, &Frame { step_ns, unit: &unit, known }))
        }
        Some(other) => Err(bad("bad-rows", format!("`of`: `{other}`; expected functions, label or values"))),
    }
}

async fn known(
    app: &App,
    ask: &Ask,
    question: &Question,
    profile_type: &ProfileType,
    empty: bool,
) -> Result<Knowledge, ApiError> {
    match empty {
        true => Ok(app.querier.knowledge(&ask.who, question, profile_type).await?),
        false => Ok(Knowledge::FULL),
    }
}

fn bad(kind: &'static str, detail: String) -> ApiError {
    ApiError::bad_request(kind, detail)
}

/// Refuses what belongs to another kind of rows: it would be ignored.
fn only(ask: &Ask, own: &[&str]) -> Result<(), ApiError> {
    let of_some = ["cost", "function", "label", "scale"];
    match of_some.iter().find(|name| ask.params.get(name).is_some() && !own.contains(name)) {
        Some(name) => {
            Err(bad("unknown-parameter", format!("`{name}` does not go with these rows; see `of`")))
        }
        None => Ok(()),
    }
}

fn limit(text: Option<&str>) -> Result<usize, ApiError> {
    let Some(text) = text else { return Ok(DEFAULT_ROWS) };
    let limit = text.parse().ok().filter(|limit| (1..=MAX_ROWS).contains(limit));
    limit.ok_or_else(|| {
        bad("bad-limit", format!("`limit`: `{text}` is not a whole number from 1 to {MAX_ROWS}"))
    })
}

fn cost(text: Option<&str>) -> Result<Cost, ApiError> {
    match text {
        None | Some("total") => Ok(Cost::Total),
        Some("self") => Ok(Cost::SelfValue),
        Some(other) => Err(bad("bad-cost", format!("`cost`: `{other}`; expected total or self"))),
    }
}

fn scale(text: Option<&str>, limit: usize) -> Result<BinScale, ApiError> {
    match text {
        None | Some("log") => Ok(BinScale::Log),
        Some("linear") => Ok(BinScale::Linear(limit as u32)),
        Some(other) => Err(bad("bad-scale", format!("`scale`: `{other}`; expected log or linear"))),
    }
}
