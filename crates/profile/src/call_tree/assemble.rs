//! Assembles a call tree in canonical form from any table of parent pointers.
//!
//! The input is what stores, merges and transforms have: nodes in any order in which a parent comes
//! before its children, possibly with several nodes for the same path. The output is pre-order, siblings
//! sorted by name, file and mapping and unique, paths without a value omitted, and frames and strings
//! renumbered in that same order, so that equal trees are equal column by column.
//!
//! One stack holds the nodes still to be placed. Nodes of one path lie next to each other on it, so
//! merging needs no hashing: O(n log siblings), about 0.1 µs a node.

use super::{CallTree, InvalidTree, NodeId};
use crate::frame_table::{Frame, FrameId, FrameTable};
use crate::string_table::{StrId, StringTable};

/// What nodes carry: one value, or one for each side of a comparison.
pub(crate) trait Weight: Copy {
    /// Whether there is nothing to carry; such nodes are omitted.
    fn is_zero(self) -> bool;
    /// The sum, saturating.
    fn plus(self, other: Self) -> Self;
}

impl Weight for i64 {
    fn is_zero(self) -> bool {
        self == 0
    }

    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }
}

impl Weight for [i64; 2] {
    fn is_zero(self) -> bool {
        self == [0, 0]
    }

    fn plus(self, other: Self) -> Self {
        [self[0].saturating_add(other[0]), self[1].saturating_add(other[1])]
    }
}

/// Columns in canonical form.
pub(crate) struct Assembled<W> {
    pub(crate) frames: FrameTable,
    pub(crate) frame: Vec<FrameId>,
    pub(crate) parent: Vec<NodeId>,
    pub(crate) self_value: Vec<W>,
}

/// A call tree from parent pointers. Node 0 is the root, which is its own parent and whose frame is ignored;
/// `parent[i] < i` for all others. Nodes with the same frame below the same parent become one, and nodes
/// without a value in themselves or below are omitted.
///
/// # Errors
/// [`InvalidTree`] when columns differ in length, are empty, or a parent or a frame does not exist.
pub fn from_parent_pointers(
    frames: &FrameTable,
    parent: &[NodeId],
    frame: &[FrameId],
    self_value: &[i64],
) -> Result<CallTree, InvalidTree> {
    let Assembled { frames, frame, parent, self_value } = assemble(frames, parent, frame, self_value)?;
    Ok(CallTree::of_pre_order(frames, frame, parent, self_value))
}

/// [`from_parent_pointers`], given up with `None` soon after `stop` returns true. It is called every few thousand nodes.
///
/// # Errors
/// As there.
pub fn from_parent_pointers_until(
    frames: &FrameTable,
    parent: &[NodeId],
    frame: &[FrameId],
    self_value: &[i64],
    stop: &dyn Fn() -> bool,
) -> Result<Option<CallTree>, InvalidTree> {
    let assembled = assemble_until(frames, parent, frame, self_value, stop)?;
    let tree = assembled.filter(|_| !stop()).map(|Assembled { frames, frame, parent, self_value }| {
        CallTree::of_pre_order(frames, frame, parent, self_value)
    });
    Ok(tree)
}

/// Nodes between two calls of `stop`.
const STEPS: usize = 4096;

/// The columns of [`from_parent_pointers`], for any kind of value.
///
/// # Errors
/// As there.
pub(crate) fn assemble<W: Weight>(
    frames: &FrameTable,
    parent: &[NodeId],
    frame: &[FrameId],
    self_value: &[W],
) -> Result<Assembled<W>, InvalidTree> {
    let assembled = assemble_until(frames, parent, frame, self_value, &|| false)?;
    Ok(assembled.expect("it is never told to stop"))
}

/// The columns of [`from_parent_pointers_until`], for any kind of value.
///
/// # Errors
/// As there.
fn assemble_until<W: Weight>(
    frames: &FrameTable,
    parent: &[NodeId],
    frame: &[FrameId],
    self_value: &[W],
    stop: &dyn Fn() -> bool,
) -> Result<Option<Assembled<W>>, InvalidTree> {
    check(frames, parent, frame, self_value)?;
    if stop() {
        return Ok(None);
    }
    let alive = alive(parent, self_value);
    let mut used = vec![false; frames.len()];
    for i in (1..parent.len()).filter(|&i| alive[i]) {
        used[frame[i].index()] = true;
    }
    let (frames, new_id) = canonical_frames(frames, &used);
    if stop() {
        return Ok(None);
    }
    let children = Children::new(parent, &alive);
    let nodes = alive.iter().filter(|&&a| a).count();
    let mut out = Output::with_capacity(nodes);
    out.push(FrameId::ROOT, NodeId::ROOT, self_value[0]);
    let mut pending = Vec::new();
    for &node in children.of(0) {
        pending.push(Pending { parent: NodeId::ROOT, frame: new_id[frame[node as usize].index()], node });
    }
    pending.sort_unstable_by_key(|p| std::cmp::Reverse(p.frame));
    let mut same_path = Vec::new();
    while let Some(top) = pending.pop() {
        same_path.clear();
        same_path.push(top.node);
        let mut value = self_value[top.node as usize];
        while let Some(next) = pending.pop_if(|p| p.parent == top.parent && p.frame == top.frame) {
            same_path.push(next.node);
            value = value.plus(self_value[next.node as usize]);
        }
        let id = out.push(top.frame, top.parent, value);
        if id.index().is_multiple_of(STEPS) && stop() {
            return Ok(None);
        }
        let base = pending.len();
        for &node in same_path.iter().flat_map(|&n| children.of(n as usize)) {
            pending.push(Pending { parent: id, frame: new_id[frame[node as usize].index()], node });
        }
        pending[base..].sort_unstable_by_key(|p| std::cmp::Reverse(p.frame));
    }
    let Output { frame, parent, self_value } = out;
    Ok(Some(Assembled { frames, frame, parent, self_value }))
}

/// A node whose place in the output is known up to the nodes that share its path.
struct Pending {
    parent: NodeId,
    frame: FrameId,
    node: u32,
}

struct Output<W> {
    frame: Vec<FrameId>,
    parent: Vec<NodeId>,
    self_value: Vec<W>,
}

impl<W> Output<W> {
    fn with_capacity(n: usize) -> Self {
        let (frame, parent) = (Vec::with_capacity(n), Vec::with_capacity(n));
        Output { frame, parent, self_value: Vec::with_capacity(n) }
    }

    fn push(&mut self, frame: FrameId, parent: NodeId, value: W) -> NodeId {
        self.frame.push(frame);
        self.parent.push(parent);
        self.self_value.push(value);
        NodeId(self.frame.len() as u32 - 1)
    }
}

fn check<W>(
    frames: &FrameTable,
    parent: &[NodeId],
    frame: &[FrameId],
    self_value: &[W],
) -> Result<(), InvalidTree> {
    let n = parent.len();
    if n == 0 || frame.len() != n || self_value.len() != n || u32::try_from(n).is_err() {
        return Err(InvalidTree::Lengths { frame: frame.len(), parent: n, self_value: self_value.len() });
    }
    if let Some(i) = (1..n).find(|&i| parent[i].index() >= i) {
        return Err(InvalidTree::Order(i));
    }
    match (1..n).find(|&i| frame[i].index() >= frames.len()) {
        Some(i) => Err(InvalidTree::Frame(i, frame[i].0)),
        None => Ok(()),
    }
}

/// Which nodes have a value in themselves or below.
fn alive<W: Weight>(parent: &[NodeId], self_value: &[W]) -> Vec<bool> {
    let mut alive: Vec<bool> = self_value.iter().map(|v| !v.is_zero()).collect();
    for i in (1..parent.len()).rev() {
        alive[parent[i].index()] |= alive[i];
    }
    alive[0] = true;
    alive
}

/// Children of each node, by a counting sort.
struct Children {
    start: Vec<u32>,
    child: Vec<u32>,
}

impl Children {
    fn new(parent: &[NodeId], alive: &[bool]) -> Self {
        let n = parent.len();
        let mut start = vec![0u32; n + 1];
        for i in (1..n).filter(|&i| alive[i]) {
            start[parent[i].index() + 1] += 1;
        }
        for i in 0..n {
            start[i + 1] += start[i];
        }
        let mut child = vec![0u32; start[n] as usize];
        let mut next = start.clone();
        for i in (1..n).filter(|&i| alive[i]) {
            let slot = &mut next[parent[i].index()];
            child[*slot as usize] = i as u32;
            *slot += 1;
        }
        Children { start, child }
    }

    fn of(&self, node: usize) -> &[u32] {
        &self.child[self.start[node] as usize..self.start[node + 1] as usize]
    }
}

/// The used frames sorted by name, file and mapping, equal ones merged, with text of their own; and for each
/// old id the new one. The root stays first.
pub(crate) fn canonical_frames(frames: &FrameTable, used: &[bool]) -> (FrameTable, Vec<FrameId>) {
    let text = |id: FrameId| {
        let t = frames.text(id);
        (t.name, t.file, t.mapping)
    };
    let mut order: Vec<FrameId> = (1..frames.len()).filter(|&i| used[i]).map(|i| FrameId(i as u32)).collect();
    order.sort_by(|&a, &b| text(a).cmp(&text(b)));
    let mut new_id = vec![FrameId::ROOT; frames.len()];
    let mut strings = StringTable::new();
    strings.reserve(order.len(), frames.strings.text_len());
    let mut intern = |id: StrId| strings.intern(frames.strings.get(id));
    let mut table: Vec<Frame> = Vec::with_capacity(order.len() + 1);
    for (position, id) in [FrameId::ROOT].into_iter().chain(order).enumerate() {
        let old = frames.get(id);
        let (name, file, mapping) = (intern(old.name), intern(old.file), intern(old.mapping));
        match table.last_mut() {
            Some(last) if position > 1 && (last.name, last.file, last.mapping) == (name, file, mapping) => {
                last.absorb(old.line, old.symbolized);
            }
            _ => table.push(Frame { name, file, mapping, ..*old }),
        }
        new_id[id.index()] = FrameId(table.len() as u32 - 1);
    }
    let mut canonical = FrameTable::new();
    canonical.strings = strings;
    canonical.replace(table);
    (canonical, new_id)
}
