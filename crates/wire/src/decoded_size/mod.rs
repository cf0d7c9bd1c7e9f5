//! Memory of a message once it is decoded, counted from its bytes without allocating.
//!
//! Two bytes of protobuf, a tag and a length of zero, can be an element of a list: a struct of some hundred bytes. What is
//! sent small and compresses well can therefore end a process that decodes it. [`decoded_size`] walks the fields first and
//! adds up what each will take, in lists that grow by doubling:
//!
//! | on the wire | counted |
//! |---|---|
//! | a message | three times its struct, and one allocation |
//! | text | three times a `String`, its bytes, one allocation |
//! | numbers, packed or not | twice the width of each, and one allocation |
//! | fields that the message does not have | nothing: they are skipped |
//!
//! The sum is an upper bound of what is alive at the same time, not an estimate of what remains.

use crate::call_tree::CallTreeColumns;
use crate::chart::FlameChart;
use crate::heatmap::{HeatmapResponse, HeatmapRow};
use crate::offsets::OffsetCells;
use crate::own_code::OwnCodePattern;
use crate::shares::{CreateShareRequest, ShareSource};
use crate::snapshot::{Facts, Gap, ReportLine, SanitizeReport, Snapshot, SnapshotSide, TopMover};
use crate::verdict::{
    VerdictFigure, VerdictFunction, VerdictMethod, VerdictMissing, VerdictNumber, VerdictResponse,
    VerdictSelection, VerdictSide,
};
use flarepath_profile::varint;

/// Bytes of an allocation besides its content: header and rounding, and the least that a list begins with.
const ALLOCATION: usize = 64;
/// What a message of unknown shape is taken for: no message of a request is larger.
const ANY_MESSAGE: usize = 256;
/// Messages within each other that are looked into. Those of requests are five deep at most.
const MAX_DEPTH: usize = 8;

/// A message: what its struct takes, and its fields with content of their own, by number.
#[derive(Debug)]
pub struct Shape {
    size: usize,
    /// `None`: unknown; whatever can be read as a message counts as one.
    fields: Option<&'static [(u64, Kind)]>,
}

/// Content of a field.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Message(&'static Shape),
    Text,
    /// Bytes of each number, decoded.
    Numbers(usize),
}

/// Decoding would take more than is allowed. The sender's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it would take more than {limit} bytes of memory, decoded")]
pub struct TooLarge {
    /// The bound, in bytes.
    pub limit: usize,
}

/// Most bytes that decoding `bytes` as a message of this shape takes, besides `bytes`. What is not a message counts as far
/// as a decoder would read it.
///
/// # Errors
/// [`TooLarge`] as soon as the sum passes `limit`.
pub fn decoded_size(bytes: &[u8], shape: &'static Shape, limit: usize) -> Result<usize, TooLarge> {
    let mut sum = Sum { bytes: shape.size, limit };
    sum.message(bytes, shape, 0)?;
    Ok(sum.bytes)
}

struct Sum {
    bytes: usize,
    limit: usize,
}

impl Sum {
    fn add(&mut self, bytes: usize) -> Result<(), TooLarge> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.limit { Err(TooLarge { limit: self.limit }) } else { Ok(()) }
    }

    fn message(&mut self, bytes: &[u8], shape: &'static Shape, depth: usize) -> Result<(), TooLarge> {
        let mut rest = bytes;
        while let Some(Field { number, content, after }) = field(rest) {
            rest = after;
            let kind = match shape.fields {
                Some(fields) => fields.iter().find(|(n, _)| *n == number).map(|(_, kind)| *kind),
                None => Some(Kind::Message(&ANY)),
            };
            match (kind, content) {
                (None, _) => {}
                (Some(Kind::Message(inner)), Some(content)) => {
                    self.add(ALLOCATION + 3 * inner.size)?;
                    if inner.fields.is_none() {
                        self.add(content.len())?; // it may be text
                    }
                    if depth < MAX_DEPTH {
                        self.message(content, inner, depth + 1)?;
                    }
                }
                (Some(Kind::Text), Some(text)) => {
                    self.add(ALLOCATION + 3 * size_of::<String>() + text.len())?
                }
                (Some(Kind::Numbers(width)), Some(packed)) => {
                    let count = packed.iter().filter(|&&byte| byte < 0x80).count();
                    self.add(ALLOCATION + 2 * width * count)?;
                }
                (Some(Kind::Numbers(width)), None) => self.add(2 * width)?,
                (Some(_), None) => {}
            }
        }
        Ok(())
    }
}

/// A field of a message.
struct Field<'a> {
    number: u64,
    /// Of fields with a length only.
    content: Option<&'a [u8]>,
    /// What follows the field.
    after: &'a [u8],
}

/// The first field. `None` at the end, and where the bytes stop being a message.
fn field(bytes: &[u8]) -> Option<Field<'_>> {
    let (key, rest) = varint::split(bytes)?;
    let number = key >> 3;
    if number == 0 {
        return None;
    }
    let (content, after) = match key & 7 {
        0 => (None, varint::split(rest)?.1),
        1 => (None, rest.get(8..)?),
        2 => {
            let (length, rest) = varint::split(rest)?;
            let (content, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            (Some(content), rest)
        }
        // The fields of a group count as if they stood outside.
        3 | 4 => (None, rest),
        5 => (None, rest.get(4..)?),
        _ => return None,
    };
    Some(Field { number, content, after })
}

/// Any message with small structs.
pub static ANY: Shape = Shape { size: ANY_MESSAGE, fields: None };

macro_rules! shape {
    ($(#[$doc:meta])* $visibility:vis $name:ident of $message:ty: $($tag:literal $kind:expr),* $(,)?) => {
        $(#[$doc])*
        $visibility static $name: Shape =
            Shape { size: size_of::<$message>(), fields: Some(&[$(($tag, $kind)),*]) };
    };
}

use Kind::{Message, Numbers, Text};
const U32: Kind = Numbers(size_of::<u32>());
const I64: Kind = Numbers(size_of::<i64>());

shape! {
    /// A request to create a share.
    pub CREATE_SHARE of CreateShareRequest:
    1 Text, 2 Text, 3 Text, 4 Text, 5 Text, 7 Message(&SHARE_SOURCE), 8 Text, 9 Message(&SNAPSHOT)
}
shape!(SHARE_SOURCE of ShareSource: 1 Text, 2 Text, 3 Text, 4 Text);
shape!(SNAPSHOT of Snapshot:
    3 Message(&SIDE), 4 Message(&HEATMAP), 5 Message(&FACTS), 6 Message(&REPORT), 7 Message(&VERDICT),
    8 Message(&CHART), 9 Message(&OFFSETS));
shape!(SIDE of SnapshotSide: 1 Text, 2 Text, 5 Text, 6 Text, 8 Message(&COLUMNS), 10 Message(&FACTS));
shape!(COLUMNS of CallTreeColumns:
    1 Text, 2 U32, 3 U32, 4 U32, 5 U32, 6 U32, 7 U32, 8 U32, 9 I64, 10 U32);
shape!(CHART of FlameChart: 1 Text, 3 U32, 4 I64, 5 I64, 6 U32);
shape!(OFFSETS of OffsetCells: 1 Text, 6 I64);
shape!(HEATMAP of HeatmapResponse: 1 I64, 3 Text, 4 Message(&ROW), 5 Message(&ROW), 6 I64, 8 Text,
    13 Text, 14 I64);
shape!(ROW of HeatmapRow: 1 Text, 2 Text, 6 I64);
shape!(FACTS of Facts: 1 Text, 2 Text, 4 Text, 8 Message(&GAP), 10 Message(&MOVER), 13 Text, 14 Text,
    15 Text, 16 Text, 17 Text);
shape!(GAP of Gap:);
shape!(MOVER of TopMover: 1 Text);
shape!(REPORT of SanitizeReport: 1 Text, 3 Message(&LINE), 5 Text, 6 Text, 7 Text, 8 Text);
shape!(LINE of ReportLine: 1 Text, 3 Text);
shape!(VERDICT of VerdictResponse:
    1 Text, 2 Text, 3 Text, 4 Text, 5 Text, 6 Text, 7 Message(&VERDICT_SIDE), 8 Message(&VERDICT_SIDE),
    9 Message(&SELECTION), 10 Message(&FIGURE), 12 Message(&FUNCTION), 13 Text, 16 Message(&MISSING),
    17 Message(&METHOD), 18 Text, 20 Message(&OWN_CODE), 22 U32, 23 Message(&NUMBER));
shape!(VERDICT_SIDE of VerdictSide: 1 Message(&SELECTION));
shape!(SELECTION of VerdictSelection: 1 Text);
shape!(FIGURE of VerdictFigure:);
shape!(FUNCTION of VerdictFunction: 1 Text, 2 Text, 3 Text, 4 Text, 5 Message(&FIGURE), 6 Message(&FIGURE), 9 Text);
shape!(MISSING of VerdictMissing: 1 Text);
shape!(METHOD of VerdictMethod:);
shape!(NUMBER of VerdictNumber: 1 Text, 2 Text);
shape!(OWN_CODE of OwnCodePattern: 1 Text, 2 Text);

#[cfg(test)]
mod tests;
