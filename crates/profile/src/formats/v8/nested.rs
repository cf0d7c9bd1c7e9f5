//! Nodes nested below `head`, walked without recursion: V8 nests them far deeper than JSON readers follow.

use super::V8Error;
use super::nodes::{CallFrame, MAX_NODES, NodeTable};
use crate::formats::TooMuch;
use crate::formats::builder::ProfileBuilder;
use crate::formats::json::Cursor;

/// A node while its object is open.
struct Open<'a> {
    /// Its id; given by us where the file gives none, or until it is known.
    id: Option<u64>,
    /// Its position in the list of all.
    position: usize,
    frame: CallFrame<'a>,
}

/// What a node has besides its frame.
#[derive(Clone, Copy, Default)]
pub(super) struct Own {
    /// `hitCount`.
    pub(super) hits: u64,
    /// `selfSize`, in bytes.
    pub(super) size: i64,
    /// Its parent's position; its own for the first.
    parent: usize,
    id: u64,
}

/// Reads the tree at the cursor into `nodes`. Returns what else each node has, in the order of the file.
pub(super) fn read<'a>(
    json: &mut Cursor<'a>,
    nodes: &mut NodeTable,
    builder: &mut ProfileBuilder,
) -> Result<Vec<Own>, V8Error> {
    let mut all: Vec<Own> = Vec::new();
    let mut open: Vec<Open<'a>> = Vec::new();
    begin(json, &mut open, &mut all)?;
    while let Some(node) = open.last_mut() {
        let own = &mut all[node.position];
        match json.key()?.as_deref() {
            Some("children") if json.peek() == Some(b'[') => {
                json.open(b'[')?;
                if json.item()? {
                    begin(json, &mut open, &mut all)?;
                }
            }
            Some("id") => node.id = Some(json.value()?),
            Some("callFrame") => node.frame = json.value()?,
            Some("functionName") => node.frame.function_name = json.text()?,
            Some("url") => node.frame.url = json.text()?,
            // Here lines count from 1.
            Some("lineNumber") => node.frame.line_number = json.value::<Option<i64>>()?.map(before),
            Some("columnNumber") => node.frame.column_number = json.value::<Option<i64>>()?.map(before),
            Some("hitCount") => own.hits = json.value()?,
            Some("selfSize") => own.size = json.value::<f64>()?.round() as i64,
            Some(_) => json.skip().map(|_| ())?,
            None => {
                finish(&mut open, &mut all, nodes, builder)?;
                if !open.is_empty() && json.item()? {
                    begin(json, &mut open, &mut all)?;
                }
            }
        }
    }
    for own in &all[1..] {
        nodes.link(all[own.parent].id, own.id);
    }
    Ok(all)
}

fn before(from_one: i64) -> i64 {
    from_one.saturating_sub(1)
}

fn begin<'a>(json: &mut Cursor<'a>, open: &mut Vec<Open<'a>>, all: &mut Vec<Own>) -> Result<(), V8Error> {
    json.open(b'{')?;
    let position = all.len();
    if position == MAX_NODES {
        return Err(TooMuch { what: "nodes", limit: MAX_NODES }.into());
    }
    let parent = open.last().map_or(position, |parent| parent.position);
    all.push(Own { parent, ..Own::default() });
    open.push(Open { id: None, position, frame: CallFrame::default() });
    Ok(())
}

/// The object of the innermost node has ended: all is known of it.
fn finish(
    open: &mut Vec<Open<'_>>,
    all: &mut [Own],
    nodes: &mut NodeTable,
    builder: &mut ProfileBuilder,
) -> Result<(), V8Error> {
    let Some(node) = open.pop() else { return Ok(()) };
    // Ids of V8 are small; these cannot meet them.
    let id = node.id.unwrap_or(u64::MAX - node.position as u64);
    let own = &mut all[node.position];
    own.id = id;
    nodes.push(id, &node.frame, own.hits, builder)
}

impl Own {
    /// The id under which the node is in the table.
    pub(super) fn id(&self) -> u64 {
        self.id
    }
}
