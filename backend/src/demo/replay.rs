//! Replays a recording: when each profile is sent, at which time it begins, and the requests that carry them.
//!
//! A replay keeps the distances of the recording's times and moves all of them, so that the recording ends when the last profile
//! has been sent, or starts at a given time.

use super::push_request;
use super::recording::{Push, Recording};
use crate::store::NewProfile;
use flarepath_profile::formats::pprof;
use flarepath_profile::unix_nanos::UnixNanos;
use std::time::Duration;

/// Profiles in one request at most: far below what the server accepts.
const MOST_PROFILES: usize = 100;

/// How fast a recording is replayed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pace {
    /// As fast as the server accepts it.
    AtOnce,
    /// So many times as fast as it was recorded; 1 or more.
    Times(f64),
}

/// Where a replay ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// At the end of the recording.
    End,
    /// So long after its start.
    Start(Duration),
    /// So long after the second version of a service was deployed.
    Deploy(Duration),
}

/// The recording has only one version of each service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing was deployed in this recording, so it cannot end after that: use --until SPAN")]
pub(crate) struct NothingDeployed;

/// A replay that goes on.
pub(crate) struct Replay<'a> {
    recording: &'a Recording,
    /// What has not been sent.
    rest: &'a [Push],
    pace: Pace,
    /// The time that the start of the recording becomes.
    pub(crate) zero: UnixNanos,
    /// How much of the recording is replayed.
    pub(crate) length: Duration,
}

impl<'a> Replay<'a> {
    /// A replay that begins at `now`. With `start` that is the time at which the recording starts.
    ///
    /// # Errors
    /// [`NothingDeployed`] when it shall end after a deployment.
    pub(crate) fn new(
        recording: &'a Recording,
        pace: Pace,
        start: Option<UnixNanos>,
        until: Until,
        now: UnixNanos,
    ) -> Result<Replay<'a>, NothingDeployed> {
        let length = match until {
            Until::End => recording.length(),
            Until::Start(span) => span,
            Until::Deploy(span) => recording.deployed().ok_or(NothingDeployed)?.saturating_add(span),
        };
        let length = length.min(recording.length());
        let sending = match pace {
            Pace::AtOnce => Duration::ZERO,
            Pace::Times(speed) => length.div_f64(speed),
        };
        let end = recording.pushes().partition_point(|push| push.arrived <= length);
        Ok(Replay {
            recording,
            rest: &recording.pushes()[..end],
            pace,
            zero: start.unwrap_or_else(|| now.plus(sending).minus(length)),
            length,
        })
    }

    /// When a moment of the recording is.
    pub(crate) fn at(&self, offset: Duration) -> UnixNanos {
        self.zero.plus(offset)
    }

    /// How many profiles have not been sent.
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    /// How long after the beginning the next profile is due; `None` when all have been sent.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.rest.first().map(|push| self.due(push))
    }

    /// A request with profiles that are due `elapsed` after the beginning; `None` if there are none.
    pub(crate) fn request(&mut self, elapsed: Duration) -> Option<Vec<u8>> {
        let due = self.rest.iter().take(MOST_PROFILES).take_while(|push| self.due(push) <= elapsed).count();
        if due == 0 {
            return None;
        }
        let (now, later) = self.rest.split_at(due);
        self.rest = later;
        Some(request(now.iter().map(|push| self.recording.profile(push, self.zero))))
    }

    fn due(&self, push: &Push) -> Duration {
        match self.pace {
            Pace::AtOnce => Duration::ZERO,
            Pace::Times(speed) => push.arrived.div_f64(speed),
        }
    }
}

/// The body of a request of `push.v1.PusherService/Push` with these profiles.
pub(crate) fn request(profiles: impl Iterator<Item = NewProfile>) -> Vec<u8> {
    push_request::request(profiles.map(|new| {
        let name = std::iter::once(("__name__", new.name.as_str()));
        push_request::series(name.chain(new.labels.iter()), pprof::write(&new.profile))
    }))
}
