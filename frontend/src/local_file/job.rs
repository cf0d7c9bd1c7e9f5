//! Progress of opening a local file, for display.

use super::opened::Opened;

/// Progress of a local file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Job {
    /// No file yet.
    #[default]
    None,
    /// The worker reads and decompresses.
    Reading {
        /// Name of the file.
        name: String,
        /// Bytes so far.
        bytes: f64,
        /// Size of the file; decompressed bytes can exceed it.
        of: f64,
    },
    /// The worker decodes.
    Parsing {
        /// Name of the file.
        name: String,
    },
    /// The file is open; its call tree is built or being built.
    Open {
        /// Name of the file.
        name: String,
        /// What is in it.
        opened: Opened,
        /// Selected profile and sample type.
        chosen: (usize, usize),
        /// Whether the tree of `chosen` is still being built.
        building: bool,
    },
    /// It cannot be opened.
    Failed {
        /// Error message.
        text: String,
    },
}

impl Job {
    /// Whether the worker is busy with it and can be cancelled.
    pub(crate) fn is_running(&self) -> bool {
        matches!(self, Job::Reading { .. } | Job::Parsing { .. } | Job::Open { building: true, .. })
    }

    /// Name of the file; empty without one.
    pub(crate) fn name(&self) -> String {
        match self {
            Job::Reading { name, .. } | Job::Parsing { name } | Job::Open { name, .. } => name.clone(),
            Job::None | Job::Failed { .. } => String::new(),
        }
    }

    /// Selected profile and sample type of an open file.
    pub(crate) fn chosen(&self) -> Option<(usize, usize)> {
        match self {
            Job::Open { chosen, .. } => Some(*chosen),
            _ => None,
        }
    }

    /// How many samples of the selected profile have a timestamp.
    pub(crate) fn timed_samples(&self) -> u64 {
        match self {
            Job::Open { opened, chosen, .. } => opened.profiles.get(chosen.0).map_or(0, |p| p.timed),
            _ => 0,
        }
    }

    /// Progress as text.
    pub(crate) fn phase(&self) -> String {
        let mib = |bytes: f64| format!("{:.1} MiB", bytes / f64::from(1 << 20));
        match self {
            Job::Reading { bytes, of, .. } if bytes <= of => {
                format!("Reading: {} of {}", mib(*bytes), mib(*of))
            }
            Job::Reading { bytes, .. } => format!("Reading: {} decompressed", mib(*bytes)),
            Job::Parsing { .. } => "Decoding".to_owned(),
            Job::Open { building: true, .. } => "Building the call tree".to_owned(),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_progress() {
        let reading = |bytes, of| Job::Reading { name: "a".into(), bytes, of };
        assert_eq!(reading(524_288.0, 1_048_576.0).phase(), "Reading: 0.5 MiB of 1.0 MiB");
        assert_eq!(reading(3_145_728.0, 1_048_576.0).phase(), "Reading: 3.0 MiB decompressed");
        assert!(reading(0.0, 1.0).is_running() && !Job::None.is_running());
    }
}
