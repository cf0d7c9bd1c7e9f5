//! The call tree of a V8 profile, whose nodes come in any order.

use super::V8Error;
use crate::formats::builder::ProfileBuilder;
use crate::formats::call_stacks::{CallStacks, EMPTY};
use crate::formats::{TooMuch, clean_text};
use crate::limits::MAX_SAMPLES;
use crate::profile::{FunctionId, Line};
use crate::stack_table::LocationId;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::borrow::Cow;

/// Where a function is in the source. Lines and columns count from 0; -1 is unknown.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallFrame<'a> {
    #[serde(borrow, default)]
    pub(crate) function_name: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) url: Cow<'a, str>,
    #[serde(default)]
    pub(crate) line_number: Option<i64>,
    #[serde(default)]
    pub(crate) column_number: Option<i64>,
}

/// A node as it is written in a flat list.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Node<'a> {
    pub(crate) id: u64,
    #[serde(borrow, default)]
    pub(crate) call_frame: CallFrame<'a>,
    #[serde(default)]
    pub(crate) hit_count: u64,
    #[serde(default)]
    pub(crate) children: Option<Vec<u64>>,
    /// Only in traces, whose nodes arrive piece by piece.
    #[serde(default)]
    pub(crate) parent: Option<u64>,
}

/// Nodes in one call tree. One can be written in three bytes, but takes a hundred in memory.
pub(super) const MAX_NODES: usize = MAX_SAMPLES;
/// What stands for no node, or for a stack that is not known yet.
const NONE: u32 = u32::MAX;
/// A stack that is being looked for: met again, it is its own ancestor.
const LOOKING: u32 = u32::MAX - 1;

/// Nodes in columns, in the order in which they were added.
#[derive(Default)]
pub(crate) struct NodeTable {
    by_id: FxHashMap<u64, u32>,
    ids: Vec<u64>,
    functions: Vec<FunctionId>,
    frames: Vec<LocationId>,
    kinds: Vec<Kind>,
    /// Samples that V8 counted in the node.
    pub(super) hits: Vec<u64>,
    /// Parent and child, by id.
    links: Vec<(u64, u64)>,
}

/// Nodes that are no functions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Above everything; no frame of its own.
    Root,
    /// Collecting garbage, which V8 records apart from the stack that was interrupted.
    GarbageCollector,
    /// Anything else.
    Function,
}

impl NodeTable {
    /// Adds a node of a flat list.
    pub(crate) fn add(&mut self, node: &Node<'_>, builder: &mut ProfileBuilder) -> Result<(), V8Error> {
        self.push(node.id, &node.call_frame, node.hit_count, builder)?;
        self.links.extend(node.parent.map(|parent| (parent, node.id)));
        self.links.extend(node.children.iter().flatten().map(|&child| (node.id, child)));
        Ok(())
    }

    /// Adds a node without its links.
    pub(super) fn push(
        &mut self,
        id: u64,
        frame: &CallFrame<'_>,
        hits: u64,
        builder: &mut ProfileBuilder,
    ) -> Result<(), V8Error> {
        if self.ids.len() == MAX_NODES {
            return Err(TooMuch { what: "nodes", limit: MAX_NODES }.into());
        }
        if self.by_id.insert(id, self.ids.len() as u32).is_some() {
            return Err(V8Error::TwoNodes(id));
        }
        self.ids.push(id);
        self.hits.push(hits);
        self.kinds.push(match &*frame.function_name {
            "(root)" => Kind::Root,
            "(garbage collector)" => Kind::GarbageCollector,
            _ => Kind::Function,
        });
        let function = function(frame, builder);
        self.functions.push(function);
        self.frames.push(builder.place(Line { function, line: 0, column: 0 }));
        Ok(())
    }

    /// Says that `child` is called by `parent`.
    pub(super) fn link(&mut self, parent: u64, child: u64) {
        self.links.push((parent, child));
    }

    /// The position of the node with this id.
    pub(super) fn find(&self, id: u64) -> Option<usize> {
        self.by_id.get(&id).map(|&i| i as usize)
    }

    pub(super) fn kind(&self, node: usize) -> Kind {
        self.kinds[node]
    }

    pub(super) fn frame(&self, node: usize) -> LocationId {
        self.frames[node]
    }

    pub(super) fn function(&self, node: usize) -> FunctionId {
        self.functions[node]
    }

    /// The stack of each node.
    pub(super) fn stacks(&self, stacks: &mut CallStacks) -> Result<Vec<u32>, V8Error> {
        let parents = self.parents()?;
        let mut found = vec![NONE; self.ids.len()];
        let mut path = Vec::new();
        for first in 0..self.ids.len() {
            let mut at = first as u32;
            while at != NONE && found[at as usize] == NONE {
                found[at as usize] = LOOKING;
                path.push(at as usize);
                at = parents[at as usize];
            }
            let mut stack = if at == NONE { EMPTY } else { found[at as usize] };
            if stack == LOOKING {
                return Err(V8Error::Cycle(self.ids[at as usize]));
            }
            while let Some(node) = path.pop() {
                if self.kinds[node] != Kind::Root {
                    stack = stacks.call(stack, self.frames[node]);
                }
                found[node] = stack;
            }
        }
        Ok(found)
    }

    fn parents(&self) -> Result<Vec<u32>, V8Error> {
        let mut parents = vec![NONE; self.ids.len()];
        for &(parent, child) in &self.links {
            let position =
                |what: &str, id| self.find(id).ok_or_else(|| V8Error::NoNode { what: what.to_owned(), id });
            let parent = position("a parent", parent)?;
            let child = position("a list of children", child)?;
            parents[child] = parent as u32;
        }
        Ok(parents)
    }
}

/// A node says where its function begins, not which line of it was running.
fn function(frame: &CallFrame<'_>, builder: &mut ProfileBuilder) -> FunctionId {
    let from_one = |n: Option<i64>| n.map_or(0, |n| n.saturating_add(1).max(0));
    let (line, column) = (from_one(frame.line_number), from_one(frame.column_number));
    let name = match &*frame.function_name {
        // Functions without a name are distinguished by where they begin.
        "" if line > 0 => Cow::Owned(format!("(anonymous {line}:{column})")),
        "" => Cow::Borrowed("(anonymous)"),
        name => clean_text(name.as_bytes(), &mut builder.notes),
    };
    let file = clean_text(frame.url.as_bytes(), &mut builder.notes);
    builder.function_at(&name, &file, line)
}
