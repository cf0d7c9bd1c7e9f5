//! Adds the caller's bounds to a question. No other module does.
//!
//! A store that is asked within bounds cannot reveal what lies beyond them, whatever happens to the answer later; filtering
//! answers afterwards can.

use super::Question;
use crate::auth::{Permission, Principal};

/// The question with the caller's bounds.
pub(super) fn restrict(who: &Principal, question: &Question) -> Question {
    Question { bounds: who.bounds(Permission::ReadProfiles), ..question.clone() }
}
