//! Own code of the service on screen, where it was set. Pages that know it provide it; elsewhere it is guessed.

use crate::reactive::Signal;
use crate::state::identity::Shared;
use flarepath_profile::own_code::OwnCode;

/// `None` while it is not known, and where nothing was set.
#[derive(Clone, Copy)]
pub(crate) struct StatedOwnCode(pub(crate) Signal<Option<Shared<OwnCode>>>);
