//! The stores that profiles are read from.

use super::{ApiError, get};
use crate::state::stores::{Store, StoreList};
use flarepath_wire::stores::{StoreState, StoresResponse};

/// Those that the person may read, with their state at present.
pub(crate) async fn stores() -> Result<StoreList, ApiError> {
    let answer: StoresResponse = get("/api/v1/stores", None).await?;
    Ok(StoreList { default: answer.default, stores: answer.stores.into_iter().map(store).collect() })
}

fn store(of: StoreState) -> Store {
    let last_error =
        (!of.last_error.is_empty()).then(|| (of.last_error_at_ns.div_euclid(1_000_000), of.last_error));
    Store {
        name: of.name,
        kind: of.kind,
        is_default: of.is_default,
        takes_pushes: of.takes_pushes,
        state: of.state,
        version: of.version,
        requests: of.requests,
        errors: of.errors,
        latency_s: [of.latency_p50_s, of.latency_p95_s],
        last_error,
        missing: of.missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_has_a_time_and_no_failure_has_none() {
        let failed = StoreState {
            last_error: "prod: connection refused".into(),
            last_error_at_ns: 1_764_399_600_000_000_000,
            ..StoreState::default()
        };
        let expected = Some((1_764_399_600_000, "prod: connection refused".to_owned()));
        assert_eq!(store(failed).last_error, expected);
        assert_eq!(store(StoreState::default()).last_error, None);
    }
}
