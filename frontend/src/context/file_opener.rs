//! Opening the files that a person drops on the page or picks.

use crate::browser::file_drop::PickedFile;
use crate::reactive::Callback;
use leptos::prelude::use_context;

/// Receives the files: one to be shown, two to be compared, the first as the baseline.
#[derive(Clone, Copy)]
pub(crate) struct FileOpener(pub(crate) Callback<Vec<PickedFile>>);

/// The opener of the running program; does nothing where there is none.
pub(crate) fn use_opener() -> impl Fn(Vec<PickedFile>) + Clone + 'static {
    let opener = use_context::<FileOpener>().map(|opener| opener.0);
    move |files| opener.iter().for_each(|opener| opener.run(files.clone()))
}
