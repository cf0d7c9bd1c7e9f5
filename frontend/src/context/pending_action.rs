//! Actions that only the full program can do: saving and sharing what is on screen, the account menu and the command palette.
//!
//! In the first program, an action waits until the full one has taken over.

use crate::reactive::{Callback, RwSignal};

/// The action that opens the command palette.
pub(crate) const PALETTE: &str = "palette";

/// The action that saves.
pub(crate) const SAVE: &str = "save";

/// The action that opens the account menu. Any other is the address of what is to be shared, with both ends of its time range
/// written out.
pub(crate) const ACCOUNT: &str = "account";

/// Receives actions. The signal is set when the full program cannot be loaded.
#[derive(Clone, Copy)]
pub(crate) struct PendingActions(pub(crate) Callback<(String, RwSignal<bool>)>);
