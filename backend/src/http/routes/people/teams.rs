//! `/api/v1/teams`: teams and their members.

use crate::app::App;
use crate::auth::{Permission, teams};
use crate::db::id::{TeamId, UserId};
use crate::db::teams::{MemberRow, TeamRow};
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc, Param, RequestBody};
use crate::http::extract::{Caller, Format, JsonBody, Path};
use crate::http::route::Route;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use flarepath_wire::access::{Member, Team, TeamDraft, TeamsResponse};
use std::sync::Arc;

const TEAM: Param = Param::id("id", "Id of the team");
const USER: Param = Param::id("user", "Id of the user");
const WRONG: &[(u16, &str)] =
    &[(400, "The name or the selector is invalid"), (404, "No such team"), (409, "The name is taken")];
const MISSING: &[(u16, &str)] = &[(404, "No such team or user"), (409, "No administrator would be left")];

pub(crate) fn routes() -> Vec<Route> {
    let doc = |summary| Doc::new("Teams and roles", summary);
    let member = |summary| Doc { params: &[TEAM, USER], errors: MISSING, ..doc(summary) };
    vec![
        Route::get("/api/v1/teams", list).needs(Permission::ManagePeople).doc(Doc {
            answer: Answer::Message("TeamsResponse"),
            example: "/api/v1/teams",
            ..doc("List teams and their members")
        }),
        Route::post("/api/v1/teams", create).needs(Permission::ManagePeople).doc(Doc {
            description: "A team consists of members and a selector for its profiles.",
            body: &[RequestBody::Json("TeamDraft")],
            answer: Answer::Message("Team"),
            errors: WRONG,
            ..doc("Create a team")
        }),
        Route::put("/api/v1/teams/{id}", update).needs(Permission::ManagePeople).doc(Doc {
            description: "Bindings to the team's profiles use the new selector immediately.",
            params: &[TEAM],
            body: &[RequestBody::Json("TeamDraft")],
            answer: Answer::Message("Team"),
            errors: WRONG,
            ..doc("Update a team")
        }),
        Route::delete("/api/v1/teams/{id}", remove).needs(Permission::ManagePeople).doc(Doc {
            description: "Deletes all bindings that refer to it too.",
            params: &[TEAM],
            errors: MISSING,
            ..doc("Delete a team")
        }),
        Route::put("/api/v1/teams/{id}/members/{user}", add_member)
            .needs(Permission::ManagePeople)
            .doc(member("Add a member to a team")),
        Route::delete("/api/v1/teams/{id}/members/{user}", remove_member)
            .needs(Permission::ManagePeople)
            .doc(member("Remove a member from a team")),
    ]
}

async fn list(State(app): State<Arc<App>>, format: Format) -> Result<Response, ApiError> {
    let (teams, members) = (app.records.teams().await?, app.records.team_members().await?);
    let teams = teams.into_iter().map(|team| message(team, &members)).collect();
    Ok(format.respond(&TeamsResponse { teams }))
}

async fn create(
    Caller { app, actor, .. }: Caller,
    format: Format,
    JsonBody(draft): JsonBody<TeamDraft>,
) -> Result<Response, ApiError> {
    let team = teams::create(&app.records, &actor, &draft.name, &draft.selector).await?;
    Ok(format.respond(&message(team, &[])))
}

async fn update(
    Caller { app, actor, .. }: Caller,
    Path(id): Path<TeamId>,
    format: Format,
    JsonBody(draft): JsonBody<TeamDraft>,
) -> Result<Response, ApiError> {
    let team = teams::update(&app.records, &actor, &id, &draft.name, &draft.selector).await?;
    Ok(format.respond(&message(team, &app.records.team_members().await?)))
}

async fn remove(Caller { app, actor, .. }: Caller, Path(id): Path<TeamId>) -> Result<StatusCode, ApiError> {
    teams::delete(&app.records, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add_member(
    Caller { app, actor, .. }: Caller,
    Path((id, user)): Path<(TeamId, UserId)>,
) -> Result<StatusCode, ApiError> {
    teams::add_member(&app.records, &actor, &id, &user).await?;
    Ok(StatusCode::OK)
}

async fn remove_member(
    Caller { app, actor, .. }: Caller,
    Path((id, user)): Path<(TeamId, UserId)>,
) -> Result<StatusCode, ApiError> {
    teams::remove_member(&app.records, &actor, &id, &user).await?;
    Ok(StatusCode::NO_CONTENT)
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
        created_at_ns: team.created_at.0,
    }
}
