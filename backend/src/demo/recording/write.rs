//! Writes a recording while profiles arrive.

use super::body;
use super::chunk::{Chunk, Row};
use super::symbols::Symbols;
use super::{MAGIC, RecordError, VERSION};
use crate::store::NewProfile;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::varint::put;
use std::collections::BTreeMap;
use std::io::{self, Write};
use zstd::stream::write::Encoder;

/// Compression level: above it, the memory for it grows more than the recording shrinks.
const LEVEL: i32 = 9;
/// Time that a chunk covers, in milliseconds.
const CHUNK_MS: i64 = 60_000;

/// Writes a recording. It keeps a minute of pushes and all symbols in memory.
pub struct RecordingWriter<W: Write> {
    out: Encoder<'static, W>,
    symbols: Symbols,
    chunk: Chunk,
    /// When the recording started, and when the last push arrived, in milliseconds since 1970.
    started_ms: i64,
    last_ms: i64,
}

impl<W: Write> RecordingWriter<W> {
    /// Begins a recording that starts at `started`. `note` says what it is of.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(out: W, note: &str, started: UnixNanos) -> io::Result<RecordingWriter<W>> {
        let mut head = MAGIC.to_vec();
        put(&mut head, VERSION);
        put(&mut head, note.len() as u64);
        head.extend_from_slice(note.as_bytes());
        let started_ms = started.as_millis().max(0);
        put(&mut head, started_ms as u64);
        let mut out = Encoder::new(out, LEVEL)?;
        out.write_all(&head)?;
        Ok(RecordingWriter {
            out,
            symbols: Symbols::default(),
            chunk: Chunk::default(),
            started_ms,
            last_ms: started_ms,
        })
    }

    /// Records a request of `push.v1.PusherService/Push` that arrived at `at`: its `Content-Encoding`, empty if there is none,
    /// and its body as sent. Returns how many profiles it has.
    ///
    /// # Errors
    /// When it is not such a request, and nothing of it is recorded; when the recording cannot be written.
    pub fn push(&mut self, at: UnixNanos, content_encoding: &str, body: &[u8]) -> Result<usize, RecordError> {
        let profiles = body::profiles(content_encoding, body, at)
            .map_err(|error| RecordError::Push(error.to_string()))?;
        for profile in &profiles {
            self.append(at, profile)?;
        }
        Ok(profiles.len())
    }

    /// Records a profile that arrived at `at`, or with the push before if that was later.
    fn append(&mut self, at: UnixNanos, new: &NewProfile) -> io::Result<()> {
        let arrived_ms = at.as_millis().max(self.last_ms);
        let minute = |ms: i64| (ms - self.started_ms) / CHUNK_MS;
        if minute(arrived_ms) != minute(self.last_ms) {
            self.flush()?;
        }
        let p = &new.profile;
        let chunk = &mut self.chunk;
        let series = self.symbols.series(&new.name, new.labels.iter(), p, chunk);
        let mut costs: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
        for i in 0..p.samples.len() {
            let stack = self.symbols.stack(p, p.samples.stack(i), chunk);
            let sums = costs.entry(stack).or_insert_with(|| vec![0; p.samples.width()]);
            sums.iter_mut().zip(p.samples.values(i)).for_each(|(sum, cost)| *sum = sum.saturating_add(*cost));
        }
        let is_multiple = costs.values().flatten().all(|cost| p.period > 1 && cost % p.period == 0);
        chunk.push(&Row {
            after_ms: (arrived_ms - self.last_ms) as u64,
            start_before_ms: arrived_ms.saturating_sub(UnixNanos(p.time_nanos).as_millis()),
            duration_ms: (p.duration_nanos.max(0) / 1_000_000) as u64,
            series,
            unit: if is_multiple && !costs.is_empty() { p.period } else { 1 },
            samples: &costs.into_iter().collect::<Vec<_>>(),
        });
        self.last_ms = arrived_ms;
        Ok(())
    }

    /// Writes what has been recorded so far, so that it can be read even if the recording is cut off later.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        std::mem::take(&mut self.chunk).write(&mut self.out)?;
        self.out.flush()
    }

    /// Ends the recording.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.flush()?;
        self.out.finish()
    }
}
