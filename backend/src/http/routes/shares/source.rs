//! Source of a share: the result of a query, run as the caller, or a file that the browser has read.

use super::super::{call_tree, heatmap};
use super::source_verdict::{Compared, change_above, compared};
use crate::app::App;
use crate::auth::{Permission, Principal};
use crate::config::StoreKind;
use crate::http::ApiError;
use crate::http::extract::QueryRequest;
use crate::problem::ProblemKind;
use crate::query::{Explored, Question, focus};
use crate::request_memory::Reservation;
use crate::sharing::ShareError;
use crate::sharing::evidence::{Evidence, EvidenceSide, GridRows};
use crate::sharing::facts::{self, Kept, Origin};
use crate::sharing::payload::{Facts, SnapshotKind, VERSION};
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
    let parse = |query: &str| QueryRequest::from_text(app, who, query);
    match source.kind.as_str() {
        "explore" => {
            let request = parse(&source.query)?;
            let side = explored(app, &request, "").await?;
            let verdict = change_above(app, &request).await?;
            Ok(Evidence { verdict, ..evidence_of(SnapshotKind::Explore, vec![side]) })
        }
        "compare" => comparison(app, &parse(&source.query)?).await,
        "heatmap" => {
            let selections = [&source.selection, &source.second_selection];
            let selections =
                selections.into_iter().filter(|query| !query.is_empty()).map(|query| parse(query));
            heat(app, &parse(&source.query)?, &selections.collect::<Result<Vec<_>, _>>()?).await
        }
        _ => {
            Err(ApiError::new(ProblemKind::BadSource, "`source.kind`: expected explore, compare or heatmap"))
        }
    }
}

/// Evidence of these sides; the facts about the last one are those about all.
fn evidence_of(kind: SnapshotKind, sides: Vec<EvidenceSide>) -> Evidence {
    let facts = sides.last().and_then(|side| side.facts.clone()).unwrap_or_default();
    Evidence {
        version: VERSION,
        kind,
        sides,
        grid: None,
        facts,
        verdict: None,
        chart: None,
        offsets: None,
        _memory: None,
    }
}

async fn explored(app: &App, request: &QueryRequest, label: &str) -> Result<EvidenceSide, ApiError> {
    let question = request.question(&call_tree::DOC)?;
    let profile_type = request.profile_type()?;
    let path = call_tree::path(request)?;
    let Explored { merged, profiles, .. } =
        request.store.querier.explored(&request.who, &question, &profile_type).await?;
    if profiles == 0 {
        return Err(ShareError::Empty.into());
    }
    let tree = ANSWERS.run(move || match path.is_empty() {
        true => Ok(merged.tree.clone()),
        false => focus(&merged.tree, &path),
    });
    let tree = tree.await?.map_err(|e| ShareError::Internal(format!("stored tree is corrupt: {e}")))?;
    side(app, request, label, (&question, &profile_type), (profiles, tree)).await
}

async fn comparison(app: &App, request: &QueryRequest) -> Result<Evidence, ApiError> {
    let Compared { questions, types, verdict } = compared(app, request).await?;
    let [of_baseline, of_comparison] = [(&questions[0], &types[0]), (&questions[1], &types[1])];
    let found = request.store.querier.diff(&request.who, of_baseline, of_comparison).await?;
    if found.iter().all(|side| side.merged.profiles == 0) {
        return Err(ShareError::Empty.into());
    }
    let mut sides = Vec::new();
    for (index, label) in ["baseline", "comparison"].into_iter().enumerate() {
        let Explored { merged, profiles, .. } = &found[index];
        let asked = (&questions[index], &types[index]);
        sides.push(side(app, request, label, asked, (*profiles, merged.tree.clone())).await?);
    }
    Ok(Evidence { verdict: Some(verdict), ..evidence_of(SnapshotKind::Compare, sides) })
}

async fn heat(app: &App, request: &QueryRequest, selections: &[QueryRequest]) -> Result<Evidence, ApiError> {
    let question = request.question(&heatmap::DOC)?;
    let profile_type = request.profile_type()?;
    let grid = heatmap::answer(request, &question, &profile_type).await?;
    if grid.times_ms.is_empty() {
        return Err(ShareError::Empty.into());
    }
    let rows = match request.params.get("of") {
        Some("label") => GridRows::Label(request.params.get("label").unwrap_or_default().to_owned()),
        Some("values") => GridRows::Values,
        _ => GridRows::Functions,
    };
    // Names the query of the grid; it has no tree.
    let whole = side(app, request, "", (&question, &profile_type), (0, CallTree::empty())).await?;
    let facts = whole.facts.clone().unwrap_or_default();
    let mut sides = Vec::new();
    for (selection, label) in selections.iter().zip(selection_labels(selections.len())) {
        sides.push(explored(app, selection, label).await?);
    }
    if sides.is_empty() {
        sides.push(whole);
    }
    Ok(Evidence { grid: Some((grid, rows)), facts, ..evidence_of(SnapshotKind::Heatmap, sides) })
}

/// What selections are called: `selection` if there is one.
fn selection_labels(count: usize) -> &'static [&'static str] {
    if count == 1 { &["selection"] } else { &["first selection", "second selection"] }
}

/// A side, with the facts about it, which are queried as its creator.
async fn side(
    app: &App,
    request: &QueryRequest,
    label: &str,
    (question, profile_type): (&Question, &ProfileType),
    (profiles, tree): (u64, CallTree),
) -> Result<EvidenceSide, ApiError> {
    let facts = gathered(app, request, question, profile_type).await?;
    let covered = request.store.querier.covered(&request.who, question, profile_type).await?;
    Ok(EvidenceSide {
        label: label.to_owned(),
        selector: question.selector.to_string(),
        range: (question.range.start, question.range.end),
        profile_type: profile_type.to_string(),
        unit: profile_type.sample_unit.clone(),
        profiles,
        tree,
        covered_ns: covered.replica_ns,
        facts: Some(facts),
    })
}

async fn gathered(
    app: &App,
    request: &QueryRequest,
    question: &Question,
    profile_type: &ProfileType,
) -> Result<Facts, ApiError> {
    Ok(facts::gather(&request.store.querier, &request.who, question, profile_type, origin(app, request))
        .await?)
}

/// The store of a request, as a snapshot names it.
fn origin(app: &App, request: &QueryRequest) -> Origin {
    let store = &request.store;
    let kept = match (store.open.kind, &app.retention) {
        (StoreKind::Embedded, Some(kept)) => {
            Kept::For(i64::try_from(kept.days.as_nanos()).unwrap_or(i64::MAX))
        }
        (StoreKind::Embedded, None) => Kept::Forever,
        _ => Kept::Unknown,
    };
    let version = store.open.health().and_then(|health| health.version).unwrap_or_default();
    Origin { store: store.name().to_owned(), kind: store.open.kind.name(), version, kept }
}
