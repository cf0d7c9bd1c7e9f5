//! The page's side: what became of the file, as a state that can be shown.

use super::opened::Opened;

/// What a local file is at.
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
        /// Bytes of the file; fewer than there will be when it is compressed.
        of: f64,
    },
    /// The worker decodes.
    Parsing {
        /// Name of the file.
        name: String,
    },
    /// The file is open; a call tree is there or on its way.
    Open {
        /// Name of the file.
        name: String,
        /// What is in it.
        opened: Opened,
        /// Profile and sample type looked at.
        chosen: (usize, usize),
        /// Whether the tree of `chosen` is still being built.
        building: bool,
    },
    /// It can't be opened.
    Failed {
        /// What to say.
        text: String,
    },
}

impl Job {
    /// Whether the worker is at it and can be stopped.
    pub(crate) fn is_running(&self) -> bool {
        matches!(self, Job::Reading { .. } | Job::Parsing { .. } | Job::Open { building: true, .. })
    }

    /// Progress in words.
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
    fn progress_is_said_in_words() {
        let reading = |bytes, of| Job::Reading { name: "a".into(), bytes, of };
        assert_eq!(reading(524_288.0, 1_048_576.0).phase(), "Reading: 0.5 MiB of 1.0 MiB");
        assert_eq!(reading(3_145_728.0, 1_048_576.0).phase(), "Reading: 3.0 MiB decompressed");
        assert!(reading(0.0, 1.0).is_running() && !Job::None.is_running());
    }
}
