//! Answers both sides of a diff.

use super::{Explored, Querier, QueryError, Question};
use crate::auth::Principal;
use flarepath_profile::profile_type::ProfileType;

impl Querier {
    /// Both sides of a diff, computed at the same time; each is cached as a call tree of its own.
    ///
    /// # Errors
    /// [`QueryError`], as for all questions, of the side that failed first.
    pub(crate) async fn diff(
        &self,
        who: &Principal,
        (baseline, baseline_type): (&Question, &ProfileType),
        (comparison, comparison_type): (&Question, &ProfileType),
    ) -> Result<[Explored; 2], QueryError> {
        let (baseline, comparison) = tokio::try_join!(
            self.explored(who, baseline, baseline_type),
            self.explored(who, comparison, comparison_type),
        )?;
        Ok([baseline, comparison])
    }
}
