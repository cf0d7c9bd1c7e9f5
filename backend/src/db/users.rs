//! User accounts.

use super::id::UserId;
use super::row::{insert, row, select};
use super::{Change, DbError, Records};
use flarepath_profile::unix_nanos::UnixNanos;
use secrecy::{ExposeSecret, SecretString};

/// A user.
#[derive(Clone, Debug)]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// The name to sign in with: lower case, unique.
    pub(crate) name: String,
    /// The name shown to other users.
    pub(crate) display_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Password hash (PHC string); `None` for users who sign in elsewhere or have not set one yet.
    pub password: Option<SecretString>,
    /// Creation time.
    pub(crate) created_at: UnixNanos,
    /// When the account was disabled.
    pub disabled_at: Option<UnixNanos>,
    /// Time of the last sign-in.
    pub(crate) signed_in_at: Option<UnixNanos>,
}

impl User {
    /// A new user without password and e-mail address.
    pub(crate) fn new(name: String, display_name: String, created_at: UnixNanos) -> User {
        User {
            id: UserId::random(),
            name,
            display_name,
            email: None,
            password: None,
            created_at,
            disabled_at: None,
            signed_in_at: None,
        }
    }
}

row!(User: id, name, display_name, email, password, created_at, disabled_at, signed_in_at);

impl Records {
    /// All users, by name.
    pub async fn users(&self) -> Result<Vec<User>, DbError> {
        Ok(select("FROM users ORDER BY name").fetch_all(&self.pool).await?)
    }

    /// The user with this id.
    pub(crate) async fn user(&self, id: &UserId) -> Result<Option<User>, DbError> {
        Ok(select("FROM users WHERE id = $1").bind(id).fetch_optional(&self.pool).await?)
    }

    /// The user with this lower-case name.
    pub async fn user_by_name(&self, name: &str) -> Result<Option<User>, DbError> {
        Ok(select("FROM users WHERE name = $1").bind(name).fetch_optional(&self.pool).await?)
    }
}

impl Change {
    /// The user with this id, within the transaction.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown id.
    pub async fn user(&mut self, id: &UserId) -> Result<User, DbError> {
        Ok(select("FROM users WHERE id = $1").bind(id).fetch_one(self.connection()).await?)
    }

    /// Inserts a user.
    ///
    /// # Errors
    /// [`DbError::Conflict`] when the name is taken.
    pub(crate) async fn insert_user(&mut self, user: &User) -> Result<(), DbError> {
        self.run(insert("users", user, &[], "")).await.map(drop)
    }

    /// Writes display name, e-mail address and the disabled state.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown id.
    pub async fn update_user(&mut self, user: &User) -> Result<(), DbError> {
        let update =
            sqlx::query("UPDATE users SET display_name = $2, email = $3, disabled_at = $4 WHERE id = $1");
        let update = update.bind(&user.id).bind(&user.display_name).bind(user.email.as_deref());
        exactly_one(self.run(update.bind(user.disabled_at.map(|at| at.0))).await?)
    }

    /// Sets the password hash.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown id.
    pub(crate) async fn set_password(&mut self, id: &UserId, hash: &SecretString) -> Result<(), DbError> {
        let update = sqlx::query("UPDATE users SET password = $2 WHERE id = $1");
        exactly_one(self.run(update.bind(id).bind(hash.expose_secret())).await?)
    }

    /// Records a sign-in.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown id or a disabled account.
    pub(crate) async fn user_signed_in(&mut self, id: &UserId, now: UnixNanos) -> Result<(), DbError> {
        let update = sqlx::query("UPDATE users SET signed_in_at = $2 WHERE id = $1 AND disabled_at IS NULL");
        exactly_one(self.run(update.bind(id).bind(now.0)).await?)
    }
}

fn exactly_one(rows: u64) -> Result<(), DbError> {
    if rows == 1 { Ok(()) } else { Err(DbError::Missing) }
}
