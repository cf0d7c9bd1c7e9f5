//! The state of printing: the page on paper is light.

use crate::browser::{print, theme};
use crate::reactive::RwSignal;

/// True while the page is on paper, which is light.
#[derive(Clone, Copy)]
pub(crate) struct Printing(pub(crate) RwSignal<bool>);

impl Printing {
    /// Followed for as long as the page lives.
    pub(crate) fn follow() -> Printing {
        let printing = RwSignal::new(print::is_printed());
        print::on_change(move |printed| {
            theme::follow_print(printed);
            if printing.try_get_untracked().is_some_and(|before| before != printed) {
                printing.set(printed);
            }
        });
        Printing(printing)
    }
}
