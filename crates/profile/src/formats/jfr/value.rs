//! Values of declared types: read where needed, skipped elsewhere.

use super::JfrError;
use super::bytes::{Cursor, Text};
use super::metadata::{Class, Field, Kind, Types};

/// A value of a field. What is not one of these (lists, objects inside an object) is skipped.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    /// An integer, a boolean, or a reference into a constant pool.
    Integer(i64),
    Number(f64),
    Text(Text<'a>),
}

impl Value<'_> {
    /// The integer, or the whole part of a number; 0 for text.
    pub(super) fn integer(&self) -> i64 {
        match *self {
            Value::Integer(value) => value,
            Value::Number(value) => value as i64,
            Value::Text(_) => 0,
        }
    }
}

/// Reads the fields of an object and hands those with a plain value to `take`, with their index.
pub(super) fn read_fields<'a>(
    cursor: &mut Cursor<'a>,
    class: &Class,
    types: &Types,
    mut take: impl FnMut(usize, Value<'a>),
) -> Result<(), JfrError> {
    for (i, field) in class.fields.iter().enumerate() {
        if field.is_list {
            skip_list(cursor, field, types)?;
            continue;
        }
        match read_plain(cursor, field.kind)? {
            Some(value) => take(i, value),
            None => skip(cursor, field.kind, types)?,
        }
    }
    Ok(())
}

/// A value that is not an object.
fn read_plain<'a>(cursor: &mut Cursor<'a>, kind: Kind) -> Result<Option<Value<'a>>, JfrError> {
    Ok(Some(match kind {
        Kind::Byte => Value::Integer(i64::from(cursor.byte()?)),
        Kind::Integer(width) => Value::Integer(cursor.integer(width)?),
        Kind::Float => Value::Number(f64::from(cursor.float()?)),
        Kind::Double => Value::Number(cursor.double()?),
        Kind::Text => Value::Text(cursor.text()?),
        Kind::Object(_) => return Ok(None),
        Kind::Undeclared => return Err(cursor.broken("a value has an undeclared type")),
    }))
}

/// Passes over a list.
pub(super) fn skip_list(cursor: &mut Cursor<'_>, field: &Field, types: &Types) -> Result<(), JfrError> {
    let bytes_each = types.min_bytes(field.kind);
    let count = cursor.count(bytes_each)?;
    // Values without a byte could be as many as the number says, which may be large.
    if bytes_each > 0 {
        for _ in 0..count {
            skip(cursor, field.kind, types)?;
        }
    }
    Ok(())
}

/// Passes over a value. Goes as deep as types lie in each other, which [`Types::read`] has bounded; what holds
/// no byte is not entered, so that the work is bounded by the bytes.
pub(super) fn skip(cursor: &mut Cursor<'_>, kind: Kind, types: &Types) -> Result<(), JfrError> {
    let Kind::Object(class) = kind else {
        return read_plain(cursor, kind).map(drop);
    };
    if types.min_bytes(kind) == 0 {
        return Ok(());
    }
    for field in &types.at(class).fields {
        match field.is_list {
            true => skip_list(cursor, field, types)?,
            false => skip(cursor, field.kind, types)?,
        }
    }
    Ok(())
}
