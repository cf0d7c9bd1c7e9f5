//! What a share is made of: the answer to a question, asked as the caller, or what a browser has read from a file.

use super::super::{call_tree, diff, heatmap};
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::http::ApiError;
use crate::http::extract::Ask;
use crate::query::{Question, focus};
use crate::sharing::ShareError;
use crate::sharing::evidence::{Evidence, EvidenceSide, GridRows};
use crate::sharing::facts;
use crate::sharing::payload::{Facts, SnapshotKind};
use crate::work::ANSWERS;
use axum::http::StatusCode;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::profile_type::ProfileType;
use flarepath_wire::shares::{CreateShareRequest, ShareSource};

/// What is to be frozen.
///
/// # Errors
/// As the routes answer that take the same question; 404 when there is nothing.
pub(super) async fn evidence(
    app: &App,
    who: &Principal,
    request: &mut CreateShareRequest,
) -> Result<Evidence, ApiError> {
    match (request.source.take(), request.local.take()) {
        (Some(source), None) => asked(app, who, &source).await,
        (None, Some(snapshot)) => Ok(ANSWERS.run(move || Evidence::of_file(snapshot)).await??),
        _ => Err(ApiError::bad_request("bad-source", "expected either `source` or, as protobuf, `local`")),
    }
}

async fn asked(app: &App, who: &Principal, source: &ShareSource) -> Result<Evidence, ApiError> {
    if !who.may(Permission::ReadProfiles) {
        let detail = "this needs the permission profiles:read, which you do not have here";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    let ask = |query: &str| Ask::written(who, query, app.clock.now_ns());
    match source.kind.as_str() {
        "explore" => {
            let (side, facts) = explored(app, &ask(&source.query)?, "").await?;
            Ok(Evidence { kind: SnapshotKind::Explore, sides: vec![side], grid: None, facts })
        }
        "compare" => compared(app, &ask(&source.query)?).await,
        "heatmap" => {
            let selection = match source.selection.is_empty() {
                true => None,
                false => Some(ask(&source.selection)?),
            };
            heat(app, &ask(&source.query)?, selection.as_ref()).await
        }
        _ => Err(ApiError::bad_request("bad-source", "`source.kind`: expected explore, compare or heatmap")),
    }
}

async fn explored(app: &App, ask: &Ask, label: &str) -> Result<(EvidenceSide, Facts), ApiError> {
    let question = ask.question(&call_tree::DOC)?;
    let profile_type = ask.profile_type()?;
    let path = call_tree::path(ask)?;
    let merged = app.querier.call_tree(&ask.who, &question, &profile_type).await?;
    if merged.profiles == 0 {
        return Err(ShareError::Empty.into());
    }
    let profiles = merged.profiles;
    let tree = ANSWERS.run(move || match path.is_empty() {
        true => Ok(merged.tree.clone()),
        false => focus(&merged.tree, &path),
    });
    let tree = tree.await?.map_err(|e| ShareError::Internal(format!("a stored tree is not one: {e}")))?;
    let facts = gathered(app, ask, &question, &profile_type).await?;
    Ok((side(label, &question, &profile_type, profiles, tree), facts))
}

async fn compared(app: &App, ask: &Ask) -> Result<Evidence, ApiError> {
    let comparison = ask.question(&diff::DOC)?;
    let baseline = ask.question_by(&diff::BASELINE, &diff::COMPARISON)?;
    let types = [ask.profile_type_or("baseline_type", "type")?, ask.profile_type()?];
    let found = app.querier.diff(&ask.who, (&baseline, &types[0]), (&comparison, &types[1])).await?;
    if found.iter().all(|side| side.merged.profiles == 0) {
        return Err(ShareError::Empty.into());
    }
    let facts = gathered(app, ask, &comparison, &types[1]).await?;
    let labels = ["baseline", "comparison"];
    let questions = [&baseline, &comparison];
    let sides = (0..2).map(|i| {
        let merged = &found[i].merged;
        side(labels[i], questions[i], &types[i], merged.profiles, merged.tree.clone())
    });
    Ok(Evidence { kind: SnapshotKind::Compare, sides: sides.collect(), grid: None, facts })
}

async fn heat(app: &App, ask: &Ask, selection: Option<&Ask>) -> Result<Evidence, ApiError> {
    let question = ask.question(&heatmap::DOC)?;
    let profile_type = ask.profile_type()?;
    let grid = heatmap::answer(app, ask, &question, &profile_type).await?;
    if grid.times_ms.is_empty() {
        return Err(ShareError::Empty.into());
    }
    let rows = match ask.params.get("of") {
        Some("label") => GridRows::Label(ask.params.get("label").unwrap_or_default().to_owned()),
        Some("values") => GridRows::Values,
        _ => GridRows::Functions,
    };
    let facts = gathered(app, ask, &question, &profile_type).await?;
    let side = match selection {
        Some(selection) => explored(app, selection, "selection").await?.0,
        // Where the grid is from; there is no tree to it.
        None => side("", &question, &profile_type, 0, CallTree::empty()),
    };
    Ok(Evidence { kind: SnapshotKind::Heatmap, sides: vec![side], grid: Some((grid, rows)), facts })
}

async fn gathered(
    app: &App,
    ask: &Ask,
    question: &Question,
    profile_type: &ProfileType,
) -> Result<Facts, ApiError> {
    let kept_ns = app.retention.as_ref().map(|r| i64::try_from(r.days.as_nanos()).unwrap_or(i64::MAX));
    Ok(facts::gather(&app.querier, &ask.who, question, profile_type, kept_ns).await?)
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
        range_ns: (question.range.start.0, question.range.end.0),
        profile_type: profile_type.to_string(),
        unit: profile_type.sample_unit.clone(),
        profiles,
        tree,
    }
}
