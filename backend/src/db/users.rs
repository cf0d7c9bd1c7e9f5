//! User accounts.

use super::id::UserId;
use super::{Change, DbError, Records};
use secrecy::{ExposeSecret, SecretString};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A user. Times are nanoseconds since the epoch.
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
    pub(crate) created_at: i64,
    /// When the account was disabled.
    pub disabled_at: Option<i64>,
    /// Time of the last sign-in.
    pub(crate) signed_in_at: Option<i64>,
}

impl User {
    /// A new user without password and e-mail address.
    pub(crate) fn new(name: String, display_name: String, created_at: i64) -> User {
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

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, display_name, email, password, created_at, disabled_at, signed_in_at FROM users ",
            $rest
        )
    };
}

fn user(row: &AnyRow) -> Result<User, sqlx::Error> {
    Ok(User {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        display_name: row.try_get(2)?,
        email: row.try_get(3)?,
        password: row.try_get::<Option<String>, _>(4)?.map(SecretString::from),
        created_at: row.try_get(5)?,
        disabled_at: row.try_get(6)?,
        signed_in_at: row.try_get(7)?,
    })
}

impl Records {
    /// All users, by name.
    pub async fn users(&self) -> Result<Vec<User>, DbError> {
        let rows = sqlx::query(select!("ORDER BY name")).fetch_all(&self.pool).await?;
        Ok(rows.iter().map(user).collect::<Result<_, _>>()?)
    }

    /// The user with this id.
    pub(crate) async fn user(&self, id: &UserId) -> Result<Option<User>, DbError> {
        let row = sqlx::query(select!("WHERE id = $1")).bind(id).fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(user).transpose()?)
    }

    /// The user with this lower-case name.
    pub async fn user_by_name(&self, name: &str) -> Result<Option<User>, DbError> {
        let row = sqlx::query(select!("WHERE name = $1")).bind(name).fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(user).transpose()?)
    }
}

impl Change {
    /// The user with this id, within the transaction.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown id.
    pub async fn user(&mut self, id: &UserId) -> Result<User, DbError> {
        let row = sqlx::query(select!("WHERE id = $1")).bind(id).fetch_one(self.connection()).await?;
        Ok(user(&row)?)
    }

    /// Inserts a user.
    ///
    /// # Errors
    /// [`DbError::Conflict`] when the name is taken.
    pub(crate) async fn insert_user(&mut self, user: &User) -> Result<(), DbError> {
        let insert = sqlx::query(
            "INSERT INTO users (id, name, display_name, email, password, created_at, disabled_at, signed_in_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        );
        let password = user.password.as_ref().map(|hash| hash.expose_secret().to_owned());
        insert
            .bind(&user.id)
            .bind(&user.name)
            .bind(&user.display_name)
            .bind(user.email.as_deref())
            .bind(password)
            .bind(user.created_at)
            .bind(user.disabled_at)
            .bind(user.signed_in_at)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Writes display name, e-mail address and the disabled state.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown id.
    pub async fn update_user(&mut self, user: &User) -> Result<(), DbError> {
        let update =
            sqlx::query("UPDATE users SET display_name = $2, email = $3, disabled_at = $4 WHERE id = $1");
        let done = update
            .bind(&user.id)
            .bind(&user.display_name)
            .bind(user.email.as_deref())
            .bind(user.disabled_at)
            .execute(self.connection())
            .await?;
        exactly_one(done.rows_affected())
    }

    /// Sets the password hash.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown id.
    pub(crate) async fn set_password(&mut self, id: &UserId, hash: &SecretString) -> Result<(), DbError> {
        let update = sqlx::query("UPDATE users SET password = $2 WHERE id = $1");
        let done = update.bind(id).bind(hash.expose_secret()).execute(self.connection()).await?;
        exactly_one(done.rows_affected())
    }

    /// Records a sign-in.
    ///
    /// # Errors
    /// [`DbError::Missing`] for an unknown id or a disabled account.
    pub(crate) async fn user_signed_in(&mut self, id: &UserId, now: i64) -> Result<(), DbError> {
        let update = sqlx::query("UPDATE users SET signed_in_at = $2 WHERE id = $1 AND disabled_at IS NULL");
        let done = update.bind(id).bind(now).execute(self.connection()).await?;
        exactly_one(done.rows_affected())
    }
}

fn exactly_one(rows: u64) -> Result<(), DbError> {
    if rows == 1 { Ok(()) } else { Err(DbError::Missing) }
}
