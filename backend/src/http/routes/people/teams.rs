//! `/api/v1/teams`

use crate::app::App;
use crate::auth::{Permission, teams};
use crate::db::audit::Actor;
use crate::db::id::{TeamId, UserId};
use crate::db::teams::{MemberRow, TeamRow};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::{Format, JsonBody};
use crate::http::router::{BodyLimit, Route};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post, put};
use flarepath_wire::access::{Member, Team, TeamDraft, TeamsResponse};
use std::sync::Arc;

const TEAM: Param = Param::path("id", "Id of the team", "01h455vb4pex5vsknk084sn02q");
const USER: Param = Param::path("user", "Id of the user", "01h455vb4pex5vsknk084sn02r");
const JSON: &[&str] = &["application/json"];
const WRONG: &[(u16, &str)] = &[
    (400, "The name or the selector cannot be kept."),
    (404, "There is no such team."),
    (409, "There is a team of this name already."),
];
const MISSING: &[(u16, &str)] =
    &[(404, "There is no such team or user."), (409, "Nobody would be administrator any more.")];

pub(crate) fn routes() -> Vec<Route> {
    let line = |method, path, handler: MethodRouter<Arc<App>>, doc| Route {
        method,
        path,
        permission: Permission::ManagePeople,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    let doc = |summary| Doc::new("Teams and roles", summary);
    let member = |summary| Doc { params: &[TEAM, USER], errors: MISSING, ..doc(summary) };
    vec![
        line(
            "GET",
            "/api/v1/teams",
            get(list),
            Doc {
                answer: Answer::Message("TeamsResponse"),
                errors: &[(406, "Neither JSON nor protobuf is acceptable to the caller")],
                example: "/api/v1/teams",
                ..doc("Teams and who is in them")
            },
        ),
        line(
            "POST",
            "/api/v1/teams",
            post(create),
            Doc {
                description: "A team is people and the profiles that are theirs, by a selector.",
                body: JSON,
                answer: Answer::Message("Team"),
                errors: WRONG,
                ..doc("Make a team")
            },
        ),
        line(
            "PUT",
            "/api/v1/teams/{id}",
            put(update),
            Doc {
                description: "Bindings to the team's profiles follow the new selector at once.",
                params: &[TEAM],
                body: JSON,
                answer: Answer::Message("Team"),
                errors: WRONG,
                ..doc("Change a team")
            },
        ),
        line(
            "DELETE",
            "/api/v1/teams/{id}",
            delete(remove),
            Doc {
                description: "With all bindings that speak of it.",
                params: &[TEAM],
                errors: MISSING,
                ..doc("Remove a team")
            },
        ),
        line("PUT", "/api/v1/teams/{id}/members/{user}", put(add_member), member("Put a user into a team")),
        line(
            "DELETE",
            "/api/v1/teams/{id}/members/{user}",
            delete(remove_member),
            member("Take a user out of a team"),
        ),
    ]
}

async fn list(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let (teams, members) = (app.records.teams().await?, app.records.team_members().await?);
    let teams = teams.into_iter().map(|team| message(team, &members)).collect();
    Ok(format.respond(&TeamsResponse { teams }))
}

async fn create(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    JsonBody(draft): JsonBody<TeamDraft>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let team = teams::create(&app.records, &actor, &draft.name, &draft.selector).await?;
    Ok(format.respond(&message(team, &[])))
}

async fn update(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<TeamId>,
    headers: HeaderMap,
    JsonBody(draft): JsonBody<TeamDraft>,
) -> Result<Response, ApiError> {
    let format = Format::accepted(&headers)?;
    let team = teams::update(&app.records, &actor, &id, &draft.name, &draft.selector).await?;
    Ok(format.respond(&message(team, &app.records.team_members().await?)))
}

async fn remove(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path(id): Path<TeamId>,
) -> Result<StatusCode, ApiError> {
    teams::delete(&app.records, &actor, &id).await?;
    Ok(StatusCode::OK)
}

async fn add_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((id, user)): Path<(TeamId, UserId)>,
) -> Result<StatusCode, ApiError> {
    teams::add_member(&app.records, &actor, &id, &user).await?;
    Ok(StatusCode::OK)
}

async fn remove_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    Path((id, user)): Path<(TeamId, UserId)>,
) -> Result<StatusCode, ApiError> {
    teams::remove_member(&app.records, &actor, &id, &user).await?;
    Ok(StatusCode::OK)
}

/// `members` may be those of other teams too.
fn message(team: TeamRow, members: &[MemberRow]) -> Team {
    let member = |row: &MemberRow| Member {
        user_id: row.user_id.to_string(),
        name: row.user_name.clone(),
        source: row.source.clone(),
    };
    Team {
        members: members.iter().filter(|row| row.team_id == team.id).map(member).collect(),
        id: team.id.into(),
        name: team.name,
        selector: team.selector,
        created_at_ns: team.created_at,
    }
}
