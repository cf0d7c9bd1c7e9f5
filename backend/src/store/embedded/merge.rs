//! Sums of samples by stack: rows come from the database on one thread and are decoded on another.

use super::columns::add_column;
use super::varint::Damaged;
use tokio::task::JoinHandle;

/// Packed samples handed to the decoding thread at once: enough to hide the switch, little enough to stay in cache.
const BATCH_BYTES: usize = 1 << 20;

/// Sums under way.
pub(crate) struct Merge {
    batch: Batch,
    state: State,
    /// Profiles summed.
    pub(crate) profiles: u64,
}

#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    /// Where each piece ends, and which of its columns is meant.
    pieces: Vec<(usize, usize)>,
}

enum State {
    Idle(Vec<i64>, Batch),
    Busy(JoinHandle<Result<(Vec<i64>, Batch), Damaged>>),
    /// Only inside of a step.
    Taken,
}

impl Merge {
    /// Sums for `stacks` stacks, all zero.
    pub(crate) fn new(stacks: usize) -> Self {
        let state = State::Idle(vec![0; stacks], Batch::default());
        Merge { batch: Batch::default(), state, profiles: 0 }
    }

    /// Adds a column of packed samples that sum up `profiles` profiles.
    pub(crate) async fn add(&mut self, samples: &[u8], column: usize, profiles: u64) -> Result<(), Damaged> {
        self.profiles += profiles;
        self.batch.bytes.extend_from_slice(samples);
        self.batch.pieces.push((self.batch.bytes.len(), column));
        if self.batch.bytes.len() >= BATCH_BYTES { self.flush().await } else { Ok(()) }
    }

    /// The sums, indexed by stack id.
    pub(crate) async fn finish(mut self) -> Result<Vec<i64>, Damaged> {
        self.flush().await?;
        Ok(self.settle().await?.0)
    }

    async fn flush(&mut self) -> Result<(), Damaged> {
        let (mut sums, mut batch) = self.settle().await?;
        std::mem::swap(&mut batch, &mut self.batch);
        self.state = State::Busy(tokio::task::spawn_blocking(move || {
            let mut start = 0;
            for (end, column) in batch.pieces.drain(..) {
                add_column(&batch.bytes[start..end], column, &mut sums)?;
                start = end;
            }
            batch.bytes.clear();
            Ok((sums, batch))
        }));
        Ok(())
    }

    async fn settle(&mut self) -> Result<(Vec<i64>, Batch), Damaged> {
        match std::mem::replace(&mut self.state, State::Taken) {
            State::Idle(sums, batch) => Ok((sums, batch)),
            State::Busy(task) => task.await.map_err(|_| Damaged("decoding samples failed"))?,
            State::Taken => Err(Damaged("decoding samples failed")),
        }
    }
}
