//! Restricts a sender to the series within the bounds of its grants.

use super::error::IngestError;
use crate::auth::Bounds;
use crate::selector::{CompiledSelector, compiled};
use flarepath_profile::labels::Labels;
use std::sync::Arc;

/// The series that a sender may push to.
#[derive(Clone, Debug)]
pub(crate) struct Allowed(Option<Arc<[CompiledSelector]>>);

impl Allowed {
    /// All series.
    pub(crate) const EVERYTHING: Allowed = Allowed(None);

    /// The series within `bounds`.
    ///
    /// # Errors
    /// [`IngestError::Bounds`] when a pattern in them does not compile; they are checked when they are written down.
    pub(crate) fn within(bounds: &Bounds) -> Result<Allowed, IngestError> {
        let Bounds::AnyOf(selectors) = bounds else { return Ok(Allowed::EVERYTHING) };
        let bounds = compiled(selectors).map_err(|e| IngestError::Bounds(e.to_string()))?;
        Ok(Allowed(Some(bounds)))
    }

    /// Whether a profile with these labels may be pushed.
    pub(crate) fn matches(&self, labels: &Labels) -> bool {
        self.0.as_ref().is_none_or(|bounds| bounds.iter().any(|bound| bound.matches(labels)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_series_within_the_bounds() {
        let labels = |service: &str| [("service_name", service)].into_iter().collect::<Labels>();
        let pay = Bounds::AnyOf(vec![r#"{service_name=~"pay-.*"}"#.parse().unwrap()]);
        let allowed = Allowed::within(&pay).unwrap();
        assert!(allowed.matches(&labels("pay-api")));
        assert!(!allowed.matches(&labels("xpay-api")) && !allowed.matches(&labels("cart")));
        assert!(!Allowed::within(&Bounds::NOTHING).unwrap().matches(&labels("pay-api")));
        assert!(Allowed::within(&Bounds::Everything).unwrap().matches(&labels("cart")));
        assert!(Allowed::within(&Bounds::AnyOf(vec![r#"{a=~"("}"#.parse().unwrap()])).is_err());
    }
}
