//! Trace events. Files are sloppy: numbers come as text, fields are missing, arguments are anything.

use crate::formats::json::{Cursor, JsonError, Scalar};
use crate::string_table::{StrId, StringTable};
use std::borrow::Cow;
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
    /// What stands in the file.
    fn new(value: Scalar<'_>, keys: &mut StringTable) -> Self {
        match value {
            Scalar::Number(n) => Key::Number(n as i64),
            Scalar::Text(text) => text.parse().map_or_else(|_| Key::Text(keys.intern(&text)), Key::Number),
            Scalar::Other => Key::None,
        }
    }

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
                "pid" => event.pid = Key::new(json.value()?, keys),
                "tid" => event.tid = Key::new(json.value()?, keys),
                "id" => event.id = Key::new(json.value()?, keys),
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
        id = Key::new(json.value()?, keys);
    }
    Ok(id)
}
