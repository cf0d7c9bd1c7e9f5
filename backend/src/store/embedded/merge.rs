//! Sums samples while rows are still being read: one thread reads from the database, another decodes.

use super::WORKERS;
use super::columns::add_column;
use super::varint::Damaged;
use tokio::task::JoinHandle;

/// Packed samples handed to the decoding thread at once: enough to hide the switch, little enough to stay in cache.
const BATCH_BYTES: usize = 1 << 20;

/// An accumulator of samples.
pub(crate) trait Accumulate: Send + 'static {
    /// What else an accumulator needs to know about the samples of a row.
    type Place: Copy + Send + 'static;

    /// Adds a column of packed samples.
    ///
    /// # Errors
    /// When they do not decode.
    fn add(&mut self, packed: &[u8], column: usize, place: Self::Place) -> Result<(), Damaged>;
}

/// Sums indexed by stack id.
impl Accumulate for Vec<i64> {
    type Place = ();

    fn add(&mut self, packed: &[u8], column: usize, _: ()) -> Result<(), Damaged> {
        add_column(packed, column, self)
    }
}

/// A merge in progress.
pub(crate) struct Merge<A: Accumulate> {
    batch: Batch<A::Place>,
    state: State<A>,
}

struct Batch<P> {
    bytes: Vec<u8>,
    /// Where each piece ends, which of its columns is meant, and its place.
    pieces: Vec<(usize, usize, P)>,
}

impl<P> Default for Batch<P> {
    fn default() -> Self {
        Batch { bytes: Vec::new(), pieces: Vec::new() }
    }
}

type Settled<A> = (A, Batch<<A as Accumulate>::Place>);

enum State<A: Accumulate> {
    Idle(A, Batch<A::Place>),
    Busy(JoinHandle<Result<Settled<A>, Damaged>>),
    /// Only during a step.
    Taken,
}

impl<A: Accumulate> Merge<A> {
    /// Adds to `sums`.
    pub(crate) fn new(sums: A) -> Self {
        Merge { batch: Batch::default(), state: State::Idle(sums, Batch::default()) }
    }

    /// Adds a column of packed samples.
    pub(crate) async fn add(
        &mut self,
        samples: &[u8],
        column: usize,
        place: A::Place,
    ) -> Result<(), Damaged> {
        self.batch.bytes.extend_from_slice(samples);
        self.batch.pieces.push((self.batch.bytes.len(), column, place));
        if self.batch.bytes.len() >= BATCH_BYTES { self.flush().await } else { Ok(()) }
    }

    /// The sums.
    pub(crate) async fn finish(mut self) -> Result<A, Damaged> {
        self.flush().await?;
        Ok(self.settle().await?.0)
    }

    async fn flush(&mut self) -> Result<(), Damaged> {
        let (mut sums, mut batch) = self.settle().await?;
        std::mem::swap(&mut batch, &mut self.batch);
        let adding = WORKERS.start(move || {
            let mut start = 0;
            for (end, column, place) in batch.pieces.drain(..) {
                sums.add(&batch.bytes[start..end], column, place)?;
                start = end;
            }
            batch.bytes.clear();
            Ok((sums, batch))
        });
        self.state = State::Busy(adding.await);
        Ok(())
    }

    async fn settle(&mut self) -> Result<Settled<A>, Damaged> {
        match std::mem::replace(&mut self.state, State::Taken) {
            State::Idle(sums, batch) => Ok((sums, batch)),
            State::Busy(task) => task.await.map_err(|_| Damaged("decoding samples failed"))?,
            State::Taken => Err(Damaged("decoding samples failed")),
        }
    }
}
