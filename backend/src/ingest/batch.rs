//! [`Batch`]: the profiles of one request. Each is validated and labelled on its own; the valid ones are stored together, the
//! others are reported with the reason.

use super::Allowed;
use super::error::IngestError;
use super::label_split::split;
use super::quota::Admission;
use super::rejection::Rejection;
use super::sample_time;
use super::series_labels::{SeriesLabels, add_sample_label};
use crate::store::{NewProfile, ProfileWriter};
use flarepath_profile::formats::NamedProfile;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile::{Profile, ValueType};
use flarepath_profile::string_table::StringTable;
use flarepath_profile::unix_nanos::UnixNanos;
use std::sync::Arc;

/// Maximum number of profiles in a request.
pub(crate) const MAX_PROFILES: usize = 10_000;
/// Maximum number of notes on a request.
const MAX_NOTES: usize = 100;
/// Rejected profiles listed in an error message.
const MAX_LISTED: usize = 20;

/// A decoded profile that has not been validated yet.
#[derive(Debug)]
pub(crate) struct Draft {
    /// First part of the profile type, such as `process_cpu`.
    pub(crate) name: String,
    /// Labels of the series.
    pub(crate) labels: SeriesLabels,
    /// The profile; a `time_nanos` of 0 means the time of arrival.
    pub(crate) profile: Profile,
}

/// Result of a request.
#[derive(Debug, Default)]
pub(crate) struct Received {
    /// Profiles stored, one for each distinct label set.
    pub(crate) accepted: u64,
    /// Rejected profiles.
    pub(crate) rejected: Vec<Rejection>,
    /// Changes made to the profiles, for people.
    pub(crate) notes: Vec<String>,
}

impl Received {
    /// All reasons as one text: the first few, and the number of others.
    pub(crate) fn reasons(&self) -> String {
        let mut text: Vec<String> = self.rejected.iter().take(MAX_LISTED).map(ToString::to_string).collect();
        if self.rejected.len() > MAX_LISTED {
            text.push(format!("and {} more", self.rejected.len() - MAX_LISTED));
        }
        text.join("; ")
    }

    /// Fails if no profile was accepted: with the error of the first rejected profile and the reasons of all.
    pub(crate) fn into_failure(self) -> Result<Received, IngestError> {
        if self.accepted > 0 || self.rejected.is_empty() {
            return Ok(self);
        }
        let reasons = self.reasons();
        match self.rejected.into_iter().next() {
            Some(first) => Err(first.error.with_message(reasons)),
            None => Ok(Received::default()),
        }
    }
}

/// The profiles of one request.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Time of arrival.
    now: UnixNanos,
    profiles: Vec<NewProfile>,
    received: Received,
}

impl Batch {
    /// An empty batch, received at `now`.
    pub(crate) fn new(now: UnixNanos) -> Batch {
        Batch { now, profiles: Vec::new(), received: Received::default() }
    }

    /// An empty batch for the profiles of `body`, received at `now`.
    ///
    /// # Errors
    /// [`IngestError::BadProfile`] for an empty body.
    pub(crate) fn of_body(body: &[u8], now: UnixNanos) -> Result<Batch, IngestError> {
        if body.is_empty() {
            return Err(IngestError::BadProfile("the body is empty; expected a profile".to_owned()));
        }
        Ok(Batch::new(now))
    }

    /// Adds a profile, or records why it was rejected. `which` names it.
    pub(crate) fn add(&mut self, which: impl FnOnce() -> String, draft: Result<Draft, IngestError>) {
        let mut notes = Vec::new();
        match draft.and_then(|draft| check(draft, self.now, &mut notes)) {
            Ok(parts) => self.profiles.extend(parts),
            Err(error) => self.received.rejected.push(Rejection { which: which(), error }),
        }
        self.note(notes);
    }

    /// Adds the profiles of a file, with the notes of its reader. `draft` names and labels each, and may add notes.
    pub(crate) fn add_all(
        &mut self,
        profiles: Vec<NamedProfile>,
        draft: impl Fn(NamedProfile, &mut Vec<String>) -> Result<Draft, IngestError>,
    ) {
        let several = profiles.len() > 1;
        for (i, profile) in profiles.into_iter().enumerate() {
            self.note(profile.notes.lines());
            let which = if several { format!("profile {i} {:?}", profile.name) } else { String::new() };
            let mut notes = Vec::new();
            let draft = draft(profile, &mut notes);
            self.note(notes);
            self.add(|| which, draft);
        }
    }

    /// Adds notes for people, without duplicates.
    pub(crate) fn note(&mut self, notes: impl IntoIterator<Item = String>) {
        for note in notes {
            if self.received.notes.len() < MAX_NOTES && !self.received.notes.contains(&note) {
                self.received.notes.push(note);
            }
        }
    }

    /// The profiles, if all are valid.
    ///
    /// # Errors
    /// Why the first of the others was rejected.
    pub(crate) fn into_profiles(self) -> Result<Vec<NewProfile>, IngestError> {
        match self.received.rejected.into_iter().next() {
            Some(rejection) => Err(rejection.error),
            None => Ok(self.profiles),
        }
    }

    /// The batch without the profiles of series that are not allowed, and of those that the quotas do not admit. Patterns are matched
    /// for each profile: not on an async thread.
    pub(crate) fn admitted(mut self, allowed: &Allowed, admission: &Admission) -> Batch {
        let rejected = &mut self.received.rejected;
        self.profiles.retain(|profile| match admit(&profile.labels, allowed, admission) {
            Ok(()) => true,
            Err(error) => {
                // The labels have been validated, so they are short and few.
                rejected.push(Rejection { which: profile.labels.to_string(), error });
                false
            }
        });
        self
    }

    /// Stores the valid profiles whose growth the quotas admit; they are on disk when this returns `Ok`.
    ///
    /// # Errors
    /// [`IngestError::Store`]; nothing is stored then.
    pub(crate) async fn store(
        self,
        writer: &dyn ProfileWriter,
        admission: &Arc<Admission>,
    ) -> Result<Received, IngestError> {
        let Batch { profiles, mut received, .. } = self;
        let admitted = profiles.len() as u64;
        if admitted > 0 {
            writer.append_within(profiles, admission.clone()).await?;
        }
        let refused = admission.take_rejected();
        received.accepted = admitted.saturating_sub(refused.len() as u64);
        received.rejected.extend(refused);
        Ok(received)
    }
}

fn admit(labels: &Labels, allowed: &Allowed, admission: &Admission) -> Result<(), IngestError> {
    if !allowed.matches(labels) {
        let text = "you may not push to this series: neither your token nor your role covers it";
        return Err(IngestError::NotAllowed(text.to_owned()));
    }
    Ok(admission.profile(labels)?)
}

/// Validates a profile and splits it: each part has a time, plain type names and one label set.
fn check(draft: Draft, now: UnixNanos, notes: &mut Vec<String>) -> Result<Vec<NewProfile>, IngestError> {
    let Draft { name, labels, mut profile } = draft;
    let name = plain_part(&name);
    if name.is_empty() {
        return Err(IngestError::Refused(
            "no __name__ label: the kind of profile, such as process_cpu or memory".to_owned(),
        ));
    }
    let time = sample_time::resolve(UnixNanos(profile.time_nanos), now);
    profile.time_nanos = time.map_err(|e| IngestError::Refused(e.to_string()))?.0;
    plain_types(&mut profile)?;
    let mut checked = Vec::new();
    for part in split(profile, notes) {
        let mut labels = labels.labels.clone();
        for (key, value) in &part.labels {
            add_sample_label(&mut labels, key, value, notes)?;
        }
        checked.push(NewProfile { labels, name: name.clone(), profile: part.profile });
    }
    Ok(checked)
}

/// Replaces colons, which separate the parts of a profile type.
fn plain_part(text: &str) -> String {
    text.trim().replace([':', '\n', '\r'], "_")
}

fn plain_types(profile: &mut Profile) -> Result<(), IngestError> {
    let Profile { strings, sample_types, period_type, .. } = profile;
    for (i, of) in sample_types.iter_mut().enumerate() {
        plain_type(of, strings);
        if strings.get(of.kind).is_empty() {
            return Err(IngestError::BadProfile(format!("sample type {} has no name", i + 1)));
        }
    }
    plain_type(period_type, strings);
    Ok(())
}

fn plain_type(of: &mut ValueType, strings: &mut StringTable) {
    for id in [&mut of.kind, &mut of.unit] {
        let plain = plain_part(strings.get(*id));
        if plain != strings.get(*id) {
            *id = strings.intern(&plain);
        }
    }
}
