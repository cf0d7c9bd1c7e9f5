//! `push.v1.PusherService/Push`: series with labels, each with pprof profiles. Grafana Alloy and SDKs built on pyroscope-rs send
//! it.

use super::batch::{Batch, Draft};
use super::error::IngestError;
use super::inflate::Budget;
use super::pprof_body;
use super::push_message::{JsonRequest, RawSeries, read_proto};
use super::series_labels::{self, SeriesLabels};
use flarepath_profile::labels::Labels;
use flarepath_profile::unix_nanos::UnixNanos;

/// Encoding of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// `application/proto`
    Proto,
    /// `application/json`
    Json,
}

/// Decodes a request into a batch, which records rejected profiles.
///
/// # Errors
/// When the request itself is malformed.
pub(crate) fn read(
    encoding: Encoding,
    body: &[u8],
    budget: &mut Budget,
    now: UnixNanos,
) -> Result<Batch, IngestError> {
    let json;
    let series = match encoding {
        Encoding::Proto => read_proto(body)?,
        Encoding::Json => {
            // The profiles out of their text, one text, and the lists around them.
            budget.reserve(3 * body.len())?;
            json = JsonRequest::read(body)?;
            json.series()
        }
    };
    let mut batch = Batch::new(now);
    for (i, series) in series.iter().enumerate() {
        add_series(i, series, budget, &mut batch);
    }
    Ok(batch)
}

fn add_series(i: usize, series: &RawSeries<'_>, budget: &mut Budget, batch: &mut Batch) {
    let mut notes = Vec::new();
    let labels = series_labels::check(series.labels.iter().copied(), &mut notes);
    batch.note(notes);
    match labels {
        Err(error) => batch.add(|| format!("series {i} {}", shown(series)), Err(error)),
        Ok(labels) => {
            for (j, sample) in series.samples.iter().enumerate() {
                let mut notes = Vec::new();
                let draft = draft(sample, &labels, budget, &mut notes);
                batch.note(notes);
                batch.add(|| format!("series {i}, profile {j} {}", labels.labels), draft);
            }
        }
    }
}

fn draft(
    sample: &[u8],
    labels: &SeriesLabels,
    budget: &mut Budget,
    notes: &mut Vec<String>,
) -> Result<Draft, IngestError> {
    let profile = pprof_body::read(sample, budget, notes)?;
    Ok(Draft { name: labels.name.clone().unwrap_or_default(), labels: labels.clone(), profile })
}

/// The first labels of a series whose labels were rejected.
fn shown(series: &RawSeries<'_>) -> Labels {
    let text = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text[..text.floor_char_boundary(60)].to_owned()
    };
    series.labels.iter().take(5).map(|(name, value)| (text(name), text(value))).collect()
}
