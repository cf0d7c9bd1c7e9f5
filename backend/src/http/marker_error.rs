//! Maps [`MarkerError`] to HTTP.

use super::error::ApiError;
use crate::markers::MarkerError;

impl From<MarkerError> for ApiError {
    fn from(error: MarkerError) -> ApiError {
        match error {
            MarkerError::Records(error) => error.into(),
            MarkerError::Query(error) => error.into(),
            MarkerError::Refused(refused) => refused.into(),
        }
    }
}
