//! Reads a row into a struct whose fields are named as the columns.
//!
//! sqlx's own derives would compile both database drivers a second time, for the compiler's machine.

/// `from_row!(TeamRow { id, name });` implements `sqlx::FromRow`; fields after `flatten` are structs read from the same row.
macro_rules! from_row {
    ($row:ident { $($field:ident),* $(,)? } $(flatten { $($part:ident),* })?) => {
        impl<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> for $row {
            fn from_row(row: &'r sqlx::any::AnyRow) -> Result<Self, sqlx::Error> {
                use sqlx::Row;
                Ok($row {
                    $($field: row.try_get(stringify!($field))?,)*
                    $($($part: sqlx::FromRow::from_row(row)?,)*)?
                })
            }
        }
    };
}

pub(super) use from_row;
