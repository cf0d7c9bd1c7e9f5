//! Search in a picture.

use crate::browser::lower_case;
use crate::browser::pattern::{InvalidPattern, Pattern};
use crate::views::picture::Picture;
use flarepath_profile::diff::Pair;
use flarepath_profile::flame::navigate::sort_for_drawing;
use flarepath_profile::frame_table::{FrameId, FrameTable};
use flarepath_profile::search::{Matches, frames_containing_lower, search};

/// The matches in a tree.
#[derive(Debug)]
pub(crate) struct Found {
    /// Matching nodes in drawing order, and their total.
    pub(crate) matches: Matches,
    /// Their totals on both sides, where two trees are compared.
    pub(crate) both: Pair,
    /// Number of matching functions.
    pub(crate) functions: usize,
}

/// For each frame whether its name matches a text or a pattern; `None` for an empty text.
///
/// # Errors
/// [`InvalidPattern`].
pub(crate) fn marks(
    frames: &FrameTable,
    text: &str,
    regex: bool,
) -> Result<Option<Vec<bool>>, InvalidPattern> {
    if text.is_empty() {
        return Ok(None);
    }
    if !regex {
        return Ok(Some(frames_containing_lower(frames, text, lower_case::of)));
    }
    let pattern = Pattern::new(text)?;
    let mut marks = vec![false; frames.len()];
    for (i, mark) in marks.iter_mut().enumerate().skip(1) {
        *mark = pattern.is_in(frames.name(FrameId(i as u32)));
    }
    Ok(Some(marks))
}

/// The nodes of matching frames.
pub(crate) fn find(picture: &Picture, marks: &[bool]) -> Found {
    let mut matches = search(&picture.tree, marks);
    sort_for_drawing(&picture.layout, &mut matches.nodes);
    let both = picture.changes.as_ref().map(|c| (c.texts.matched)(&c.both, marks));
    let both = both.unwrap_or_default();
    Found { matches, both, functions: marks.iter().filter(|m| **m).count() }
}

/// The match after or before `current` of `count`, wrapping around; without a current one the first or the last.
pub(crate) fn step(count: usize, current: Option<usize>, forward: bool) -> Option<usize> {
    match (current, forward) {
        _ if count == 0 => None,
        (None, true) => Some(0),
        (None, false) => Some(count - 1),
        (Some(at), true) => Some((at + 1) % count),
        (Some(at), false) => Some((at + count - 1) % count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_wrap_around() {
        assert_eq!(step(3, None, true), Some(0));
        assert_eq!(step(3, Some(2), true), Some(0));
        assert_eq!(step(3, Some(0), false), Some(2));
        assert_eq!(step(0, None, true), None);
    }
}
