//! Source of a share: the result of a query, run as the caller, or a file that the browser has read.

use super::super::{call_tree, diff, heatmap};
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::http::ApiError;
use crate::http::extract::QueryRequest;
use crate::problem::ProblemKind;
use crate::query::{Question, focus};
use crate::request_memory::Reservation;
use crate::sharing::ShareError;
use crate::sharing::evidence::{Evidence, EvidenceSide, GridRows};
use crate::sharing::facts;
use crate::sharing::payload::{Facts, SnapshotKind};
use crate::work::ANSWERS;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::profile_type::ProfileType;
use flarepath_wire::shares::{CreateShareRequest, ShareSource};

/// Gathers the content of a share.
///
/// # Errors
/// Those of the query's own route; 404 when no profile matches.
pub(super) async fn evidence(
    app: &App,
    who: &Principal,
    request: &mut CreateShareRequest,
    memory: Reservation,
) -> Result<Evidence, ApiError> {
    match (request.source.take(), request.local.take()) {
        (Some(source), None) => from_query(app, who, &source).await,
        (None, Some(snapshot)) => Ok(ANSWERS.run(move || Evidence::of_file(snapshot, memory)).await??),
        _ => Err(ApiError::new(ProblemKind::BadSource, "expected either `source` or, in protobuf, `local`")),
    }
}

async fn from_query(app: &App, who: &Principal, source: &ShareSource) -> Result<Evidence, ApiError> {
    if !who.may(Permission::ReadProfiles) {
        let detail = "this requires the permission profiles:read, which you do not have";
        return Err(ApiError::new(ProblemKind::Forbidden, detail));
    }
    let parse = |query: &str| QueryRequest::from_text(who, query, app.clock.now());
    match source.kind.as_str() {
        "explore" => {
            let (side, facts) = explored(app, &parse(&source.query)?, "").await?;
            Ok(Evidence { kind: SnapshotKind::Explore, sides: vec![side], grid: None, facts, _memory: None })
        }
        "compare" => compared(app, &parse(&source.query)?).await,
        "heatmap" => {
            let selection = match source.selection.is_empty() {
                true => None,
                false => Some(parse(&source.selection)?),
            };
            heat(app, &parse(&source.query)?, selection.as_ref()).await
        }
        _ => {
            Err(ApiError::new(ProblemKind::BadSource, "`source.kind`: expected explore, compare or heatmap"))
        }
    }
}

async fn explored(app: &App, request: &QueryRequest, label: &str) -> Result<(EvidenceSide, Facts), ApiError> {
    let question = request.question(&call_tree::DOC)?;
    let profile_type = request.profile_type()?;
    let path = call_tree::path(request)?;
    let merged = app.querier.call_tree(&request.who, &question, &profile_type).await?;
    if merged.profiles == 0 {
        return Err(ShareError::Empty.into());
    }
    let profiles = merged.profiles;
    let tree = ANSWERS.run(move || match path.is_empty() {
        true => Ok(merged.tree.clone()),
        false => focus(&merged.tree, &path),
    });
    let tree = tree.await?.map_err(|e| ShareError::Internal(format!("stored tree is corrupt: {e}")))?;
    let facts = gathered(app, request, &question, &profile_type).await?;
    Ok((side(label, &question, &profile_type, profiles, tree), facts))
}

async fn compared(app: &App, request: &QueryRequest) -> Result<Evidence, ApiError> {
    let comparison = request.question(&diff::DOC)?;
    let baseline = request.question_by(&diff::BASELINE, &diff::COMPARISON)?;
    let types = [request.profile_type_or("baseline_type", "type")?, request.profile_type()?];
    let found = app.querier.diff(&request.who, (&baseline, &types[0]), (&comparison, &types[1])).await?;
    if found.iter().all(|side| side.merged.profiles == 0) {
        return Err(ShareError::Empty.into());
    }
    let facts = gathered(app, request, &comparison, &types[1]).await?;
    let labels = ["baseline", "comparison"];
    let questions = [&baseline, &comparison];
    let sides = (0..2).map(|i| {
        let merged = &found[i].merged;
        side(labels[i], questions[i], &types[i], merged.profiles, merged.tree.clone())
    });
    Ok(Evidence { kind: SnapshotKind::Compare, sides: sides.collect(), grid: None, facts, _memory: None })
}

async fn heat(
    app: &App,
    request: &QueryRequest,
    selection: Option<&QueryRequest>,
) -> Result<Evidence, ApiError> {
    let question = request.question(&heatmap::DOC)?;
    let profile_type = request.profile_type()?;
    let grid = heatmap::answer(app, request, &question, &profile_type).await?;
    if grid.times_ms.is_empty() {
        return Err(ShareError::Empty.into());
    }
    let rows = match request.params.get("of") {
        Some("label") => GridRows::Label(request.params.get("label").unwrap_or_default().to_owned()),
        Some("values") => GridRows::Values,
        _ => GridRows::Functions,
    };
    let facts = gathered(app, request, &question, &profile_type).await?;
    let side = match selection {
        Some(selection) => explored(app, selection, "selection").await?.0,
        // Names the query of the grid; it has no tree.
        None => side("", &question, &profile_type, 0, CallTree::empty()),
    };
    Ok(Evidence {
        kind: SnapshotKind::Heatmap,
        sides: vec![side],
        grid: Some((grid, rows)),
        facts,
        _memory: None,
    })
}

async fn gathered(
    app: &App,
    request: &QueryRequest,
    question: &Question,
    profile_type: &ProfileType,
) -> Result<Facts, ApiError> {
    let kept_ns = app.retention.as_ref().map(|r| i64::try_from(r.days.as_nanos()).unwrap_or(i64::MAX));
    Ok(facts::gather(&app.querier, &request.who, question, profile_type, kept_ns).await?)
}

fn side(
    label: &str,
    question: &Question,
    profile_type: &ProfileType,
    profiles: u64,
    tree: CallTree,
) -> EvidenceSide {
    EvidenceSide {
        label: label.to_owned(),
        selector: question.selector.to_string(),
        range: (question.range.start, question.range.end),
        profile_type: profile_type.to_string(),
        unit: profile_type.sample_unit.clone(),
        profiles,
        tree,
    }
}
