//! The one place where what a caller may see becomes part of the question.
//!
//! A store that is asked `{service_name="a", team="mine"}` cannot give away what is not the team's, whatever
//! happens to the answer later; an answer that is filtered afterwards can.

use super::Question;
use crate::auth::Principal;

/// The question with the caller's bounds. Nobody has any until sign-in exists.
pub(super) fn restrict(_principal: &Principal, question: &Question) -> Question {
    question.clone()
}
