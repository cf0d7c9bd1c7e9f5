//! Actions that only the full program can do: saving and sharing what is on screen, the account menu, the command palette, and the
//! commands of controls that the first program has stand-ins for.
//!
//! In the first program, an action waits until the full one has taken over.

use crate::reactive::{Callback, RwSignal};

/// The action that opens the command palette.
pub(crate) const PALETTE: &str = "palette";

/// The action that saves.
pub(crate) const SAVE: &str = "save";

/// The action that opens the account menu.
pub(crate) const ACCOUNT: &str = "account";

/// Begins the action that runs a command, whose id follows, and on another line what is typed into its field; see
/// [`crate::state::command`]. Any other action is the address of what is
/// to be shared, with both ends of its time range written out.
pub(crate) const COMMAND: &str = "command:";

/// Begins the actions that ask something of the view of the profile on screen: [`TRANSFORMS`], and what a function's menu can do.
pub(crate) const OF_VIEW: &str = "view:";

/// The action that opens the transforms of the view.
pub(crate) const TRANSFORMS: &str = "view:transforms";

/// The action that shows the keyboard shortcuts.
pub(crate) const SHORTCUTS: &str = "shortcuts";

/// Holds the action that asked something of the view before the full program took over, until the view is there.
#[derive(Clone, Copy)]
pub(crate) struct PendingViewRequest(pub(crate) RwSignal<Option<String>>);

impl PendingViewRequest {
    /// What `read` makes of it; it is kept for others where that is nothing.
    pub(crate) fn take<T>(self, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let taken = self.0.with_untracked(|text| text.as_deref().and_then(read))?;
        self.0.set(None);
        Some(taken)
    }
}

/// Receives actions. The signal is set when the full program cannot be loaded.
#[derive(Clone, Copy)]
pub(crate) struct PendingActions(pub(crate) Callback<(String, RwSignal<bool>)>);
