//! Reads pprof bodies, compressed or not.

use super::error::IngestError;
use super::inflate::{Budget, with_plain};
use flarepath_profile::formats::pprof;
use flarepath_profile::profile::Profile;

/// Decompresses and parses a pprof. Repairs are added to `notes`.
///
/// # Errors
/// [`IngestError::BadProfile`] with the position of the error, [`IngestError::TooLarge`].
pub(crate) fn read(
    body: &[u8],
    budget: &mut Budget,
    notes: &mut Vec<String>,
) -> Result<Profile, IngestError> {
    if body.is_empty() {
        return Err(IngestError::BadProfile(
            "the profile is empty; expected pprof, gzipped or not".to_owned(),
        ));
    }
    let (profile, repairs) = with_plain(body, budget, pprof::read)?
        .map_err(|e| IngestError::BadProfile(format!("cannot parse the pprof profile: {e}")))?;
    notes.extend(repairs.lines());
    Ok(profile)
}
