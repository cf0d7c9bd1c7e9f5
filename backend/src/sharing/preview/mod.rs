//! Preview images for link unfurling: a PNG of 1200×630 pixels with title, verdict and a flame graph or heat map.
//!
//! Pure: values in, bytes out; knows neither shares nor requests. Stages: [`draw()`] → `card` (title, verdict, footer) →
//! `flame` or `grid` (data) → `canvas` (pixels, by plotters) → `indexed` (PNG). `text` measures and truncates text, `bidi`
//! orders it, `palette` has the colours of the page's light theme.
//!
//! Time and memory are linear in the number of nodes (about 40 bytes each for the layout); what is drawn is bounded by the
//! pixels. Nothing is omitted silently: boxes that are too narrow are drawn as grey remainder, levels that do not fit are
//! counted at the bottom.
//!
//! Blocking: a large tree takes a second, so call it on a blocking thread.

mod bidi;
mod canvas;
mod card;
#[cfg(test)]
mod colour_checks;
mod flame;
mod grid;
mod indexed;
mod palette;
mod text;

use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::{DiffTree, Pair, Scale};
use flarepath_profile::heatmap::{Heatmap, Origin};
use flarepath_profile::units::Unit;

/// Width of every picture in pixels.
pub(crate) const WIDTH: u32 = 1200;
/// Height of every picture in pixels.
pub(crate) const HEIGHT: u32 = 630;

/// Content of an image. Long texts are truncated with `…`; empty ones leave no gap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Picture<'a> {
    /// The largest line.
    pub(crate) title: &'a str,
    /// The number of the verdict, drawn large beside it; empty if it has none.
    pub(crate) number: &'a str,
    /// What it shows; up to three lines are drawn, four beside a number.
    pub(crate) verdict: &'a str,
    /// Service and time range.
    pub(crate) subtitle: &'a str,
    /// The graphic below.
    pub(crate) graphic: Graphic<'a>,
}

/// The data of an image, and how it is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Graphic<'a> {
    /// A flame graph.
    Tree {
        /// The tree.
        tree: &'a CallTree,
        /// Unit of its values.
        unit: &'a Unit,
    },
    /// A diff of two trees, coloured by change.
    Diff {
        /// Both trees.
        both: &'a DiffTree,
        /// How values are compared.
        scale: &'a Scale,
        /// Unit of the values.
        unit: &'a Unit,
        /// Profiles of both sides, for levels, such as memory in use, which are means.
        profiles: Option<Pair>,
    },
    /// A heat map.
    Heatmap {
        /// The cells.
        map: &'a Heatmap,
        /// Position of its first row.
        origin: Origin,
        /// Columns that hold less than their width would: hatched, and no colour is chosen by them.
        partial: &'a [usize],
        /// Texts below the left and the right end, such as times.
        ends: [&'a str; 2],
    },
}

/// Drawing failed. A bug: no input causes it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PreviewError {
    /// The embedded font cannot be read.
    #[error("the embedded font of preview images is malformed")]
    Font,
    /// Drawing failed.
    #[error("drawing a preview image failed: {0}")]
    Draw(String),
    /// Writing the PNG failed.
    #[error("encoding a preview image failed")]
    Png(#[from] png::EncodingError),
}

/// Draws an image as PNG.
///
/// # Errors
/// [`PreviewError`], which no input causes.
pub(crate) fn draw(picture: &Picture<'_>) -> Result<Vec<u8>, PreviewError> {
    canvas::png(|canvas| card::draw(canvas, picture))
}

/// The image for links to non-public shares: it names the product and nothing else.
///
/// # Errors
/// [`PreviewError`].
pub(crate) fn generic() -> Result<Vec<u8>, PreviewError> {
    canvas::png(card::draw_generic)
}

#[cfg(test)]
mod tests;
