//! Sums samples while rows are still being read: one thread reads from the database, another decodes. Decoding ends early once
//! the answer is no longer wanted.

use super::WORKERS;
use super::columns::add_column;
use super::varint::Damaged;
use crate::store::StoreError;
use crate::work::CancelToken;
use std::ops::Range;
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

    /// Puts the pieces of a batch into the order in which they are added best. By default they stay in that in which they were read.
    fn arrange(_pieces: &mut [Piece<Self::Place>]) {}
}

/// Packed samples in a batch.
pub(crate) struct Piece<P> {
    /// Where they are among its bytes.
    range: Range<usize>,
    /// Which of their columns is meant.
    column: usize,
    /// What else is to be known about them.
    pub(crate) place: P,
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
    cancel: CancelToken,
}

struct Batch<P> {
    bytes: Vec<u8>,
    pieces: Vec<Piece<P>>,
}

impl<P> Default for Batch<P> {
    fn default() -> Self {
        Batch { bytes: Vec::new(), pieces: Vec::new() }
    }
}

type Settled<A> = (A, Batch<<A as Accumulate>::Place>);

enum State<A: Accumulate> {
    Idle(A, Batch<A::Place>),
    Busy(JoinHandle<Result<Settled<A>, StoreError>>),
    /// Only during a step.
    Taken,
}

impl<A: Accumulate> Merge<A> {
    /// Adds to `sums`.
    pub(crate) fn new(sums: A, cancel: &CancelToken) -> Self {
        let state = State::Idle(sums, Batch::default());
        Merge { batch: Batch::default(), state, cancel: cancel.clone() }
    }

    /// Adds a column of packed samples.
    pub(crate) async fn add(
        &mut self,
        samples: &[u8],
        column: usize,
        place: A::Place,
    ) -> Result<(), StoreError> {
        let start = self.batch.bytes.len();
        self.batch.bytes.extend_from_slice(samples);
        self.batch.pieces.push(Piece { range: start..self.batch.bytes.len(), column, place });
        if self.batch.bytes.len() >= BATCH_BYTES { self.flush().await } else { Ok(()) }
    }

    /// The sums.
    pub(crate) async fn finish(mut self) -> Result<A, StoreError> {
        self.flush().await?;
        Ok(self.settle().await?.0)
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        let (mut sums, mut batch) = self.settle().await?;
        std::mem::swap(&mut batch, &mut self.batch);
        let cancel = self.cancel.clone();
        let adding = WORKERS.start(move || {
            A::arrange(&mut batch.pieces);
            for Piece { range, column, place } in batch.pieces.drain(..) {
                cancel.check()?;
                sums.add(&batch.bytes[range], column, place)?;
            }
            batch.bytes.clear();
            Ok((sums, batch))
        });
        self.state = State::Busy(adding.await);
        Ok(())
    }

    async fn settle(&mut self) -> Result<Settled<A>, StoreError> {
        match std::mem::replace(&mut self.state, State::Taken) {
            State::Idle(sums, batch) => Ok((sums, batch)),
            State::Busy(task) => task.await.map_err(|_| Damaged("decoding samples failed"))?,
            State::Taken => Err(Damaged("decoding samples failed").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::embedded::columns::Columns;

    async fn merged(cancel: &CancelToken) -> Result<Vec<i64>, StoreError> {
        let packed = Columns { stacks: vec![0, 2], values: vec![vec![5, 7]] }.encode().unwrap();
        let mut merge = Merge::new(vec![0i64; 3], cancel);
        for _ in 0..2 {
            merge.add(&packed, 0, ()).await?;
        }
        merge.finish().await
    }

    #[tokio::test]
    async fn a_cancelled_merge_decodes_nothing_more() {
        let cancel = CancelToken::default();
        assert_eq!(merged(&cancel).await.unwrap(), [10, 0, 14]);
        cancel.cancel();
        assert!(matches!(merged(&cancel).await, Err(StoreError::Busy(_))));
    }

    /// The first byte and the place of each piece.
    struct Added(Vec<(u8, u32)>);

    impl Accumulate for Added {
        type Place = u32;

        fn add(&mut self, packed: &[u8], _: usize, place: u32) -> Result<(), Damaged> {
            self.0.push((packed[0], place));
            Ok(())
        }

        fn arrange(pieces: &mut [Piece<u32>]) {
            pieces.sort_by_key(|piece| piece.place);
        }
    }

    #[tokio::test]
    async fn arranged_pieces_keep_their_bytes() {
        let mut merge = Merge::new(Added(Vec::new()), &CancelToken::default());
        let pieces: [(&[u8], u32); 4] = [(&[1, 7], 3), (&[2], 1), (&[3, 7, 7], 3), (&[4, 7], 2)];
        for (samples, place) in pieces {
            merge.add(samples, 0, place).await.unwrap();
        }
        assert_eq!(merge.finish().await.unwrap().0, [(2, 1), (4, 2), (1, 3), (3, 3)]);
    }
}
