//! People: who they are, and whether they may come in.

use super::{Change, DbError, Records};
use secrecy::{ExposeSecret, SecretString};
use sqlx::Row;
use sqlx::any::AnyRow;

/// A person. Times are nanoseconds since the epoch.
#[derive(Clone, Debug)]
pub struct User {
    /// Id of the row.
    pub id: String,
    /// What is typed to sign in; lower case, unique.
    pub(crate) name: String,
    /// What others read.
    pub(crate) display_name: String,
    /// Where to write to.
    pub email: Option<String>,
    /// Hash of the password, as a PHC string; none for those who sign in elsewhere, or not yet.
    pub password: Option<SecretString>,
    /// When it was made.
    pub(crate) created_at: i64,
    /// When it was shut.
    pub disabled_at: Option<i64>,
    /// When the person last signed in.
    pub(crate) signed_in_at: Option<i64>,
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
    /// All, by name.
    pub async fn users(&self) -> Result<Vec<User>, DbError> {
        let rows = sqlx::query(select!("ORDER BY name")).fetch_all(&self.pool).await?;
        Ok(rows.iter().map(user).collect::<Result<_, _>>()?)
    }

    /// The one of that id.
    pub(crate) async fn user(&self, id: &str) -> Result<Option<User>, DbError> {
        let row = sqlx::query(select!("WHERE id = $1")).bind(id).fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(user).transpose()?)
    }

    /// The one of that name, lower case.
    pub async fn user_by_name(&self, name: &str) -> Result<Option<User>, DbError> {
        let row = sqlx::query(select!("WHERE name = $1")).bind(name).fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(user).transpose()?)
    }
}

impl Change {
    /// The one of that id, as this change sees it.
    ///
    /// # Errors
    /// [`DbError::Missing`] when there is none.
    pub async fn user(&mut self, id: &str) -> Result<User, DbError> {
        let row = sqlx::query(select!("WHERE id = $1")).bind(id).fetch_one(self.connection()).await?;
        Ok(user(&row)?)
    }

    /// Adds one.
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
            .bind(user.id.clone())
            .bind(user.name.clone())
            .bind(user.display_name.clone())
            .bind(user.email.clone())
            .bind(password)
            .bind(user.created_at)
            .bind(user.disabled_at)
            .bind(user.signed_in_at)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Writes display name, e-mail address and whether it is shut.
    ///
    /// # Errors
    /// [`DbError::Missing`] when there is none of that id.
    pub async fn update_user(&mut self, user: &User) -> Result<(), DbError> {
        let update =
            sqlx::query("UPDATE users SET display_name = $2, email = $3, disabled_at = $4 WHERE id = $1");
        let done = update
            .bind(user.id.clone())
            .bind(user.display_name.clone())
            .bind(user.email.clone())
            .bind(user.disabled_at)
            .execute(self.connection())
            .await?;
        one(done.rows_affected())
    }

    /// Sets the hash of the password.
    ///
    /// # Errors
    /// [`DbError::Missing`] when there is none of that id.
    pub(crate) async fn set_password(&mut self, id: &str, hash: &SecretString) -> Result<(), DbError> {
        let update = sqlx::query("UPDATE users SET password = $2 WHERE id = $1");
        let done = update.bind(id).bind(hash.expose_secret()).execute(self.connection()).await?;
        one(done.rows_affected())
    }

    /// Notes that the person signed in.
    ///
    /// # Errors
    /// [`DbError::Missing`] when there is none of that id, or it is shut.
    pub(crate) async fn user_signed_in(&mut self, id: &str, now: i64) -> Result<(), DbError> {
        let update = sqlx::query("UPDATE users SET signed_in_at = $2 WHERE id = $1 AND disabled_at IS NULL");
        let done = update.bind(id).bind(now).execute(self.connection()).await?;
        one(done.rows_affected())
    }
}

fn one(rows: u64) -> Result<(), DbError> {
    if rows == 1 { Ok(()) } else { Err(DbError::Missing) }
}
