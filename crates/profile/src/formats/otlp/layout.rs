//! Layout check before decoding: is it the supported version, and within the limits?
//!
//! The layouts before opentelemetry-proto 1.10 go by the same name and path. Fields moved from one number to
//! another, and often a number that now is an index used to be a list: that shows in the wire type. Counting
//! bounds memory, because a decoded sample of two bytes takes forty times as much.

use super::{OtlpError, messages};
use crate::formats::TooMuch;
use crate::formats::pprof::wire::{Field, Reader, Value};
use crate::limits::decode_room;

/// Messages and strings in one request.
const MAX_MESSAGES: usize = 4_000_000;
/// Bytes of an allocation besides its content.
const ALLOCATION: usize = 24;
/// Messages in messages: plain attributes need 9, the rest is for lists in attributes.
const MAX_DEPTH: usize = 60;

/// How a field is written.
#[derive(Clone, Copy)]
enum Kind {
    /// A varint.
    Number,
    /// Varints, packed or not.
    Numbers,
    /// Eight bytes.
    Fixed,
    /// Eight bytes each, packed or not.
    Fixeds,
    /// Text or bytes.
    Bytes,
    /// A message.
    Message(&'static Shape),
}

/// A message: its name and the fields that are known.
struct Shape {
    name: &'static str,
    /// Bytes of its struct.
    size: usize,
    fields: &'static [(u32, Kind)],
}

use Kind::{Bytes, Fixed, Fixeds, Message, Number, Numbers};

static REQUEST: Shape = Shape {
    name: "request",
    size: size_of::<messages::ExportProfilesServiceRequest>(),
    fields: &[(1, Message(&RESOURCE_PROFILES)), (2, Message(&DICTIONARY))],
};
static RESOURCE_PROFILES: Shape = Shape {
    name: "resource profiles",
    size: size_of::<messages::ResourceProfiles>(),
    fields: &[(1, Message(&RESOURCE)), (2, Message(&SCOPE_PROFILES))],
};
static RESOURCE: Shape =
    Shape { name: "resource", size: size_of::<messages::Resource>(), fields: &[(1, Message(&KEY_VALUE))] };
static SCOPE_PROFILES: Shape = Shape {
    name: "scope profiles",
    size: size_of::<messages::ScopeProfiles>(),
    fields: &[(1, Message(&SCOPE)), (2, Message(&PROFILE))],
};
static SCOPE: Shape = Shape {
    name: "scope",
    size: size_of::<messages::InstrumentationScope>(),
    fields: &[(1, Bytes), (2, Bytes), (3, Message(&KEY_VALUE))],
};
static PROFILE: Shape = Shape {
    name: "profile",
    size: size_of::<messages::Profile>(),
    fields: &[
        (1, Message(&VALUE_TYPE)),
        (2, Message(&SAMPLE)),
        (3, Fixed),
        (4, Number),
        (5, Message(&VALUE_TYPE)),
        (6, Number),
        (7, Bytes),
        (8, Number),
        (9, Bytes),
        (10, Bytes),
        (11, Numbers),
    ],
};
static VALUE_TYPE: Shape =
    Shape { name: "value type", size: size_of::<messages::ValueType>(), fields: &[(1, Number), (2, Number)] };
static SAMPLE: Shape = Shape {
    name: "sample",
    size: size_of::<messages::Sample>(),
    fields: &[(1, Number), (2, Numbers), (3, Number), (4, Numbers), (5, Fixeds)],
};
static DICTIONARY: Shape = Shape {
    name: "dictionary",
    size: size_of::<messages::ProfilesDictionary>(),
    fields: &[
        (1, Message(&MAPPING)),
        (2, Message(&LOCATION)),
        (3, Message(&FUNCTION)),
        (4, Message(&LINK)),
        (5, Bytes),
        (6, Message(&ATTRIBUTE)),
        (7, Message(&STACK)),
    ],
};
static MAPPING: Shape = Shape {
    name: "mapping",
    size: size_of::<messages::Mapping>(),
    fields: &[(1, Number), (2, Number), (3, Number), (4, Number), (5, Numbers)],
};
static LOCATION: Shape = Shape {
    name: "location",
    size: size_of::<messages::Location>(),
    fields: &[(1, Number), (2, Number), (3, Message(&LINE)), (4, Numbers)],
};
static LINE: Shape = Shape {
    name: "line",
    size: size_of::<messages::Line>(),
    fields: &[(1, Number), (2, Number), (3, Number)],
};
static FUNCTION: Shape = Shape {
    name: "function",
    size: size_of::<messages::Function>(),
    fields: &[(1, Number), (2, Number), (3, Number), (4, Number)],
};
static LINK: Shape =
    Shape { name: "link", size: size_of::<messages::Link>(), fields: &[(1, Bytes), (2, Bytes)] };
static STACK: Shape = Shape { name: "stack", size: size_of::<messages::Stack>(), fields: &[(1, Numbers)] };
static ATTRIBUTE: Shape = Shape {
    name: "attribute",
    size: size_of::<messages::KeyValueAndUnit>(),
    fields: &[(1, Number), (2, Message(&ANY_VALUE)), (3, Number)],
};
static KEY_VALUE: Shape = Shape {
    name: "attribute",
    size: size_of::<messages::KeyValue>(),
    fields: &[(1, Bytes), (2, Message(&ANY_VALUE)), (3, Number)],
};
static ANY_VALUE: Shape = Shape {
    name: "attribute value",
    size: size_of::<messages::AnyValue>(),
    fields: &[
        (1, Bytes),
        (2, Number),
        (3, Number),
        (4, Fixed),
        (5, Message(&ARRAY)),
        (6, Message(&LIST)),
        (7, Bytes),
        (8, Number),
    ],
};
static ARRAY: Shape = Shape {
    name: "attribute list",
    size: size_of::<messages::ArrayValue>(),
    fields: &[(1, Message(&ANY_VALUE))],
};
static LIST: Shape = Shape {
    name: "attribute list",
    size: size_of::<messages::KeyValueList>(),
    fields: &[(1, Message(&KEY_VALUE))],
};

/// Walks the whole request.
///
/// # Errors
/// When it is no protocol buffer, has fields of another type than the layout says, or takes too much memory decoded.
pub(super) fn check(bytes: &[u8]) -> Result<(), OtlpError> {
    let mut open = vec![(Reader::new(bytes, 0..bytes.len()), &REQUEST)];
    let mut left = Left::of(bytes.len());
    while let Some((reader, shape)) = open.last_mut() {
        let shape = *shape;
        let Some(field) = reader.field()? else {
            open.pop();
            continue;
        };
        let Some(&(_, kind)) = shape.fields.iter().find(|(number, _)| *number == field.number) else {
            // Samples never had more fields than five in this layout; before 1.8 they had.
            match shape.name {
                "sample" => return Err(unexpected(shape, &field)),
                _ => continue,
            }
        };
        match (kind, &field.value) {
            (Message(inner), Value::Bytes(range)) => {
                let too_deep = TooMuch { what: "messages inside each other", limit: MAX_DEPTH };
                if open.len() == MAX_DEPTH {
                    return Err(too_deep.into());
                }
                open.push((Reader::new(bytes, range.clone()), inner));
                left.take(inner.size)?;
            }
            (Bytes, Value::Bytes(range)) => left.take(size_of::<String>() + range.len())?,
            (Numbers | Fixeds, Value::Bytes(range)) => {
                let fixed = range.len() / 8;
                let count = match kind {
                    Fixeds => fixed,
                    _ => bytes[range.clone()].iter().filter(|&&byte| byte < 0x80).count(),
                };
                left.take(count * 8)?;
            }
            // Numbers one by one: each may be the first of a list.
            (Numbers, Value::Varint(_)) | (Fixeds, Value::Fixed(_)) => left.take(8)?,
            (Number, Value::Varint(_)) | (Fixed, Value::Fixed(_)) => continue,
            _ => return Err(unexpected(shape, &field)),
        }
    }
    Ok(())
}

/// What a request may still take, decoded.
struct Left {
    messages: usize,
    bytes: usize,
    limit: usize,
}

impl Left {
    /// For a request of so many bytes: three quarters of the room that its decoding has, as profiles are made of it.
    fn of(input: usize) -> Left {
        let limit = decode_room(input) / 4 * 3;
        Left { messages: MAX_MESSAGES, bytes: limit, limit }
    }

    /// Takes an allocation of `bytes`.
    fn take(&mut self, bytes: usize) -> Result<(), TooMuch> {
        let too_many = TooMuch { what: "messages and strings", limit: MAX_MESSAGES };
        self.messages = self.messages.checked_sub(1).ok_or(too_many)?;
        let too_large = TooMuch { what: "bytes in memory", limit: self.limit };
        self.bytes = self.bytes.checked_sub(ALLOCATION + bytes).ok_or(too_large)?;
        Ok(())
    }
}

/// Whether the top level of `bytes` is that of a request and its first message opens like one.
pub(super) fn is_request(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes, 0..bytes.len());
    let mut some = false;
    loop {
        match reader.field() {
            Ok(None) => return some,
            Ok(Some(Field { number: 1 | 2, value: Value::Bytes(range), .. })) => {
                let mut inner = Reader::new(bytes, range);
                some |=
                    matches!(inner.field(), Ok(Some(Field { number: 1..=7, value: Value::Bytes(_), .. })));
            }
            _ => return false,
        }
    }
}

fn unexpected(shape: &Shape, field: &Field) -> OtlpError {
    OtlpError::OldLayout(format!("field {} of a {} has another type", field.number, shape.name))
}
