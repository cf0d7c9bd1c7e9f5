//! Role bindings: which subject has which role over which profiles.

use super::audit::Actor;
use super::id::{BindingId, PrincipalId, ServiceAccountId, SubjectId, TeamId, UserId};
use super::row::{from_row, insert, row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;

/// A role binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindingRow {
    /// The binding's id.
    pub id: BindingId,
    /// `user`, `team` or `service_account`.
    pub subject_kind: String,
    /// Id of the subject.
    pub subject_id: SubjectId,
    /// `viewer`, `editor`, `admin` or `agent`.
    pub role: String,
    /// `org`, `team` or `selector`.
    pub scope_kind: String,
    /// Empty, the id of the team, or the selector.
    pub scope: String,
    /// `manual`, `oidc` or `proxy`.
    pub source: String,
    /// Who created it.
    pub created_by: PrincipalId,
    /// Creation time.
    pub created_at: UnixNanos,
}

row!(BindingRow: id, subject_kind, subject_id, role, scope_kind, scope, source, created_by, created_at);

/// A role and its scope, as granted by a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GrantRow {
    /// Name of the role.
    pub(crate) role: String,
    /// `org`, `team` or `selector`.
    pub(crate) scope_kind: String,
    /// The selector, or the team's selector; `None` if the team no longer exists.
    pub(crate) selector: Option<String>,
    /// The team of the scope, if it is one.
    pub(crate) team_id: Option<TeamId>,
    /// Name of this team.
    pub(crate) team_name: Option<String>,
}

from_row!(GrantRow: role, scope_kind, selector, team_id, team_name);

/// Who gets the role of a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    User(UserId),
    Team(TeamId),
    ServiceAccount(ServiceAccountId),
}

impl Subject {
    /// The name of its kind in records and messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Subject::User(_) => "user",
            Subject::Team(_) => "team",
            Subject::ServiceAccount(_) => "service_account",
        }
    }

    fn id(&self) -> &str {
        match self {
            Subject::User(id) => id.as_str(),
            Subject::Team(id) => id.as_str(),
            Subject::ServiceAccount(id) => id.as_str(),
        }
    }
}

/// Which profiles a binding covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BindingScope {
    /// The whole organisation.
    Org,
    /// The profiles of a team.
    Team(TeamId),
    /// Profiles that match a selector.
    Selector(String),
}

impl BindingRow {
    /// A new binding of the role named `role`, created by `actor`; `source` is `manual`, `oidc` or `proxy`.
    pub(crate) fn new(
        actor: &Actor,
        subject: &Subject,
        role: &str,
        scope: BindingScope,
        source: &str,
    ) -> BindingRow {
        let (scope_kind, scope) = match scope {
            BindingScope::Org => ("org", String::new()),
            BindingScope::Team(id) => ("team", id.into()),
            BindingScope::Selector(text) => ("selector", text),
        };
        BindingRow {
            id: BindingId::random(),
            subject_kind: subject.kind().to_owned(),
            subject_id: subject.id().into(),
            role: role.to_owned(),
            scope_kind: scope_kind.to_owned(),
            scope,
            source: source.to_owned(),
            created_by: actor.id.clone(),
            created_at: actor.at,
        }
    }
}

macro_rules! grants {
    ($rest:literal) => {
        concat!(
            "SELECT b.role, b.scope_kind, \
                    CASE WHEN b.scope_kind = 'team' THEN t.selector ELSE b.scope END AS selector, t.id AS team_id, \
                    t.name AS team_name \
             FROM bindings b LEFT JOIN teams t ON b.scope_kind = 'team' AND t.id = b.scope ",
            $rest
        )
    };
}

impl Records {
    /// All bindings, oldest first.
    pub async fn bindings(&self) -> Result<Vec<BindingRow>, DbError> {
        Ok(select("FROM bindings ORDER BY created_at, id").fetch_all(&self.pool).await?)
    }

    /// Grants of a user, those of the user's teams included.
    pub(crate) async fn grants_of_user(&self, user_id: &UserId) -> Result<Vec<GrantRow>, DbError> {
        let rows = sqlx::query_as(grants!(
            "WHERE (b.subject_kind = 'user' AND b.subject_id = $1) \
                OR (b.subject_kind = 'team' \
                    AND b.subject_id IN (SELECT m.team_id FROM team_members m WHERE m.user_id = $1))"
        ));
        Ok(rows.bind(user_id).fetch_all(&self.pool).await?)
    }

    /// Grants of a service account.
    pub(crate) async fn grants_of_service_account(
        &self,
        id: &ServiceAccountId,
    ) -> Result<Vec<GrantRow>, DbError> {
        let rows = sqlx::query_as(grants!("WHERE b.subject_kind = 'service_account' AND b.subject_id = $1"));
        Ok(rows.bind(id).fetch_all(&self.pool).await?)
    }
}

impl Change {
    /// The binding with this id.
    pub async fn binding(&mut self, id: &BindingId) -> Result<Option<BindingRow>, DbError> {
        Ok(select("FROM bindings WHERE id = $1").bind(id).fetch_optional(self.connection()).await?)
    }

    /// Whether the same role is bound to the same subject over the same scope, from whatever source.
    pub(crate) async fn has_binding(&mut self, like: &BindingRow) -> Result<bool, DbError> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM bindings WHERE subject_kind = $1 AND subject_id = $2 AND role = $3 \
             AND scope_kind = $4 AND scope = $5",
        );
        let bound = count.bind(&like.subject_kind).bind(&like.subject_id).bind(&like.role);
        let count: i64 = bound.bind(&like.scope_kind).bind(&like.scope).fetch_one(self.connection()).await?;
        Ok(count > 0)
    }

    /// Inserts a binding.
    pub async fn insert_binding(&mut self, binding: &BindingRow) -> Result<(), DbError> {
        self.run(insert("bindings", binding, &[], "")).await.map(drop)
    }

    /// Deletes a binding. False for an unknown id.
    pub async fn delete_binding(&mut self, id: &BindingId) -> Result<bool, DbError> {
        let delete = sqlx::query("DELETE FROM bindings WHERE id = $1").bind(id);
        Ok(self.run(delete).await? == 1)
    }

    /// Deletes all bindings of a subject.
    pub(crate) async fn delete_bindings_of(&mut self, subject: &Subject) -> Result<(), DbError> {
        let delete = sqlx::query("DELETE FROM bindings WHERE subject_kind = $1 AND subject_id = $2");
        self.run(delete.bind(subject.kind()).bind(subject.id())).await.map(drop)
    }

    /// Whether the user, team or service account exists.
    pub(crate) async fn has_subject(&mut self, subject: &Subject) -> Result<bool, DbError> {
        let statement = match subject {
            Subject::User(_) => "SELECT COUNT(*) FROM users WHERE id = $1",
            Subject::Team(_) => "SELECT COUNT(*) FROM teams WHERE id = $1",
            Subject::ServiceAccount(_) => "SELECT COUNT(*) FROM service_accounts WHERE id = $1",
        };
        let count: i64 =
            sqlx::query_scalar(statement).bind(subject.id()).fetch_one(self.connection()).await?;
        Ok(count > 0)
    }

    /// How many enabled users are administrators of the organisation, by a binding of their own or of a team.
    pub async fn count_administrators(&mut self) -> Result<i64, DbError> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM users u WHERE u.disabled_at IS NULL AND EXISTS ( \
                SELECT 1 FROM bindings b WHERE b.role = 'admin' AND b.scope_kind = 'org' AND ( \
                    (b.subject_kind = 'user' AND b.subject_id = u.id) \
                    OR (b.subject_kind = 'team' AND EXISTS ( \
                        SELECT 1 FROM team_members m WHERE m.team_id = b.subject_id AND m.user_id = u.id))))",
        );
        Ok(count.fetch_one(self.connection()).await?)
    }
}
