//! The flags of markers above a chart of time: which markers share one, where each is, and what is written beside it. Pure. Lengths are
//! CSS pixels from the left edge of the plot.

use crate::state::clock_text::Zone;
use crate::state::markers::{Kind, Marker, group_label, group_name, grouped, shortened, time};

/// Half the width of a flag.
pub(super) const HALF: f64 = 7.0;
/// Distance below which markers share a flag: the least size of a target in WCAG 2.2 (2.5.8).
const APART: f64 = 24.0;
/// Space between a flag and a text.
const SPACE: f64 = 4.0;
/// Width of a letter of the label; the painter squeezes what is wider.
const LETTER: f64 = 7.0;
/// The least letters that are worth showing of a label that has to be cut.
const LEAST_LETTERS: usize = 6;
/// How far the flag of another kind shows behind a flag, to its right.
pub(super) const BEHIND: f64 = 5.0;
/// Most rows of the tooltip.
const ROWS: usize = 8;

/// A flag.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Flag {
    /// Its middle.
    pub(crate) x: f64,
    /// Those that share it, the oldest first.
    pub(crate) markers: Vec<Marker>,
    /// The most important of their kinds.
    pub(crate) kind: Kind,
    /// The next one, which is seen behind it: an incident does not hide what was deployed.
    pub(crate) behind: Option<Kind>,
    /// What is beside it; empty where there is no room.
    pub(crate) label: String,
    /// Left edge and width of the label.
    pub(crate) label_at: (f64, f64),
}

/// Both ends of a time axis, in milliseconds since the epoch.
pub(crate) type Ends = (i64, i64);

/// The flags of the markers that are between both ends, on a plot of this width.
pub(super) fn flags(markers: &[Marker], (from_ms, until_ms): Ends, width: f64) -> Vec<Flag> {
    let length = (until_ms - from_ms).max(1) as f64;
    let inside = markers.iter().filter(|marker| (from_ms..=until_ms).contains(&marker.at_ms()));
    let placed = inside.map(|marker| ((marker.at_ms() - from_ms) as f64 / length * width, marker.clone()));
    let mut flags: Vec<Flag> = grouped(placed.collect(), APART).into_iter().map(flag).collect();
    label(&mut flags, width);
    flags
}

fn flag((x, markers): (f64, Vec<Marker>)) -> Flag {
    let kinds = || markers.iter().map(|marker| marker.kind);
    let kind = kinds().min().unwrap_or(Kind::Deploy);
    let behind = kinds().filter(|other| *other != kind).min();
    Flag { x, markers, kind, behind, label: String::new(), label_at: (x, 0.0) }
}

/// Writes labels where there is room for them: to the right of a flag or else to its left, whole or else cut. Nothing overlaps.
fn label(flags: &mut [Flag], width: f64) {
    // The right end of what is to the left.
    let mut taken = 0.0;
    for at in 0..flags.len() {
        let next = flags.get(at + 1).map_or(width, |next| next.x - HALF - SPACE);
        let flag = &mut flags[at];
        let (before, after) = (flag.x - HALF - SPACE, flag.right() + SPACE);
        let text = group_label(&flag.markers);
        let whole = text_width(&text);
        let (left, right) = (before - taken, next - after);
        let is_right = whole <= right || (whole > left && right >= left);
        let room = if is_right { right } else { left };
        let text = if whole <= room { text } else { cut(&text, room) };
        let wide = text_width(&text).min(room.max(0.0));
        flag.label_at = (if is_right { after } else { before - wide }, wide);
        taken = if is_right && !text.is_empty() { after + wide } else { flag.right() } + SPACE;
        flag.label = text;
    }
}

/// As much of a text as the room has; nothing where that would say nothing.
fn cut(text: &str, room: f64) -> String {
    let letters = (room / LETTER).max(0.0) as usize;
    match shortened(text, letters) {
        short if letters >= LEAST_LETTERS && text_width(&short) <= room => short,
        _ => String::new(),
    }
}

/// About the width of a text. Letters beyond Latin may be twice as wide.
fn text_width(text: &str) -> f64 {
    text.chars().map(|c| if c <= '\u{24f}' || c == '…' { LETTER } else { 2.0 * LETTER }).sum()
}

impl Flag {
    /// What is on it: the letter of its kind, or how many share it; the painter squeezes what is wider than the flag.
    pub(super) fn sign(&self) -> String {
        match self.markers.len() {
            0 | 1 => self.kind.letter().to_owned(),
            count @ 2..=99 => count.to_string(),
            _ => "99+".to_owned(),
        }
    }

    /// Its right edge.
    fn right(&self) -> f64 {
        self.x + HALF + if self.behind.is_some() { BEHIND } else { 0.0 }
    }

    /// Left edge and width of what can be pressed: the flag and its label.
    pub(super) fn target(&self) -> (f64, f64) {
        let (start, wide) = self.label_at;
        let half = APART / 2.0;
        let (mut from, mut until) = (self.x - half, self.x + half);
        if !self.label.is_empty() {
            (from, until) = (from.min(start), until.max(start + wide));
        }
        (from, until - from)
    }

    /// Its name: `deploy of v2 (14:02)`, `3 deploys (14:02 – 14:09)`. Dates are told unless they are that of `seen_from_ms`.
    pub(super) fn name(&self, zone: Zone, seen_from_ms: i64) -> String {
        let told = |marker: &Marker| time(zone, marker.at_ms(), seen_from_ms);
        let ends = (self.markers.first().map(told), self.markers.last().map(told));
        let when = match ends {
            (Some(first), Some(last)) if first != last => format!("{first} – {last}"),
            (first, _) => first.unwrap_or_default(),
        };
        format!("{} ({when})", group_name(&self.markers))
    }

    /// What its tooltip says: names and values, and how many are left out.
    pub(super) fn rows(&self, zone: Zone, seen_from_ms: i64) -> (Vec<(&'static str, String)>, String) {
        if let [one] = self.markers.as_slice() {
            return (one.rows(zone), String::new());
        }
        let row = |marker: &Marker| (marker.kind.noun(), marker_line(marker, zone, seen_from_ms));
        let rows = self.markers.iter().take(ROWS).map(row).collect();
        let more = self.markers.len().saturating_sub(ROWS);
        (rows, if more > 0 { format!("and {more} more") } else { String::new() })
    }
}

fn marker_line(marker: &Marker, zone: Zone, seen_from_ms: i64) -> String {
    format!("{} ({})", marker.label(), time(zone, marker.at_ms(), seen_from_ms))
}

/// All flags in a sentence, for those who do not see them; empty for none.
pub(super) fn summary(flags: &[Flag], zone: Zone, seen_from_ms: i64) -> String {
    match flags {
        [] => String::new(),
        flags => {
            let names: Vec<String> = flags.iter().map(|flag| flag.name(zone, seen_from_ms)).collect();
            format!(" Markers: {}.", names.join(", "))
        }
    }
}

#[cfg(test)]
mod tests;
