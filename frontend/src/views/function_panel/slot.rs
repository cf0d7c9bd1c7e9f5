//! Where the panel's answers come from.

use crate::api::request::Ask;
use crate::context::local_files::LocalFiles;
use crate::reactive::Signal;

/// Who knows a function's lines and what it cost over time. Copied freely.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    /// The server, asked about the same selection.
    Server(Signal<Option<Ask>>),
    /// The file that is open in this browser.
    Local(LocalFiles),
    /// Nobody: a saved page holds trees only.
    Saved,
}
