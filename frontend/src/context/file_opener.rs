//! Opening a file that a person drops on the page or picks.

use crate::browser::file_drop::PickedFile;
use crate::reactive::Callback;
use leptos::prelude::use_context;

/// Receives the file.
#[derive(Clone, Copy)]
pub(crate) struct FileOpener(pub(crate) Callback<PickedFile>);

/// The opener of the running program; does nothing where there is none.
pub(crate) fn use_opener() -> impl Fn(PickedFile) + Clone + 'static {
    let opener = use_context::<FileOpener>();
    move |file| opener.iter().for_each(|opener| opener.0.run(file.clone()))
}
