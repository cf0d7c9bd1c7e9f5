//! [`LentPart`]: a part of a page that the full program shows in an element of the first one, for a question as text. See docs/decisions/0009-two-programs.md.

/// A part of a page of the first program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LentPart {
    /// The verdict on what Explore shows; asked for by a [`VerdictQuestion`](super::verdict_question::VerdictQuestion).
    Verdict,
    /// Metrics in the rows of Home; asked for by [`sight_text`](super::home_sight::sight_text).
    HomeMetrics,
    /// The newest shares below them; the question is [`READY`] or empty.
    HomeShares,
    /// The picker of the store, in the query line of both; the question is the query string of the page.
    Stores,
}

/// Begins a question when the picture of its page is on screen.
pub(crate) const READY: &str = "1 ";

/// Whether the picture that a question belongs to is on screen. Cheaper than to read it: the first program does not.
pub(crate) fn is_ready(question: &str) -> bool {
    question.starts_with(READY)
}

impl LentPart {
    const ALL: [LentPart; 4] =
        [LentPart::Verdict, LentPart::HomeMetrics, LentPart::HomeShares, LentPart::Stores];

    /// The class of the element, and its name between the programs.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            LentPart::Verdict => "verdict-line",
            LentPart::HomeMetrics => "home-notes",
            LentPart::HomeShares => "home-recent",
            LentPart::Stores => "stores",
        }
    }

    /// Reads [`LentPart::class`].
    pub(crate) fn of_class(class: &str) -> Option<LentPart> {
        LentPart::ALL.into_iter().find(|part| part.class() == class)
    }

    /// In its place when the full program cannot be loaded.
    pub(crate) const fn lost(self) -> &'static str {
        match self {
            LentPart::Verdict => {
                "The verdict could not be loaded: this part of the page is not available. Reload the page to try again."
            }
            LentPart::HomeMetrics => {
                "Metrics and shares could not be loaded: this part of the page is not available. Reload the page to try again."
            }
            // The line of the metrics says it; most servers have one store.
            LentPart::HomeShares | LentPart::Stores => "",
        }
    }

    /// In its place while the person saves data.
    pub(crate) const fn saved(self) -> &'static str {
        match self {
            LentPart::Verdict => {
                "The verdict is not loaded, because this browser is set to save data. Compare shows it."
            }
            LentPart::HomeMetrics => {
                "Metrics and shares are not loaded, because this browser is set to save data."
            }
            LentPart::HomeShares | LentPart::Stores => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_known_by_their_class() {
        for part in LentPart::ALL {
            assert_eq!(LentPart::of_class(part.class()), Some(part));
        }
        assert_eq!(LentPart::of_class("home"), None);
    }

    #[test]
    fn a_question_is_ready_once_it_begins_so() {
        assert!(is_ready(READY));
        assert!(!is_ready("") && !is_ready("0 5"));
    }
}
