//! Lines: one stack per line, root first, frames joined by `;`, each counting once. The body of a Pyroscope
//! `/ingest?format=lines`.

use super::builder::ProfileBuilder;
use super::folded::{FoldedError, lines, push_frames};
use super::room::Room;
use super::text::decode_text;
use super::{Notes, TooMuch};
use crate::profile::Profile;

/// Reads lines into sample type `samples` in `count`.
///
/// # Errors
/// [`FoldedError`] when there is no line or there is too much.
pub fn read(bytes: &[u8]) -> Result<(Profile, Notes), FoldedError> {
    TooMuch::check_bytes(bytes)?;
    let bytes = decode_text(bytes);
    let mut builder = ProfileBuilder::new(&[("samples", "count")]).within(Room::of(bytes.len()));
    let mut stack = Vec::new();
    for (_, line) in lines(&bytes) {
        if push_frames(line, &mut builder, &mut stack) {
            builder.sample(stack.iter().rev().copied(), &[1], &[])?;
        }
    }
    if builder.samples() == 0 {
        return Err(FoldedError::NoStacks { line: 0, text: String::new() });
    }
    Ok(builder.finish())
}
