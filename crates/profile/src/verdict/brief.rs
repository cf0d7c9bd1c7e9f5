//! The headline cut down to what fits a row of a list.

use super::sentence::{LARGEST_CAUSE, about_name};
use super::{Outcome, Verdict};

impl Verdict {
    /// The largest cause, and what changed, without its numbers, so that the cause is what a narrow place shows; `None` if the headline does not tell both. These are the beginnings of
    /// its two sentences, in the other order, whatever is in the names that they hold.
    pub fn brief(&self) -> Option<String> {
        let Outcome::Compared(found) = &self.outcome else { return None };
        let (told, introductions) = self.told(found);
        let (finding, introduction) = (told.first()?, introductions.first()?);
        if finding.moved.is_some() || introduction != LARGEST_CAUSE {
            return None;
        }
        let what = self.about_change(&found.total, &self.words())?;
        Some(format!("{}. {what}.", about_name(finding, introduction)))
    }
}
