//! Sentences where there is no verdict: too little data, or sides that cannot be compared.

use super::numbers::duration;
use super::{Missing, NotComparable, Verdict};
use crate::units::{Unit, format_value};

impl Verdict {
    pub(super) fn too_little(&self, missing: &Missing) -> String {
        let words = self.words();
        let place = usize::from(!missing.in_baseline);
        let side = &words.sides[place];
        let [span, needed_span] = missing.span_secs;
        let [windows, needed] = missing.windows;
        let has = match self.sides[place].profiles {
            0 => return format!("No verdict: {side} has no profiles."),
            1 => format!("{side} has one profile, and at least {} are needed", duration(needed_span)),
            _ if span < needed_span => {
                format!(
                    "{side} has {} of data, and at least {} are needed",
                    duration(span),
                    duration(needed_span)
                )
            }
            _ => format!("{side} has {windows} intervals with profiles, and at least {needed} are needed"),
        };
        let baseline = &words.sides[0];
        let also = match (missing.baseline_span_secs, self.sides[0].profiles) {
            (None, _) => String::new(),
            (Some(_), 0) => format!("; {baseline} has no profiles"),
            (Some(span), _) if span < needed_span => format!("; {baseline} has {} of data", duration(span)),
            (Some(_), _) => format!("; {baseline} has too few profiles"),
        };
        match missing.enough_in_secs {
            Some(secs) => {
                format!("Too little data yet: {has}. It will be enough in about {}.", duration(secs.max(1.0)))
            }
            None => format!("Too little data: {has}{also}. Choose a longer range or another baseline."),
        }
    }

    pub(super) fn not_comparable(&self, why: NotComparable) -> String {
        match why {
            NotComparable::SameSides => {
                "Nothing to compare: both sides are the same selection in the same time range.".to_owned()
            }
            NotComparable::Types => "No verdict: the two sides are of different profile types, and their values cannot be compared.".to_owned(),
            NotComparable::SamplingRates => format!(
                "No verdict: {}, and this type counts samples. Compare a type that measures time.",
                self.about_sampling()
            ),
            NotComparable::NegativeValues => {
                "No verdict: some values are negative, so that shares and relative changes have no meaning.".to_owned()
            }
        }
    }

    /// `the sides were sampled at different rates (version 1 every 10 ms, version 2 every 20 ms)`, and which of them is derived.
    pub(super) fn about_sampling(&self) -> String {
        let unit = Unit::parse(&self.period_unit);
        let period = |side: usize| {
            let text = format_value(self.sides[side].period as f64, &unit);
            let is_bare = text.ends_with(|c: char| c.is_ascii_digit());
            if is_bare { format!("{text} events") } else { text }
        };
        let [before, after] = self.words().sides;
        let of = "derived from the time and the number of samples";
        let derived = match self.sides.each_ref().map(|side| side.period_is_derived) {
            [false, false] => String::new(),
            [true, true] => format!("; both are {of}"),
            [true, false] => format!("; that of {before} is {of}"),
            [false, true] => format!("; that of {after} is {of}"),
        };
        format!(
            "the sides were sampled at different rates ({before} every {}, {after} every {}{derived})",
            period(0),
            period(1)
        )
    }
}
