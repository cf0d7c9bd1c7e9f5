//! Teams and their members.

use super::id::{TeamId, UserId};
use super::row::{from_row, insert, row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRow {
    /// The team's id.
    pub id: TeamId,
    /// Name, unique.
    pub name: String,
    /// The profiles that belong to the team.
    pub selector: String,
    /// Creation time.
    pub created_at: UnixNanos,
}

row!(TeamRow: id, name, selector, created_at);

/// A user in a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MemberRow {
    pub(crate) team_id: TeamId,
    pub(crate) user_id: UserId,
    /// The user's name.
    pub(crate) user_name: String,
    /// `manual` or `oidc`.
    pub(crate) source: String,
}

from_row!(MemberRow: team_id, user_id, user_name, source);

impl Records {
    /// All teams, by name.
    pub async fn teams(&self) -> Result<Vec<TeamRow>, DbError> {
        Ok(select("FROM teams ORDER BY name").fetch_all(&self.pool).await?)
    }

    /// Members of all teams, by name.
    pub(crate) async fn team_members(&self) -> Result<Vec<MemberRow>, DbError> {
        let rows = sqlx::query_as(
            "SELECT m.team_id, m.user_id, u.name AS user_name, m.source \
             FROM team_members m JOIN users u ON u.id = m.user_id ORDER BY m.team_id, u.name",
        );
        Ok(rows.fetch_all(&self.pool).await?)
    }

    /// Ids of the teams of a user, sorted.
    pub async fn teams_of(&self, user_id: &UserId) -> Result<Vec<TeamId>, DbError> {
        let ids = sqlx::query_scalar("SELECT team_id FROM team_members WHERE user_id = $1 ORDER BY team_id");
        Ok(ids.bind(user_id).fetch_all(&self.pool).await?)
    }

    /// Names of the teams of a user, sorted.
    pub(crate) async fn team_names_of(&self, user_id: &UserId) -> Result<Vec<String>, DbError> {
        let names = sqlx::query_scalar(
            "SELECT t.name FROM teams t JOIN team_members m ON m.team_id = t.id WHERE m.user_id = $1 ORDER BY t.name",
        );
        Ok(names.bind(user_id).fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// The team with this id.
    pub async fn team(&mut self, id: &TeamId) -> Result<Option<TeamRow>, DbError> {
        Ok(select("FROM teams WHERE id = $1").bind(id).fetch_optional(self.connection()).await?)
    }

    /// Inserts a team.
    ///
    /// # Errors
    /// [`DbError::Conflict`] when the name is taken.
    pub async fn insert_team(&mut self, team: &TeamRow) -> Result<(), DbError> {
        self.run(insert("teams", team, &[], "")).await.map(drop)
    }

    /// Writes the name and selector of a team.
    ///
    /// # Errors
    /// [`DbError::Conflict`] when the name is taken.
    pub(crate) async fn update_team(&mut self, team: &TeamRow) -> Result<(), DbError> {
        let update = sqlx::query("UPDATE teams SET name = $2, selector = $3 WHERE id = $1");
        self.run(update.bind(&team.id).bind(&team.name).bind(&team.selector)).await.map(drop)
    }

    /// Deletes a team with its memberships and every binding that names it as subject or scope.
    pub(crate) async fn delete_team(&mut self, id: &TeamId) -> Result<(), DbError> {
        for statement in [
            "DELETE FROM bindings WHERE (subject_kind = 'team' AND subject_id = $1) OR (scope_kind = 'team' AND scope = $1)",
            "DELETE FROM team_members WHERE team_id = $1",
            "DELETE FROM teams WHERE id = $1",
        ] {
            self.run(sqlx::query(statement).bind(id)).await?;
        }
        Ok(())
    }

    /// Ids of the users in a team.
    pub(crate) async fn members_of(&mut self, team_id: &TeamId) -> Result<Vec<UserId>, DbError> {
        let ids = sqlx::query_scalar("SELECT user_id FROM team_members WHERE team_id = $1 ORDER BY user_id");
        Ok(ids.bind(team_id).fetch_all(self.connection()).await?)
    }

    /// Adds a user to a team. False if the user is a member already, from whatever source.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown team or user.
    pub(crate) async fn add_member(
        &mut self,
        team_id: &TeamId,
        user_id: &UserId,
        source: &str,
    ) -> Result<bool, DbError> {
        let insert = sqlx::query(
            "INSERT INTO team_members (team_id, user_id, source) VALUES ($1, $2, $3) \
             ON CONFLICT (team_id, user_id) DO NOTHING",
        );
        Ok(self.run(insert.bind(team_id).bind(user_id).bind(source)).await? == 1)
    }

    /// Removes a user from a team. False if the user was not a member.
    pub(crate) async fn remove_member(
        &mut self,
        team_id: &TeamId,
        user_id: &UserId,
    ) -> Result<bool, DbError> {
        let delete = sqlx::query("DELETE FROM team_members WHERE team_id = $1 AND user_id = $2");
        Ok(self.run(delete.bind(team_id).bind(user_id)).await? == 1)
    }
}
