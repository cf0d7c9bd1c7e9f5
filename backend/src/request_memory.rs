//! One memory budget for all requests in flight.
//!
//! Code that reads, inflates or decodes a body reserves the bytes first ([`Reservation::grow`]), as they arrive and not as they
//! are announced, since announcing costs nothing. If the budget is used up, a reservation waits for a bounded time; then the
//! request fails with 503. What can never fit is refused at once, with 413.
//!
//! Requests with small bodies (64 KiB) have a budget of their own, so that a sign-in never waits behind an upload.
//!
//! The bytes are released when the last clone of a reservation is dropped: the request holds one, and each computation on the
//! request's data another, which may outlive the request. Requests that wait for each other end by the same time limit.
//!
//! Metrics: `flarepath_request_memory_bytes{bodies}` (reserved, for `small` or `large` bodies of requests, or `responses`) and
//! `flarepath_request_memory_refusals_total{reason}` (`busy`, `too_large`).

use futures::FutureExt;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of one permit.
const UNIT: usize = 1024;

/// Bytes for requests with small bodies, besides the budget.
const SMALL_BODIES: usize = 16 << 20;

/// The budget. Clones are the same one.
#[derive(Clone)]
pub(crate) struct RequestMemory {
    large: Part,
    small: Part,
    responses: Part,
}

#[derive(Clone)]
struct Part {
    name: &'static str,
    permits: Arc<Semaphore>,
    /// All there are.
    units: usize,
    /// How long a reservation waits.
    patience: Duration,
}

/// Why memory could not be reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MemoryError {
    /// It does not fit even when nothing else runs. The sender's fault.
    #[error(
        "the request would take more memory than all requests together may ({} MiB, limits.request_memory_mib); send less at once",
        .limit >> 20
    )]
    TooLarge {
        /// The whole budget, in bytes.
        limit: usize,
    },
    /// Others held it for too long.
    #[error("the {} MiB of memory for requests of this kind are in use by others{}", .limit >> 20, setting(*.limit))]
    Busy {
        /// All that such requests may take, in bytes.
        limit: usize,
    },
}

/// The key that sets a limit.
fn setting(limit: usize) -> &'static str {
    if limit == SMALL_BODIES { "" } else { " (limits.request_memory_mib)" }
}

/// Bytes reserved for one request; given back when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct Reservation(Arc<ReservedPart>);

struct ReservedPart {
    of: Part,
    permit: Mutex<Permit>,
}

#[derive(Default)]
struct Permit {
    bytes: usize,
    permit: Option<OwnedSemaphorePermit>,
}

impl RequestMemory {
    /// A budget of `bytes`, rounded down to whole KiB, of which reservations wait for at most `patience`.
    pub(crate) fn new(bytes: usize, patience: Duration) -> RequestMemory {
        let part = |name, bytes| Part::new(name, bytes, patience);
        let (large, responses) = (part("large", bytes), part("responses", bytes));
        RequestMemory { large, small: part("small", SMALL_BODIES), responses }
    }

    /// An empty reservation for a request with a large body.
    pub(crate) fn large(&self) -> Reservation {
        Reservation(Arc::new(ReservedPart { of: self.large.clone(), permit: Mutex::default() }))
    }

    /// An empty reservation for a request with a small body.
    pub(crate) fn small(&self) -> Reservation {
        Reservation(Arc::new(ReservedPart { of: self.small.clone(), permit: Mutex::default() }))
    }

    /// An empty reservation for a response. Apart from those of requests, so that clients that read slowly do not hold up pushes.
    pub(crate) fn response(&self) -> Reservation {
        Reservation(Arc::new(ReservedPart { of: self.responses.clone(), permit: Mutex::default() }))
    }

    /// Bytes that are reserved for requests now.
    pub(crate) fn reserved(&self) -> usize {
        self.large.reserved() + self.small.reserved()
    }
}

impl Part {
    fn new(name: &'static str, bytes: usize, patience: Duration) -> Part {
        let units = (bytes / UNIT).min(u32::MAX as usize);
        Part { name, permits: Arc::new(Semaphore::new(units)), units, patience }
    }

    fn reserved(&self) -> usize {
        (self.units - self.permits.available_permits().min(self.units)) * UNIT
    }

    fn report(&self) {
        metrics::gauge!("flarepath_request_memory_bytes", "bodies" => self.name).set(self.reserved() as f64);
    }

    async fn acquire(&self, units: usize) -> Result<OwnedSemaphorePermit, MemoryError> {
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        let permits = self.permits.clone();
        if let Ok(permit) = permits.clone().try_acquire_many_owned(units) {
            return Ok(permit);
        }
        let waited = tokio::time::timeout(self.patience, permits.acquire_many_owned(units)).await;
        // The semaphore is never closed.
        let busy = || refused(MemoryError::Busy { limit: self.units * UNIT });
        waited.ok().and_then(Result::ok).ok_or_else(busy)
    }
}

impl Reservation {
    /// Reserves `bytes` more.
    ///
    /// # Errors
    /// [`MemoryError`]; what was reserved before stays.
    pub(crate) async fn grow(&self, bytes: usize) -> Result<(), MemoryError> {
        let permit = match self.missing(bytes)? {
            0 => None,
            missing => Some(self.0.of.acquire(missing).await?),
        };
        self.add(bytes, permit);
        Ok(())
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    /// As [`Reservation::grow`].
    pub(crate) fn grow_blocking(&self, bytes: usize) -> Result<(), MemoryError> {
        match self.grow(bytes).now_or_never() {
            Some(grown) => grown,
            // What was begun is undone by dropping it.
            None => Handle::current().block_on(self.grow(bytes)),
        }
    }

    /// Reserves until `bytes` are reserved in all. On a thread that may block.
    ///
    /// # Errors
    /// As [`Reservation::grow`].
    pub(crate) fn grow_to_blocking(&self, bytes: usize) -> Result<(), MemoryError> {
        self.grow_blocking(bytes.saturating_sub(self.bytes()))
    }

    /// Bytes reserved.
    pub(crate) fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// All that may be reserved, by this and others together.
    pub(crate) fn limit(&self) -> usize {
        self.0.of.units * UNIT
    }

    /// Units that are missing for `bytes` more.
    fn missing(&self, bytes: usize) -> Result<usize, MemoryError> {
        let held = self.lock();
        let units = held.bytes.saturating_add(bytes).div_ceil(UNIT);
        if units > self.0.of.units {
            return Err(refused(MemoryError::TooLarge { limit: self.0.of.units * UNIT }));
        }
        Ok(units.saturating_sub(held.permit.as_ref().map_or(0, OwnedSemaphorePermit::num_permits)))
    }

    fn add(&self, bytes: usize, permit: Option<OwnedSemaphorePermit>) {
        let mut held = self.lock();
        held.bytes += bytes;
        let Some(more) = permit else { return };
        match &mut held.permit {
            Some(permit) => permit.merge(more),
            None => held.permit = Some(more),
        }
        drop(held);
        self.0.of.report();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Permit> {
        self.0.permit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Reservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reservation({} bytes)", self.bytes())
    }
}

impl Drop for ReservedPart {
    fn drop(&mut self) {
        drop(self.permit.get_mut().unwrap_or_else(PoisonError::into_inner).permit.take());
        self.of.report();
    }
}

/// Counts a refusal.
fn refused(error: MemoryError) -> MemoryError {
    let reason = match error {
        MemoryError::TooLarge { .. } => "too_large",
        MemoryError::Busy { .. } => "busy",
    };
    metrics::counter!("flarepath_request_memory_refusals_total", "reason" => reason).increment(1);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: usize = 1024;
    /// Longer than any test runs.
    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn gives_back_when_the_last_clone_is_gone() {
        let memory = RequestMemory::new(8 * KIB, LONG);
        let request = memory.large();
        request.grow(3 * KIB).await.unwrap();
        request.grow(1).await.unwrap();
        assert_eq!((request.bytes(), memory.reserved()), (3 * KIB + 1, 4 * KIB));
        let computation = request.clone();
        drop(request);
        assert_eq!(memory.reserved(), 4 * KIB, "the computation still holds the data");
        drop(computation);
        assert_eq!(memory.reserved(), 0);
    }

    #[tokio::test]
    async fn what_can_never_fit_is_refused_at_once() {
        let memory = RequestMemory::new(8 * KIB, LONG);
        let request = memory.large();
        request.grow(8 * KIB).await.unwrap();
        let refused = request.grow(1).now_or_never().expect("at once");
        assert_eq!(refused, Err(MemoryError::TooLarge { limit: 8 * KIB }));
        assert_eq!(request.bytes(), 8 * KIB);
    }

    #[tokio::test]
    async fn waits_for_others() {
        let memory = RequestMemory::new(8 * KIB, LONG);
        let (first, second) = (memory.large(), memory.large());
        first.grow(6 * KIB).await.unwrap();
        let mut waiting = Box::pin(second.grow(4 * KIB));
        assert!((&mut waiting).now_or_never().is_none(), "it waits");
        drop(first);
        waiting.await.unwrap();
        assert_eq!(memory.reserved(), 4 * KIB);
    }

    #[tokio::test]
    async fn gives_up_when_its_time_is_over() {
        let memory = RequestMemory::new(8 * KIB, Duration::ZERO);
        let (first, second) = (memory.large(), memory.large());
        first.grow(6 * KIB).await.unwrap();
        let busy = MemoryError::Busy { limit: 8 * KIB };
        assert_eq!(second.grow(4 * KIB).await, Err(busy));
        assert!(busy.to_string().ends_with("by others (limits.request_memory_mib)"));
        assert!(MemoryError::Busy { limit: SMALL_BODIES }.to_string().starts_with("the 16 MiB of memory"));
        assert_eq!((second.bytes(), memory.reserved()), (0, 6 * KIB));
    }

    #[tokio::test]
    async fn small_bodies_do_not_wait_behind_large_ones() {
        let memory = RequestMemory::new(8 * KIB, LONG);
        let (upload, sign_in) = (memory.large(), memory.small());
        upload.grow(8 * KIB).await.unwrap();
        assert_eq!(sign_in.grow(64 * KIB).now_or_never(), Some(Ok(())));
        assert_eq!(sign_in.grow(SMALL_BODIES).now_or_never().map(|grown| grown.is_err()), Some(true));
    }

    #[tokio::test]
    async fn a_waiting_caller_that_leaves_takes_nothing() {
        let memory = RequestMemory::new(8 * KIB, LONG);
        let (first, second) = (memory.large(), memory.large());
        first.grow(6 * KIB).await.unwrap();
        assert!(second.grow(4 * KIB).now_or_never().is_none());
        drop((first, second));
        assert_eq!(memory.reserved(), 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn grows_on_threads_that_may_block() {
        let memory = RequestMemory::new(8 * KIB, LONG);
        let (first, second) = (memory.large(), memory.large());
        first.grow(6 * KIB).await.unwrap();
        let waiting = crate::work::Workers::new(1);
        let grown = waiting
            .start({
                let second = second.clone();
                move || second.grow_to_blocking(4 * KIB)
            })
            .await;
        drop(first);
        assert_eq!(grown.await.unwrap(), Ok(()));
        assert_eq!(memory.reserved(), 4 * KIB);
    }
}
