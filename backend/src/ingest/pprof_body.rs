//! A pprof body as clients send it: compressed or not.

use super::error::IngestError;
use super::inflate::{Budget, with_plain};
use flarepath_profile::formats::pprof;
use flarepath_profile::profile::Profile;

/// Inflates and decodes one pprof. What was put right while reading is added to `notes`.
///
/// # Errors
/// [`IngestError::BadProfile`] with the place of the fault, [`IngestError::TooLarge`].
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
    let (profile, put_right) = with_plain(body, budget, pprof::read)?
        .map_err(|e| IngestError::BadProfile(format!("not a readable pprof profile: {e}")))?;
    notes.extend(put_right.lines());
    Ok(profile)
}
