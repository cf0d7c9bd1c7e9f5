//! A series: its labels, its kind, and when its profiles start.

use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// What the profiles of a series have in common besides their labels.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Kind {
    /// Such as `process_cpu`.
    pub(crate) name: String,
    /// Kind and unit of each sample type, in the order of the stored columns.
    pub(crate) sample_types: Vec<(String, String)>,
    /// Kind and unit of what drives the sampling.
    pub(crate) period_type: (String, String),
}

/// A kind that many series share, with its profile types.
#[derive(Debug)]
pub(crate) struct SharedKind {
    kind: Kind,
    /// One for each sample type, sorted and without duplicates.
    pub(crate) profile_types: Arc<[ProfileType]>,
}

impl SharedKind {
    pub(super) fn new(kind: Kind) -> SharedKind {
        let profile_type = |(sample_type, sample_unit): &(String, String)| ProfileType {
            name: kind.name.clone(),
            sample_type: sample_type.clone(),
            sample_unit: sample_unit.clone(),
            period_type: kind.period_type.0.clone(),
            period_unit: kind.period_type.1.clone(),
        };
        let mut profile_types: Vec<ProfileType> = kind.sample_types.iter().map(profile_type).collect();
        profile_types.sort_unstable();
        profile_types.dedup();
        SharedKind { profile_types: profile_types.into(), kind }
    }
}

impl Deref for SharedKind {
    type Target = Kind;

    fn deref(&self) -> &Kind {
        &self.kind
    }
}

/// A series: one label set, one kind.
#[derive(Debug)]
pub(crate) struct Series {
    /// Its row.
    pub(crate) id: i64,
    /// The service's row.
    pub(crate) service: i64,
    /// Series of other kinds with equal labels have the same allocation.
    pub(crate) labels: Arc<Labels>,
    pub(crate) kind: Arc<SharedKind>,
    oldest_ns: AtomicI64,
    newest_ns: AtomicI64,
    retired: AtomicBool,
    has_siblings: AtomicBool,
}

impl Series {
    pub(super) fn new(id: i64, service: i64, labels: Arc<Labels>, kind: Arc<SharedKind>) -> Series {
        let (oldest_ns, newest_ns) = (AtomicI64::new(i64::MAX), AtomicI64::new(i64::MIN));
        let (retired, has_siblings) = (AtomicBool::default(), AtomicBool::default());
        Series { id, service, labels, kind, oldest_ns, newest_ns, retired, has_siblings }
    }

    /// The column that holds a profile type.
    pub(crate) fn column(&self, wanted: &ProfileType) -> Option<usize> {
        let (period_type, period_unit) = &self.kind.period_type;
        let kind = self.kind.name == wanted.name
            && *period_type == wanted.period_type
            && *period_unit == wanted.period_unit;
        let same = |(t, u): &(String, String)| *t == wanted.sample_type && *u == wanted.sample_unit;
        kind.then(|| self.kind.sample_types.iter().position(same)).flatten()
    }

    /// Notes that committed profiles start between these times, both included.
    pub(crate) fn note(&self, oldest_ns: i64, newest_ns: i64) {
        self.oldest_ns.fetch_min(oldest_ns, Ordering::AcqRel);
        self.newest_ns.fetch_max(newest_ns, Ordering::AcqRel);
    }

    /// Starts of the oldest and of the newest profile that was ever committed; the oldest may be gone. The newest is
    /// `i64::MIN` if there was none.
    pub(crate) fn span(&self) -> (i64, i64) {
        (self.oldest_ns.load(Ordering::Acquire), self.newest_ns.load(Ordering::Acquire))
    }

    /// Whether there is or was a series of another kind with the same labels.
    pub(crate) fn has_siblings(&self) -> bool {
        self.has_siblings.load(Ordering::Acquire)
    }

    pub(super) fn note_sibling(&self) {
        self.has_siblings.store(true, Ordering::Release);
    }

    /// Whether its row was dropped. Profiles that were encoded for it before must be encoded again.
    pub(crate) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Acquire)
    }

    pub(super) fn retire(&self) {
        self.retired.store(true, Ordering::Release);
    }
}

/// The selected series of one service.
pub(crate) struct Selected {
    /// The service's row.
    pub(crate) service: i64,
    /// Its series that match.
    pub(crate) series: FxHashMap<i64, Arc<Series>>,
    /// Whether these are all the series the service has.
    pub(crate) all: bool,
}
