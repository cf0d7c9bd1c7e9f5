//! `.heapprofile`: `node --heap-prof` and "Allocation sampling" of the Chrome DevTools.

use super::{NodeTable, V8Error, nested};
use crate::formats::builder::ProfileBuilder;
use crate::formats::call_stacks::CallStacks;
use crate::formats::json::Cursor;
use crate::formats::room::Room;
use crate::formats::{NamedProfile, TooMuch};

/// Reads a heap profile into sample type `inuse_space` in `bytes`: what was allocated while recording and
/// still alive at its end, as V8 estimates it from its samples.
///
/// # Errors
/// [`V8Error`], also when the file ends too early.
pub fn read(bytes: &[u8]) -> Result<NamedProfile, V8Error> {
    TooMuch::check_bytes(bytes)?;
    let mut json = Cursor::new(bytes);
    let mut builder = ProfileBuilder::new(&[("inuse_space", "bytes")]).within(Room::of(bytes.len()));
    let (mut nodes, mut all, mut name) = (NodeTable::default(), Vec::new(), String::new());
    json.open(b'{')?;
    while let Some(key) = json.key()? {
        match &*key {
            "head" => all = nested::read(&mut json, &mut nodes, &mut builder)?,
            "title" => name = json.value::<Option<_>>()?.unwrap_or_default(),
            _ => json.skip().map(|_| ())?,
        }
    }
    json.end()?;
    let mut stacks = CallStacks::new();
    let of_node = nodes.stacks(&mut stacks)?;
    for own in all.iter().filter(|own| own.size != 0) {
        if let Some(node) = nodes.find(own.id()) {
            let id = stacks.id(of_node[node], &mut builder)?;
            builder.sample_at(None, id, &[own.size], &[])?;
        }
    }
    Ok(builder.named(name))
}
