//! One event of a trace. Files are sloppy: numbers come as text, fields are missing, arguments are anything.

use crate::formats::json::{Cursor, JsonError};
use crate::string_table::{StrId, StringTable};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// What tells processes, threads and asynchronous spans apart: a number, or text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Not given.
    #[default]
    None,
    Number(i64),
    Text(StrId),
}

impl Key {
    pub(super) fn describe(self, strings: &StringTable) -> String {
        match self {
            Key::None => String::new(),
            Key::Number(n) => n.to_string(),
            Key::Text(text) => strings.get(text).to_owned(),
        }
    }
}

/// An event, without what is not needed of it.
#[derive(Default)]
pub(super) struct Event<'a> {
    /// `ph`; 0 if there is none.
    pub(super) phase: u8,
    pub(super) name: Cow<'a, str>,
    pub(super) category: Cow<'a, str>,
    /// Microseconds.
    pub(super) at: f64,
    /// Microseconds.
    pub(super) duration: f64,
    pub(super) pid: Key,
    pub(super) tid: Key,
    /// `id`, or what `id2` has in its place.
    pub(super) id: Key,
    /// Where the arguments are in the file.
    pub(super) args: Range<usize>,
}

impl<'a> Event<'a> {
    /// Reads the event at the cursor; `None` when there is something else than an object.
    pub(super) fn read(json: &mut Cursor<'a>, keys: &mut StringTable) -> Result<Option<Self>, JsonError> {
        if json.peek() != Some(b'{') {
            json.skip()?;
            return Ok(None);
        }
        json.open(b'{')?;
        let mut event = Event::default();
        while let Some(name) = json.key()? {
            match &*name {
                "ph" => event.phase = json.value::<Scalar<'_>>()?.text().bytes().next().unwrap_or(0),
                "name" => event.name = json.value::<Scalar<'_>>()?.text(),
                "cat" => event.category = json.value::<Scalar<'_>>()?.text(),
                "ts" => event.at = json.value::<Scalar<'_>>()?.number(),
                "dur" => event.duration = json.value::<Scalar<'_>>()?.number(),
                "pid" => event.pid = json.value::<Scalar<'_>>()?.key(keys),
                "tid" => event.tid = json.value::<Scalar<'_>>()?.key(keys),
                "id" => event.id = json.value::<Scalar<'_>>()?.key(keys),
                "id2" if json.peek() == Some(b'{') => event.id = id2(json, keys)?,
                "args" => event.args = json.skip()?,
                _ => json.skip().map(|_| ())?,
            }
        }
        Ok(Some(event))
    }
}

/// `{"local": "0x1"}` or `{"global": "0x1"}`.
fn id2(json: &mut Cursor<'_>, keys: &mut StringTable) -> Result<Key, JsonError> {
    json.open(b'{')?;
    let mut id = Key::None;
    while json.key()?.is_some() {
        id = json.value::<Scalar<'_>>()?.key(keys);
    }
    Ok(id)
}

/// A value that should be a number or text.
enum Scalar<'a> {
    Number(f64),
    Text(Cow<'a, str>),
    /// Anything else.
    Other,
}

impl<'a> Scalar<'a> {
    fn text(self) -> Cow<'a, str> {
        match self {
            Scalar::Text(text) => text,
            Scalar::Number(n) => Cow::Owned(n.to_string()),
            Scalar::Other => Cow::Borrowed(""),
        }
    }

    /// Not a number is 0.
    fn number(self) -> f64 {
        let number = match self {
            Scalar::Number(n) => n,
            Scalar::Text(text) => text.parse().unwrap_or(0.0),
            Scalar::Other => 0.0,
        };
        if number.is_finite() { number } else { 0.0 }
    }

    fn key(self, keys: &mut StringTable) -> Key {
        match self {
            Scalar::Number(n) => Key::Number(n as i64),
            Scalar::Text(text) => text.parse().map_or_else(|_| Key::Text(keys.intern(&text)), Key::Number),
            Scalar::Other => Key::None,
        }
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number as f64))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other)
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar<'de>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Scalar<'de>, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}
