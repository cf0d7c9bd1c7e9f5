//! A request's profiles on their way to the store: each is checked and relabelled on its own, the good ones are
//! stored together, and of the others it is remembered which and why.

use super::Allowed;
use super::error::IngestError;
use super::label_split::split;
use super::sample_time;
use super::series_labels::{SeriesLabels, add_sample_label};
use crate::store::{NewProfile, ProfileWriter};
use flarepath_profile::labels::Labels;
use flarepath_profile::profile::{Profile, ValueType};
use flarepath_profile::string_table::StringTable;
use std::fmt;

/// Profiles that one request may hold.
pub(crate) const MAX_PROFILES: usize = 10_000;
/// Notes kept of one request.
const MAX_NOTES: usize = 100;
/// Refused profiles that an error message lists.
const MAX_LISTED: usize = 20;

/// A profile as a client sent it: decoded, not yet checked.
#[derive(Debug)]
pub(crate) struct Draft {
    /// First part of the profile type, such as `process_cpu`.
    pub(crate) name: String,
    /// Labels of the series.
    pub(crate) labels: SeriesLabels,
    /// The profile; `time_nanos` 0 means the time of arrival.
    pub(crate) profile: Profile,
}

/// A profile that was not taken.
#[derive(Debug)]
pub(crate) struct Rejection {
    /// Which one of the request, such as `series 2, profile 1 {service_name="cart"}`; empty when it was the only one.
    pub(crate) which: String,
    /// Why.
    pub(crate) error: IngestError,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.which.as_str() {
            "" => write!(f, "{}", self.error),
            which => write!(f, "{which}: {}", self.error),
        }
    }
}

/// What became of a request's profiles.
#[derive(Debug, Default)]
pub(crate) struct Received {
    /// Profiles stored, one for each distinct label set.
    pub(crate) accepted: u64,
    /// Profiles not stored.
    pub(crate) rejected: Vec<Rejection>,
    /// What was changed, for people.
    pub(crate) notes: Vec<String>,
}

impl Received {
    /// All reasons in one text: the first few in full, and how many more there are.
    pub(crate) fn reasons(&self) -> String {
        let mut text: Vec<String> = self.rejected.iter().take(MAX_LISTED).map(ToString::to_string).collect();
        if self.rejected.len() > MAX_LISTED {
            text.push(format!("and {} more", self.rejected.len() - MAX_LISTED));
        }
        text.join("; ")
    }

    /// The error of the first refused profile, with the reasons of all, when nothing at all was taken.
    ///
    /// # Errors
    /// That one.
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

/// Profiles of one request, checked one after the other.
#[derive(Debug)]
pub(crate) struct Batch {
    now_ns: i64,
    profiles: Vec<NewProfile>,
    received: Received,
}

impl Batch {
    /// Nothing yet; it is `now_ns`.
    pub(crate) fn new(now_ns: i64) -> Batch {
        Batch { now_ns, profiles: Vec::new(), received: Received::default() }
    }

    /// Adds a profile, or remembers why it could not be read or taken. `which` names it.
    pub(crate) fn add(&mut self, which: impl FnOnce() -> String, draft: Result<Draft, IngestError>) {
        let mut notes = Vec::new();
        match draft.and_then(|draft| check(draft, self.now_ns, &mut notes)) {
            Ok(parts) => self.profiles.extend(parts),
            Err(error) => self.received.rejected.push(Rejection { which: which(), error }),
        }
        self.note(notes);
    }

    /// Adds notes for people; repeated ones are kept once.
    pub(crate) fn note(&mut self, notes: impl IntoIterator<Item = String>) {
        for note in notes {
            if self.received.notes.len() < MAX_NOTES && !self.received.notes.contains(&note) {
                self.received.notes.push(note);
            }
        }
    }

    /// Stores what was good and may be added; when this returns `Ok`, it is on disk.
    ///
    /// # Errors
    /// [`IngestError::Store`], and nothing was stored.
    pub(crate) async fn store(
        self,
        writer: &dyn ProfileWriter,
        allowed: &Allowed,
    ) -> Result<Received, IngestError> {
        let Batch { mut profiles, mut received, .. } = self;
        profiles.retain(|profile| {
            let takes = allowed.takes(&profile.labels);
            if !takes {
                received.rejected.push(not_allowed(&profile.labels));
            }
            takes
        });
        received.accepted = profiles.len() as u64;
        if !profiles.is_empty() {
            writer.append(profiles).await?;
        }
        Ok(received)
    }
}

/// The labels were checked to be short and few.
fn not_allowed(labels: &Labels) -> Rejection {
    let text =
        "you may not add profiles to this series: it is outside of what your token or your role covers";
    Rejection { which: labels.to_string(), error: IngestError::NotAllowed(text.to_owned()) }
}

/// Makes a profile storable: a time, plain type names, one label set each.
fn check(draft: Draft, now_ns: i64, notes: &mut Vec<String>) -> Result<Vec<NewProfile>, IngestError> {
    let Draft { name, labels, mut profile } = draft;
    let name = plain_part(&name);
    if name.is_empty() {
        return Err(IngestError::Refused(
            "no __name__ label: it names the kind of profile, such as process_cpu or memory".to_owned(),
        ));
    }
    profile.time_nanos =
        sample_time::resolve(profile.time_nanos, now_ns).map_err(|e| IngestError::Refused(e.to_string()))?;
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

/// A profile type is written with colons between its parts, so its parts cannot hold any.
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
