//! Source of the panel's lines and costs over time.

use crate::api::request::ProfileRequest;
use crate::context::local_files::LocalFiles;
use crate::reactive::Signal;

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    /// The server, for the same selection.
    Server(Signal<Option<ProfileRequest>>),
    /// The file that is open in this browser.
    Local(LocalFiles),
    /// None: a saved page holds trees only.
    Saved,
}
