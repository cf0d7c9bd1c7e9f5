//! Spans to stacks: which spans are open at a time, and for how long.

use crate::formats::builder::ProfileBuilder;
use crate::formats::call_stacks::{CallStacks, EMPTY};
use crate::formats::{NamedProfile, Normalised, Notes, TooMuch};
use crate::stack_table::LocationId;

/// Something that took time, in nanoseconds. `frame` is an index that the owner of the track understands.
#[derive(Clone, Copy)]
pub(super) struct Span {
    start: i64,
    end: i64,
    frame: u32,
    /// Place in the file: of spans over the same time the earlier is around the later.
    order: u32,
}

/// Begin or end of a span.
#[derive(Clone, Copy)]
struct Mark {
    at: i64,
    frame: u32,
    begins: bool,
    order: u32,
}

/// Spans that nest within each other: those of a thread, or of one asynchronous task.
#[derive(Default)]
pub(super) struct Track {
    spans: Vec<Span>,
    marks: Vec<Mark>,
}

impl Track {
    /// A span that is known whole.
    pub(super) fn span(&mut self, start: i64, duration: i64, frame: u32) {
        let order = self.order();
        self.spans.push(Span { start, end: start.saturating_add(duration.max(0)), frame, order });
    }

    /// The begin of a span.
    pub(super) fn begin(&mut self, at: i64, frame: u32) {
        let order = self.order();
        self.marks.push(Mark { at, frame, begins: true, order });
    }

    /// The end of the innermost span. Ends are often without a name, and those that have one are in order.
    pub(super) fn end(&mut self, at: i64) {
        let order = self.order();
        self.marks.push(Mark { at, frame: 0, begins: false, order });
    }

    fn order(&self) -> u32 {
        (self.spans.len() + self.marks.len()) as u32
    }

    /// The last time that anything happens.
    fn last(&self) -> i64 {
        let ends = self.spans.iter().map(|span| span.end);
        ends.chain(self.marks.iter().map(|mark| mark.at)).max().unwrap_or(0)
    }

    /// Matches begins with ends. What never ends does so with the track.
    fn pair(&mut self, notes: &mut Notes) {
        let last = self.last();
        let mut marks = std::mem::take(&mut self.marks);
        marks.sort_by_key(|mark| (mark.at, mark.order));
        let mut open: Vec<Mark> = Vec::new();
        for mark in marks {
            if mark.begins {
                open.push(mark);
                continue;
            }
            match open.pop() {
                Some(Mark { at: start, frame, order, .. }) => {
                    self.spans.push(Span { start, end: mark.at, frame, order });
                }
                None => notes.add(Normalised::UnmatchedEnd, 1),
            }
        }
        notes.add(Normalised::OpenFrame, open.len() as u64);
        let left = open.iter().map(|m| Span { start: m.at, end: last, frame: m.frame, order: m.order });
        self.spans.extend(left);
    }

    /// The spans, those around others before them.
    fn nested(mut self, notes: &mut Notes) -> Vec<Span> {
        self.pair(notes);
        self.spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end), span.order));
        self.spans
    }
}

/// A stretch of time in which the stack stays the same.
struct Stretch {
    start: i64,
    nanos: i64,
    stack: u32,
}

/// A profile of tracks, whose frames are `locations`.
pub(super) fn profile(
    tracks: Vec<Track>,
    name: String,
    mut builder: ProfileBuilder,
    location: impl Fn(u32, &mut ProfileBuilder) -> LocationId,
) -> Result<NamedProfile, TooMuch> {
    let mut sweep = Sweep { stacks: CallStacks::new(), stretches: Vec::new() };
    for track in tracks {
        let spans = track.nested(&mut builder.notes);
        sweep.track(&spans, &mut builder, &location);
    }
    let Sweep { mut stacks, mut stretches } = sweep;
    stretches.sort_by_key(|stretch| stretch.start);
    let first = stretches.first().map_or(0, |s| s.start);
    let last = stretches.iter().map(|s| s.start.saturating_add(s.nanos)).max().unwrap_or(0);
    builder.profile().duration_nanos = last.saturating_sub(first);
    for stretch in stretches {
        let stack = stacks.id(stretch.stack, &mut builder)?;
        let at = stretch.start.max(1).unsigned_abs();
        builder.sample_at(Some(at), stack, &[stretch.nanos], &[])?;
    }
    Ok(builder.named(name))
}

struct Sweep {
    stacks: CallStacks,
    stretches: Vec<Stretch>,
}

impl Sweep {
    fn track(
        &mut self,
        spans: &[Span],
        builder: &mut ProfileBuilder,
        location: &impl Fn(u32, &mut ProfileBuilder) -> LocationId,
    ) {
        // The ends and stacks of what is open, and the time up to which all is said.
        let mut open: Vec<(i64, u32)> = Vec::new();
        let mut now = i64::MIN;
        for span in spans {
            self.advance(span.start, &mut now, &mut open);
            let (around, above) = open.last().copied().unwrap_or((i64::MAX, EMPTY));
            if span.end > around {
                builder.notes.add(Normalised::CrossingSpan, 1);
            }
            let stack = self.stacks.call(above, location(span.frame, builder));
            open.push((span.end.min(around), stack));
        }
        self.advance(i64::MAX, &mut now, &mut open);
    }

    /// Tells what was open until `to`, and closes what ends by then.
    fn advance(&mut self, to: i64, now: &mut i64, open: &mut Vec<(i64, u32)>) {
        while let Some(&(end, stack)) = open.last() {
            self.spend(*now, end.min(to), stack);
            *now = end.min(to).max(*now);
            if end > to {
                return;
            }
            open.pop();
        }
        *now = to;
    }

    fn spend(&mut self, start: i64, end: i64, stack: u32) {
        let nanos = end.saturating_sub(start);
        if nanos > 0 {
            self.stretches.push(Stretch { start, nanos, stack });
        }
    }
}
