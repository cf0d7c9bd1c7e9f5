//! Rows: structs whose fields are columns, named once for reading and for writing.
//!
//! sqlx's own derives would compile both database drivers a second time, for the compiler's machine.

use flarepath_profile::unix_nanos::UnixNanos;
use secrecy::{ExposeSecret, SecretString};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::{Query, QueryAs};
use sqlx::{Any, AssertSqlSafe, Decode, Encode, FromRow, Row as _, Type};

/// A statement with its values.
pub(super) type Statement<'q> = Query<'q, Any, AnyArguments>;

/// What a field is in the database: text, a big integer, or the absence of one.
pub(super) trait Column: Sized {
    type Stored: for<'q> Encode<'q, Any> + for<'r> Decode<'r, Any> + Type<Any> + Send + 'static;

    fn to_stored(&self) -> Self::Stored;

    fn from_stored(stored: Self::Stored) -> Self;
}

macro_rules! columns {
    ($($field:ty => $stored:ty, |$own:ident| $to:expr, |$value:ident| $from:expr;)*) => {$(
        impl Column for $field {
            type Stored = $stored;

            fn to_stored(&self) -> $stored {
                let $own = self;
                $to
            }

            fn from_stored($value: $stored) -> $field {
                $from
            }
        }
    )*};
}

columns! {
    String => String, |text| text.clone(), |text| text;
    SecretString => String, |secret| secret.expose_secret().to_owned(), |text| text.into();
    i64 => i64, |number| *number, |number| number;
    bool => i64, |flag| i64::from(*flag), |number| number != 0;
    UnixNanos => i64, |at| at.0, |ns| UnixNanos(ns);
}

impl<T: Column> Column for Option<T> {
    type Stored = Option<T::Stored>;

    fn to_stored(&self) -> Option<T::Stored> {
        self.as_ref().map(T::to_stored)
    }

    fn from_stored(stored: Option<T::Stored>) -> Option<T> {
        stored.map(T::from_stored)
    }
}

/// The value of a column.
pub(super) fn column<T: Column>(row: &AnyRow, name: &str) -> Result<T, sqlx::Error> {
    row.try_get(name).map(T::from_stored)
}

/// A struct whose fields are the columns of a table; [`row!`] implements it.
pub(super) trait Row: for<'r> FromRow<'r, AnyRow> + Send + Unpin {
    /// Names of the columns, separated by `, `.
    const COLUMNS: &'static str;

    /// Binds the fields in the order of [`Row::COLUMNS`].
    fn bind_to<'q>(&self, statement: Statement<'q>) -> Statement<'q>;
}

/// `from_row!(GrantRow: role, scope)` implements `sqlx::FromRow` for a struct of these fields.
macro_rules! from_row {
    ($row:ident: $($field:ident),+) => {
        impl sqlx::FromRow<'_, sqlx::any::AnyRow> for $row {
            fn from_row(row: &sqlx::any::AnyRow) -> Result<$row, sqlx::Error> {
                Ok($row { $($field: $crate::db::row::column(row, stringify!($field))?),+ })
            }
        }
    };
}

/// `row!(TeamRow: id, name)` implements [`Row`] and `sqlx::FromRow` for a struct of these fields.
macro_rules! row {
    ($row:ident: $first:ident $(, $field:ident)*) => {
        $crate::db::row::from_row!($row: $first $(, $field)*);

        impl $crate::db::row::Row for $row {
            const COLUMNS: &'static str = concat!(stringify!($first) $(, ", ", stringify!($field))*);

            fn bind_to<'q>(&self, statement: $crate::db::row::Statement<'q>) -> $crate::db::row::Statement<'q> {
                use $crate::db::row::Column;
                statement.bind(self.$first.to_stored())$(.bind(self.$field.to_stored()))*
            }
        }
    };
}

pub(super) use {from_row, row};

/// `SELECT` of rows; `rest` goes on with `FROM`.
pub(super) fn select<R: Row>(rest: &'static str) -> QueryAs<'static, Any, R, AnyArguments> {
    sqlx::query_as(AssertSqlSafe(format!("SELECT {} {rest}", R::COLUMNS)))
}

/// The columns of `R` in the table that a join calls `table`. Not `*`: a prepared `*` fails when another server adds a column.
pub(super) fn columns_of<R: Row>(table: &str) -> String {
    let columns: Vec<String> = R::COLUMNS.split(", ").map(|column| format!("{table}.{column}")).collect();
    columns.join(", ")
}

/// `INSERT` of a row. The caller binds the values of the columns `more`, which the row does not have; `rest` goes on after
/// the values.
pub(super) fn insert<R: Row>(table: &str, row: &R, more: &[&str], rest: &str) -> Statement<'static> {
    let columns: Vec<&str> = R::COLUMNS.split(", ").chain(more.iter().copied()).collect();
    let places: Vec<String> = (1..=columns.len()).map(|place| format!("${place}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({}) {rest}", columns.join(", "), places.join(", "));
    row.bind_to(sqlx::query(AssertSqlSafe(sql)))
}
