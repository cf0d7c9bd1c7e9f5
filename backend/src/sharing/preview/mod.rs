//! The picture that a link unfurls to: a PNG of 1200×630 pixels with a title, a finding in one line and what was found.
//!
//! Pure: values in, bytes out; knows neither shares nor requests. The way of a picture: [`draw()`] → `card` (title, finding,
//! frame) → `flame` or `grid` (what is shown) → `canvas` (pixels, by plotters) → `indexed` (PNG). Words are measured and cut by `text`,
//! colours are those of the page's light theme, in `palette`.
//!
//! Bounded whatever it is given: time and memory grow with the number of nodes (about 40 bytes each for the layout) and with
//! nothing else; what is drawn is bounded by the pixels. Nothing on the picture is left out without a word: boxes too
//! narrow are drawn as grey rest, levels that do not fit are counted at the bottom.
//!
//! Blocking: a large tree takes a second; call it from a thread that may wait.

mod arabic;
mod canvas;
mod card;
mod flame;
mod grid;
mod indexed;
mod palette;
mod text;

use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::{DiffTree, Scale};
use flarepath_profile::heatmap::{Heatmap, Origin};
use flarepath_profile::units::Unit;

/// Width of every picture in pixels.
pub(crate) const WIDTH: u32 = 1200;
/// Height of every picture in pixels.
pub(crate) const HEIGHT: u32 = 630;

/// What a picture says. Texts that are too long are cut and end in `…`; empty ones leave no gap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Picture<'a> {
    /// What it is about, the largest line.
    pub(crate) title: &'a str,
    /// The finding in one line.
    pub(crate) verdict: &'a str,
    /// Where and when: service, window.
    pub(crate) subtitle: &'a str,
    /// What is drawn below.
    pub(crate) shown: Shown<'a>,
}

/// What is drawn on a picture.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shown<'a> {
    /// A flame graph.
    Tree {
        /// The tree.
        tree: &'a CallTree,
        /// Unit of its values.
        unit: &'a Unit,
    },
    /// Two trees over each other, coloured by what changed.
    Diff {
        /// Both trees.
        both: &'a DiffTree,
        /// What is compared.
        scale: &'a Scale,
        /// Unit of the values.
        unit: &'a Unit,
    },
    /// A heat map.
    Heatmap {
        /// The cells.
        map: &'a Heatmap,
        /// Where its first row is.
        origin: Origin,
        /// Texts below the left and the right end, such as times.
        ends: [&'a str; 2],
    },
}

/// No picture could be made. A defect of the program: no input leads here.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PreviewError {
    /// The embedded font cannot be read.
    #[error("the embedded font of previews cannot be read")]
    Font,
    /// Drawing failed.
    #[error("a preview could not be drawn: {0}")]
    Draw(String),
    /// Writing the PNG failed.
    #[error("a preview could not be written as PNG")]
    Png(#[from] png::EncodingError),
}

/// Draws a picture and writes it as PNG.
///
/// # Errors
/// [`PreviewError`], which is no fault of the input.
pub(crate) fn draw(picture: &Picture<'_>) -> Result<Vec<u8>, PreviewError> {
    canvas::png(|canvas| card::draw(canvas, picture))
}

/// The picture for links whose content is not for everyone: it names the product and nothing else.
///
/// # Errors
/// [`PreviewError`].
pub(crate) fn generic() -> Result<Vec<u8>, PreviewError> {
    canvas::png(card::draw_generic)
}

#[cfg(test)]
mod tests;
