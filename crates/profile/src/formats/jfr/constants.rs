//! Constant pools of a chunk, which its events refer to by index.
//!
//! Pools come in checkpoint events, each of which points back to the one before it. Numbers are valid in their
//! chunk only. Stacks, methods, classes, threads and texts are kept; other pools are skipped.

use super::JfrError;
use super::bytes::{Cursor, Text, Width};
use super::metadata::{Class, Field, Kind, Types};
use super::value::{Value, read_fields, skip, skip_list};
use crate::formats::TooMuch;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::ops::Range;

/// Constants kept of one chunk.
const MAX_CONSTANTS: usize = 8_000_000;
/// Event that holds constant pools.
const CHECKPOINT_EVENT: i64 = 1;

/// A frame of a stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct StackFrame {
    pub(super) method: i64,
    /// 0 if unknown.
    pub(super) line: i64,
    /// A text that says what kind of code it is: `JIT compiled`, `Native`, ….
    pub(super) kind: i64,
}

/// A method.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Method {
    pub(super) class: i64,
    pub(super) name: i64,
    pub(super) descriptor: i64,
}

/// A thread, by its names.
#[derive(Clone, Debug)]
pub(super) struct Thread<'a> {
    java_name: Text<'a>,
    os_name: Text<'a>,
    id: i64,
}

/// What the events of a chunk refer to.
#[derive(Debug, Default)]
pub(super) struct Constants<'a> {
    frames: Vec<StackFrame>,
    stacks: FxHashMap<i64, Range<u32>>,
    methods: FxHashMap<i64, Method>,
    /// Class → its name, a symbol.
    classes: FxHashMap<i64, i64>,
    threads: FxHashMap<i64, Thread<'a>>,
    symbols: FxHashMap<i64, Text<'a>>,
    strings: FxHashMap<i64, Text<'a>>,
    frame_kinds: FxHashMap<i64, Text<'a>>,
    thread_states: FxHashMap<i64, Text<'a>>,
    kept: usize,
}

impl<'a> Constants<'a> {
    /// Reads all checkpoints, from the last one (at `offset`) backwards.
    pub(super) fn read(chunk: &Cursor<'a>, offset: usize, types: &Types) -> Result<Self, JfrError> {
        let mut constants = Constants::default();
        let mut at = offset;
        // Checkpoints do not overlap; those that do would be read over and over.
        let mut left = chunk.from(0).left();
        loop {
            let mut cursor = chunk.from(at);
            let to_next = constants.checkpoint(&mut cursor, types)?;
            let overlap = || cursor.broken("checkpoints overlap");
            left = left.checked_sub(cursor.offset() - at).ok_or_else(overlap)?;
            if to_next == 0 {
                return Ok(constants);
            }
            let next = i64::try_from(at).ok().and_then(|at| at.checked_add(to_next));
            let next = next.and_then(|next| usize::try_from(next).ok());
            at = next.ok_or_else(|| cursor.broken("a checkpoint points outside the chunk"))?;
        }
    }

    /// Reads one checkpoint; returns how far away the one before it is, 0 for none.
    fn checkpoint(&mut self, cursor: &mut Cursor<'a>, types: &Types) -> Result<i64, JfrError> {
        cursor.integer(Width::Four)?; // size
        if cursor.integer(Width::Eight)? != CHECKPOINT_EVENT {
            return Err(cursor.broken("the header does not point to a constant pool"));
        }
        cursor.integer(Width::Eight)?; // start
        cursor.integer(Width::Eight)?; // duration
        let to_next = cursor.integer(Width::Eight)?;
        cursor.byte()?; // kind of checkpoint
        for _ in 0..cursor.count(2)? {
            let class = cursor.integer(Width::Eight)?;
            let count = cursor.count(1)?;
            let class =
                types.get(class).ok_or_else(|| cursor.broken("a constant pool has an undeclared type"))?;
            self.pool(cursor, class, count, types)?;
        }
        Ok(to_next)
    }

    fn pool(
        &mut self,
        cursor: &mut Cursor<'a>,
        class: &Class,
        count: usize,
        types: &Types,
    ) -> Result<(), JfrError> {
        for _ in 0..count {
            let id = cursor.integer(Width::Eight)?;
            let kept = match class.name.as_str() {
                "jdk.types.StackTrace" => self.stack(cursor, id, class, types)?,
                "jdk.types.Method" => {
                    let method = self.methods.entry(id).or_default();
                    read_fields(cursor, class, types, |i, value| match class.fields[i].name.as_str() {
                        "type" => method.class = value.integer(),
                        "name" => method.name = value.integer(),
                        "descriptor" => method.descriptor = value.integer(),
                        _ => {}
                    })?;
                    true
                }
                "java.lang.Class" => {
                    let name = self.classes.entry(id).or_default();
                    read_fields(cursor, class, types, |i, value| {
                        if class.fields[i].name == "name" {
                            *name = value.integer();
                        }
                    })?;
                    true
                }
                "java.lang.Thread" => {
                    let thread = read_thread(cursor, class, types)?;
                    self.threads.insert(id, thread);
                    true
                }
                "jdk.types.Symbol" => insert_text(&mut self.symbols, id, cursor, class, types)?,
                "jdk.types.FrameType" => insert_text(&mut self.frame_kinds, id, cursor, class, types)?,
                "jdk.types.ThreadState" => insert_text(&mut self.thread_states, id, cursor, class, types)?,
                "java.lang.String" => {
                    self.strings.insert(id, cursor.text()?);
                    true
                }
                _ => {
                    skip_constant(cursor, class, types)?;
                    false
                }
            };
            self.kept += usize::from(kept);
            if self.kept > MAX_CONSTANTS {
                return Err(TooMuch { what: "constants in a chunk", limit: MAX_CONSTANTS }.into());
            }
        }
        Ok(())
    }

    fn stack(
        &mut self,
        cursor: &mut Cursor<'a>,
        id: i64,
        class: &Class,
        types: &Types,
    ) -> Result<bool, JfrError> {
        let start = self.frames.len() as u32;
        for field in &class.fields {
            match (field.is_list, field.kind) {
                (true, Kind::Object(frame)) if field.name == "frames" => {
                    self.read_frames(cursor, field, types.at(frame), types)?;
                }
                (true, _) => skip_list(cursor, field, types)?,
                (false, kind) => skip(cursor, kind, types)?,
            }
        }
        self.stacks.insert(id, start..self.frames.len() as u32);
        Ok(true)
    }

    fn read_frames(
        &mut self,
        cursor: &mut Cursor<'a>,
        list: &Field,
        class: &Class,
        types: &Types,
    ) -> Result<(), JfrError> {
        let bytes_each = types.min_bytes(list.kind);
        let count = cursor.count(bytes_each)?;
        if bytes_each == 0 {
            return Ok(());
        }
        for _ in 0..count {
            let mut frame = StackFrame { method: 0, line: 0, kind: 0 };
            read_fields(cursor, class, types, |i, value| match class.fields[i].name.as_str() {
                "method" => frame.method = value.integer(),
                "lineNumber" => frame.line = value.integer().max(0),
                "type" => frame.kind = value.integer(),
                _ => {}
            })?;
            self.frames.push(frame);
        }
        Ok(())
    }

    /// The frames of a stack, leaf first; `None` when there is no such stack.
    pub(super) fn stack_frames(&self, id: i64) -> Option<&[StackFrame]> {
        self.stacks.get(&id).map(|range| &self.frames[range.start as usize..range.end as usize])
    }

    /// A method with the name of its class, if it is known.
    pub(super) fn method(&self, id: i64) -> Option<Method> {
        self.methods.get(&id).copied()
    }

    /// The name of a class, as the virtual machine writes it: `java/lang/String`.
    pub(super) fn class_name(&self, id: i64) -> Option<Cow<'_, [u8]>> {
        self.symbol(*self.classes.get(&id)?)
    }

    /// A symbol: the name of a class or a method.
    pub(super) fn symbol(&self, id: i64) -> Option<Cow<'_, [u8]>> {
        self.spelled(self.symbols.get(&id)?)
    }

    /// Whether a frame is not of Java: `Native`, `C++`, `Kernel`.
    pub(super) fn is_native(&self, frame_kind: i64) -> bool {
        let kind = self.frame_kinds.get(&frame_kind).and_then(|text| self.spelled(text));
        matches!(kind.as_deref(), Some(b"Native" | b"C++" | b"Kernel"))
    }

    /// Whether a thread was asleep when the sample was taken.
    pub(super) fn is_sleeping(&self, state: i64) -> bool {
        let state = self.thread_states.get(&state).and_then(|text| self.spelled(text));
        state.as_deref() == Some(b"STATE_SLEEPING")
    }

    /// What a thread is called: in Java if it has a name there, else by the system, else by its number.
    pub(super) fn thread_name(&self, id: i64) -> Option<Cow<'_, [u8]>> {
        let thread = self.threads.get(&id)?;
        let named = [&thread.java_name, &thread.os_name].into_iter().filter_map(|text| self.spelled(text));
        let name = named.into_iter().find(|name| !name.is_empty());
        Some(name.unwrap_or_else(|| Cow::Owned(format!("thread {}", thread.id).into_bytes())))
    }

    /// A text, looked up in the pool of strings if it is there.
    pub(super) fn spelled<'t>(&'t self, text: &'t Text<'_>) -> Option<Cow<'t, [u8]>> {
        let text = match text {
            Text::Constant(id) => self.strings.get(id)?,
            other => other,
        };
        match text {
            Text::Bytes(bytes) => Some(Cow::Borrowed(&**bytes)),
            Text::Null | Text::Constant(_) => None,
        }
    }
}

fn read_thread<'a>(cursor: &mut Cursor<'a>, class: &Class, types: &Types) -> Result<Thread<'a>, JfrError> {
    let mut thread = Thread { java_name: Text::Null, os_name: Text::Null, id: 0 };
    read_fields(cursor, class, types, |i, value| match (class.fields[i].name.as_str(), value) {
        ("javaName", Value::Text(text)) => thread.java_name = text,
        ("osName", Value::Text(text)) => thread.os_name = text,
        ("osThreadId", id) => thread.id = id.integer(),
        ("javaThreadId", id) if thread.id == 0 => thread.id = id.integer(),
        _ => {}
    })?;
    Ok(thread)
}

/// Keeps the text of a constant that has one.
fn insert_text<'a>(
    texts: &mut FxHashMap<i64, Text<'a>>,
    id: i64,
    cursor: &mut Cursor<'a>,
    class: &Class,
    types: &Types,
) -> Result<bool, JfrError> {
    let mut found = Text::Null;
    read_fields(cursor, class, types, |_, value| {
        if let Value::Text(text) = value {
            found = text;
        }
    })?;
    texts.insert(id, found);
    Ok(true)
}

fn skip_constant(cursor: &mut Cursor<'_>, class: &Class, types: &Types) -> Result<(), JfrError> {
    read_fields(cursor, class, types, |_, _| {})
}
