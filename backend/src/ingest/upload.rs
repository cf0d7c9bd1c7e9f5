//! `POST /api/v1/profiles`: a file in any supported format, uploaded by a person or a script.

use super::batch::{Batch, Draft};
use super::error::IngestError;
use super::inflate::{Budget, with_plain};
use super::jfr_body;
use super::profile_kind::{self, DisplayNames};
use super::series_labels;
use flarepath_profile::formats::folded::SIDES;
use flarepath_profile::formats::{self, Detected, Format, NamedProfile, ReadError, detect, pprof};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::unix_nanos::UnixNanos;

/// Parameters of an upload.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// Labels of the series, including the service.
    pub(crate) labels: Vec<(String, String)>,
    /// Time that overrides that of the file.
    pub(crate) time: Option<UnixNanos>,
    /// First part of the profile type, instead of one derived from the sample types.
    pub(crate) name: Option<String>,
}

impl Upload {
    /// Validates the query parameters: `service`, `label.NAME`, `time` (already parsed), `name`.
    ///
    /// # Errors
    /// [`IngestError::BadRequest`] for a missing service.
    pub(crate) fn new(
        service: Option<&str>,
        labels: impl IntoIterator<Item = (String, String)>,
        time: Option<UnixNanos>,
        name: Option<&str>,
    ) -> Result<Upload, IngestError> {
        let service = service.filter(|s| !s.trim().is_empty()).ok_or_else(|| {
            IngestError::BadRequest(
                "service: expected the name of the profiled service, as in ?service=checkout".to_owned(),
            )
        })?;
        let labels = labels.into_iter().chain([(SERVICE_NAME.to_owned(), service.to_owned())]).collect();
        Ok(Upload { labels, time, name: name.map(str::to_owned) })
    }
}

/// Decodes a file, which may contain several profiles, into a batch.
///
/// # Errors
/// [`IngestError`] when it is malformed, or the labels are rejected.
pub(crate) fn read(
    upload: &Upload,
    body: &[u8],
    budget: &mut Budget,
    now: UnixNanos,
) -> Result<Batch, IngestError> {
    let mut batch = Batch::of_body(body, now)?;
    let mut notes = Vec::new();
    let labels = series_labels::check(upload.labels.iter().map(|(n, v)| (n, v)), &mut notes)?;
    batch.note(notes);
    let File { profiles, named_by_kind } = with_plain(body, budget, read_any)??;
    batch.add_all(profiles, |NamedProfile { name, mut profile, .. }, _| {
        if let Some(time) = upload.time {
            profile.time_nanos = time.0;
        }
        let kind = match &upload.name {
            Some(kind) => kind.clone(),
            None if named_by_kind => name,
            None => profile_kind::of_pprof(&profile, &DisplayNames::new()),
        };
        Ok(Draft { name: kind, labels: labels.clone(), profile })
    });
    Ok(batch)
}

/// A parsed file.
struct File {
    profiles: Vec<NamedProfile>,
    /// Whether the profiles' names are first parts of profile types.
    named_by_kind: bool,
}

fn read_any(plain: &[u8]) -> Result<File, IngestError> {
    if detect(plain) == Detected::Readable(Format::Jfr) {
        // Sums samples here: threads would become labels of series.
        let profiles = jfr_body::read_plain(plain)?;
        return Ok(File { profiles, named_by_kind: true });
    }
    let file = |profiles| File { profiles, named_by_kind: false };
    match (formats::read(plain, None), plain.first()) {
        // The key of a pprof's first field: most likely a truncated or corrupt one.
        (Err(ReadError::Unknown), Some(0x0a)) => match pprof::read(plain) {
            Err(error) => {
                Err(IngestError::BadProfile(format!("unknown format; parsed as pprof, it fails: {error}")))
            }
            Ok((profile, notes)) => Ok(file(vec![NamedProfile { name: String::new(), profile, notes }])),
        },
        (result, _) => {
            let profiles = result?;
            // Two sides of one type must not be summed: each gets a type of its own.
            let named_by_kind = profiles.iter().map(|p| p.name.as_str()).eq(SIDES);
            Ok(File { profiles, named_by_kind })
        }
    }
}
