//! Where the panel comes from, so that a program that does not hold it can still ask for it.

use crate::api::request::Ask;
use crate::reactive::Signal;
use crate::state::local_files::LocalFiles;
use crate::views::model::Model;
use leptos::prelude::AnyView;

/// Who knows a function's lines and what it cost over time. Copied freely.
#[derive(Clone, Copy)]
pub enum Source {
    /// The server, asked about the same selection.
    Server(Signal<Option<Ask>>),
    /// The file that is open in this browser.
    Local(LocalFiles),
    /// Nobody: a saved page holds trees only.
    Saved,
}

/// Builds the panel of the function that the view names. In the context of programs that hold it.
#[derive(Clone, Copy)]
pub struct FunctionPanels(pub fn(Model, Source) -> AnyView);
