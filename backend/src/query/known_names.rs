//! Tells an empty range from a service or profile type that does not exist.

use super::scope::restrict;
use super::{Querier, QueryError, Question};
use crate::auth::{Bounds, Principal};
use crate::store::{MergedTree, TimeRange};
use flarepath_profile::profile_type::ProfileType;
use std::sync::Arc;

/// Which names of a question exist in the store, in any range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownNames {
    /// The service that the selector names exists, or it names none.
    pub(crate) service: bool,
    /// Some series that matches has ever had the profile type.
    pub(crate) profile_type: bool,
}

impl KnownNames {
    /// Where there is data, every name exists.
    const FULL: KnownNames = KnownNames { service: true, profile_type: true };
}

impl Querier {
    /// [`Querier::call_tree`], and which names of the question exist.
    pub(crate) async fn call_tree_and_known_names(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<(Arc<MergedTree>, KnownNames), QueryError> {
        let merged = self.call_tree(who, question, profile_type).await?;
        let known = self.known_names(who, question, profile_type, merged.profiles).await?;
        Ok((merged, known))
    }

    /// Looks up the names of a question, unless something was `found`: then they exist.
    pub(crate) async fn known_names(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        found: u64,
    ) -> Result<KnownNames, QueryError> {
        if found > 0 {
            return Ok(KnownNames::FULL);
        }
        let mut ever = restrict(who, question);
        ever.range = TimeRange::nanos(0, i64::MAX);
        ever.spans.clear();
        // Other matchers must not make a type look unknown; only the service narrows what types there are.
        ever.selector.matchers.retain(|m| m.name == flarepath_profile::labels::SERVICE_NAME);
        let series = self.series(who, &ever).await?;
        let service = match ever.service() {
            // Whether there is a service of that name elsewhere is not for everyone to know.
            Some(_) if ever.bounds != Bounds::Everything => !series.is_empty(),
            Some(name) => {
                let (store, name) = (self.store.clone(), name.to_owned());
                let known = move |_| async move { store.has_service(&name).await };
                self.budget.run(who, &ever, known).await?
            }
            None => true,
        };
        let profile_type = series.iter().any(|s| s.profile_types.contains(profile_type));
        Ok(KnownNames { service, profile_type })
    }
}
