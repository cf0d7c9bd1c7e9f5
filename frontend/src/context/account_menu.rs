//! The account menu of the header: whether it is open.

use crate::reactive::RwSignal;

/// The id of its button.
pub(crate) const BUTTON: &str = "account";

/// Whether it is open. Opened by its button, and by the first program's, which has no menu of its own.
#[derive(Clone, Copy)]
pub(crate) struct AccountMenuOpen(pub(crate) RwSignal<bool>);
