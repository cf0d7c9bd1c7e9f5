//! Description of an opened file, as a protobuf message of the worker.

use flarepath_profile::formats::{NamedProfile, Normalised};
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use prost::Message;

/// All profiles of a file.
#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct Opened {
    /// In the order of the file.
    #[prost(message, repeated, tag = "1")]
    pub(crate) profiles: Vec<OpenedProfile>,
    /// Warnings about missing or damaged parts of the file.
    #[prost(string, repeated, tag = "2")]
    pub(crate) warnings: Vec<String>,
    /// What the format of the file is called; empty if it is not known.
    #[prost(string, tag = "3")]
    pub(crate) format: String,
}

/// One profile.
#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct OpenedProfile {
    /// Name in the file; empty if it has none.
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    /// Sample types.
    #[prost(message, repeated, tag = "2")]
    pub(crate) types: Vec<OpenedType>,
    /// The sample type to show first.
    #[prost(uint32, tag = "3")]
    pub(crate) first: u32,
    /// How long it lasted, in nanoseconds; 0 if unknown.
    #[prost(int64, tag = "4")]
    pub(crate) duration_nanos: i64,
    /// Repairs that reading took, as text.
    #[prost(string, repeated, tag = "5")]
    pub(crate) notes: Vec<String>,
    /// Number of samples with a timestamp.
    #[prost(uint64, tag = "6")]
    pub(crate) timed: u64,
    /// Number of samples.
    #[prost(uint64, tag = "7")]
    pub(crate) samples: u64,
}

/// One sample type.
#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct OpenedType {
    /// Such as `cpu`.
    #[prost(string, tag = "1")]
    pub(crate) kind: String,
    /// Such as `nanoseconds`.
    #[prost(string, tag = "2")]
    pub(crate) unit: String,
}

impl OpenedType {
    /// The type as a profile type, which selects the format of its values.
    pub(crate) fn profile_type(&self) -> ProfileType {
        ProfileType {
            name: "local".to_owned(),
            sample_type: self.kind.clone(),
            sample_unit: self.unit.clone(),
            period_type: String::new(),
            period_unit: String::new(),
        }
    }
}

const CUT_OFF: &str = "The end of the file is missing. Only what comes before is shown; the numbers are \
                       incomplete.";

impl From<&[NamedProfile]> for Opened {
    fn from(profiles: &[NamedProfile]) -> Opened {
        let cut_off = profiles.iter().any(|named| named.notes.count(Normalised::CutOff) > 0);
        let warnings = cut_off.then(|| CUT_OFF.to_owned()).into_iter().collect();
        Opened { profiles: profiles.iter().map(describe).collect(), warnings, format: String::new() }
    }
}

fn describe(named: &NamedProfile) -> OpenedProfile {
    let profile: &Profile = &named.profile;
    let types = profile
        .sample_types
        .iter()
        .map(|t| OpenedType { kind: profile.str(t.kind).to_owned(), unit: profile.str(t.unit).to_owned() });
    OpenedProfile {
        name: named.name.clone(),
        types: types.collect(),
        first: profile.default_sample_type_index() as u32,
        duration_nanos: profile.duration_nanos,
        notes: named.notes.lines().collect(),
        timed: (0..profile.samples.len()).filter(|&i| profile.samples.timestamp(i).is_some()).count() as u64,
        samples: profile.samples.len() as u64,
    }
}
