//! The name of a profile type: `name:sample_type:sample_unit:period_type:period_unit`, as Pyroscope and
//! Parca write it, such as `process_cpu:cpu:nanoseconds:cpu:nanoseconds`.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A profile type, parsed. A sixth part, `:delta`, is read (Parca writes it) and dropped.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ProfileType {
    /// Kind of profile, such as `process_cpu`, `memory`, `mutex`.
    pub name: String,
    /// What is counted, such as `cpu`, `inuse_space`.
    pub sample_type: String,
    /// Its unit, such as `nanoseconds`, `bytes`.
    pub sample_unit: String,
    /// What drives the sampling.
    pub period_type: String,
    /// Its unit.
    pub period_unit: String,
}

/// The text is not a profile type. The caller's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a profile type: expected name:sample_type:sample_unit:period_type:period_unit, \
     such as process_cpu:cpu:nanoseconds:cpu:nanoseconds"
)]
pub struct InvalidProfileType(pub String);

/// The place of a type among those of a service, by its first two parts: CPU time before samples, samples before memory, memory before the
/// rest. The first is the one to show; of equal ones the first by its text.
pub fn rank(name: &str, sample_type: &str) -> u8 {
    match (name, sample_type) {
        (_, "cpu") => 0,
        ("process_cpu", _) => 1,
        (_, "itimer" | "wall") => 2,
        (_, "samples") => 3,
        (_, "inuse_space") => 4,
        (_, "alloc_space") => 5,
        ("memory", _) => 6,
        _ => 7,
    }
}

impl FromStr for ProfileType {
    type Err = InvalidProfileType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split(':').collect();
        let (name, sample_type, sample_unit, period_type, period_unit) = match parts[..] {
            [n, t, u, pt, pu] => (n, t, u, pt, pu),
            [n, t, u, pt, pu, "delta"] => (n, t, u, pt, pu),
            _ => return Err(InvalidProfileType(text.to_owned())),
        };
        if name.is_empty() || sample_type.is_empty() {
            return Err(InvalidProfileType(text.to_owned()));
        }
        Ok(ProfileType {
            name: name.to_owned(),
            sample_type: sample_type.to_owned(),
            sample_unit: sample_unit.to_owned(),
            period_type: period_type.to_owned(),
            period_unit: period_unit.to_owned(),
        })
    }
}

impl fmt::Display for ProfileType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ProfileType { name, sample_type, sample_unit, period_type, period_unit } = self;
        write!(f, "{name}:{sample_type}:{sample_unit}:{period_type}:{period_unit}")
    }
}

impl From<ProfileType> for String {
    fn from(id: ProfileType) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for ProfileType {
    type Error = InvalidProfileType;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        let id: ProfileType = "process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().unwrap();
        assert_eq!(id.sample_type, "cpu");
        assert_eq!(id.to_string().parse(), Ok(id.clone()));
        assert_eq!("process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta".parse(), Ok(id));
    }

    #[test]
    fn rejects_malformed_names() {
        for bad in ["", "cpu", "a:b:c:d", "a:b:c:d:e:f", ":b:c:d:e"] {
            assert!(bad.parse::<ProfileType>().is_err(), "{bad}");
        }
    }
}
