//! The state of a combobox: the edited text, the matching options, and which of them is active.

use super::{Choice, Entry, SHOWN};
use crate::browser::lower_case;
use crate::reactive::{Memo, RwSignal, Signal};

/// The state. Copies share it.
#[derive(Clone, Copy)]
pub(super) struct ComboboxState {
    entry: Entry,
    shown: Signal<String>,
    /// The text while it is edited.
    typed: RwSignal<Option<String>>,
    /// Whether the list is open.
    pub(super) expanded: RwSignal<bool>,
    /// Index of the option that Enter accepts.
    pub(super) active: RwSignal<Option<usize>>,
    /// The matching options.
    pub(super) found: Memo<Vec<Choice>>,
}

impl ComboboxState {
    pub(super) fn new(shown: Signal<String>, choices: Signal<Vec<Choice>>, entry: Entry) -> ComboboxState {
        let typed = RwSignal::new(None::<String>);
        let found = Memo::new(move || {
            let text = typed.get().unwrap_or_default();
            choices.with(|all| matching(all, &text))
        });
        ComboboxState {
            entry,
            shown,
            typed,
            expanded: RwSignal::new(false),
            active: RwSignal::new(Some(0)),
            found,
        }
    }

    /// Opens the list with the current value active; whether it was closed.
    pub(super) fn open(self) -> bool {
        if self.is_open() {
            return false;
        }
        self.expanded.set(true);
        let current = self.shown.get_untracked();
        let at = self.found.with_untracked(|f| f.iter().position(|c| c.label == current));
        self.active.set(at.or(self.initial()));
        true
    }

    /// Closes the list and forgets the edited text.
    pub(super) fn close(self) {
        self.expanded.set(false);
        self.typed.set(None);
    }

    pub(super) fn is_open(self) -> bool {
        self.expanded.get_untracked()
    }

    pub(super) fn type_text(self, text: String) {
        self.typed.set(Some(text));
        self.active.set(self.initial());
    }

    /// The option that is active without arrow keys.
    fn initial(self) -> Option<usize> {
        (self.entry != Entry::Text).then_some(0)
    }

    /// Moves to the next or previous option; its index.
    pub(super) fn step(self, by: isize) -> usize {
        let last = self.found.with_untracked(|f| f.len().min(SHOWN)).saturating_sub(1);
        let at = match self.active.get_untracked() {
            None if by > 0 => 0,
            None => last,
            Some(at) => at.saturating_add_signed(by).min(last),
        };
        self.active.set(Some(at));
        at
    }

    /// The value that Enter accepts.
    pub(super) fn accepted(self) -> Option<String> {
        let active = self.active.get_untracked();
        let option = self.found.with_untracked(|f| f.get(active?).map(|c| c.value.clone()));
        let text = self.typed.get_untracked().filter(|t| self.entry != Entry::Option && !t.is_empty());
        option.or(text)
    }

    /// What the field shows.
    pub(super) fn text(self) -> String {
        self.typed.get().unwrap_or_else(|| self.shown.get())
    }

    /// The active option of an open list. An empty one has none.
    pub(super) fn active_option(self) -> Option<usize> {
        self.active
            .get()
            .filter(|at| self.expanded.get() && self.found.with(|found| *at < found.len().min(SHOWN)))
    }
}

/// Options that contain all words of `text`; those that start with it come first.
fn matching(all: &[Choice], text: &str) -> Vec<Choice> {
    let text = lower_case::of(text.trim());
    let words: Vec<&str> = text.split_whitespace().collect();
    let searched = |c: &Choice| lower_case::of(&format!("{} {}", c.label, c.value));
    let found = all.iter().filter(|c| words.iter().all(|w| searched(c).contains(w))).cloned();
    let (first, rest): (Vec<Choice>, Vec<Choice>) =
        found.partition(|c| lower_case::of(&c.label).starts_with(&text));
    [first, rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_by_words_and_lists_prefixes_first() {
        let choice = |text: &str| Choice { value: text.into(), label: text.into(), detail: String::new() };
        let all = ["big-shop", "Shop", "mail"].map(choice);
        let names = |text: &str| matching(&all, text).into_iter().map(|c| c.value).collect::<Vec<_>>();
        assert_eq!(names(""), ["big-shop", "Shop", "mail"]);
        assert_eq!(names("shop"), ["Shop", "big-shop"]);
        assert_eq!(names(" shop BIG "), ["big-shop"]);
        assert!(names("x").is_empty());
    }
}
