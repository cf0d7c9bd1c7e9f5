//! The one number of a verdict, which is shown large beside its sentence.
//!
//! It is the change of the total. Where the total has not significantly changed but a function has, it is that function's, and
//! [`Number::label`] says so. The texts are those of the sentence.

use super::numbers::percent;
use super::{Figure, Finding, Findings, Outcome, Verdict};
use crate::units::format_alike;

/// The number of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// With its sign and unit: `+16 %`, `×12`, `+0.0395 cores`.
    pub text: String,
    /// What has changed by it: `CPU use per replica`, or a function in backticks and what it is among all of them.
    pub label: String,
    /// Whether it is an increase.
    pub grew: bool,
}

impl Verdict {
    /// The number; `None` without a significant change, also if costs only moved.
    pub fn number(&self) -> Option<Number> {
        let Outcome::Compared(found) = &self.outcome else { return None };
        match found.total_changed {
            true => Some(self.number_of_total(&found.total)),
            false => self.number_of_function(found),
        }
    }

    fn number_of_total(&self, total: &Figure) -> Number {
        let fraction = (total.before > 0.0).then(|| total.difference() / total.before);
        let text = match fraction {
            // A sentence says "12 times as high".
            Some(f) if f >= 9.0 => format!("×{:.0}", f + 1.0),
            Some(f) => percent(f),
            None => self.difference(total),
        };
        Number { text, label: self.subject(), grew: total.difference() > 0.0 }
    }

    fn number_of_function(&self, found: &Findings) -> Option<Number> {
        let (told, introductions) = self.told(found);
        let (finding, introduction): (&Finding, &String) =
            told.first().copied().zip(introductions.first())?;
        if finding.moved.is_some() {
            return None;
        }
        let place = introduction.trim_start_matches("The ");
        Some(Number {
            text: self.difference(&finding.cost),
            label: format!("{}, {place}", finding.function.quoted()),
            grew: finding.cost.difference() > 0.0,
        })
    }

    /// `+0.0395 cores`, with the digits that the sentence has.
    fn difference(&self, figure: &Figure) -> String {
        let [_, _, size] =
            format_alike([figure.before, figure.after, figure.difference().abs()], &self.unit());
        format!("{}{size}", if figure.difference() < 0.0 { '−' } else { '+' })
    }
}
