//! The one place where what a caller may see becomes part of the question.
//!
//! A store that is asked within bounds cannot give away what lies beyond them, whatever happens to the answer later; an
//! answer that is filtered afterwards can.

use super::Question;
use crate::auth::{Permission, Principal};

/// The question with the caller's bounds.
pub(super) fn restrict(who: &Principal, question: &Question) -> Question {
    Question { bounds: who.bounds(Permission::ReadProfiles), ..question.clone() }
}
