//! Reads a recording.

use super::cursor::Cursor;
use super::rows::{Frame, Series, Stack};
use super::{BadRecording, MAGIC, Push, Recording, VERSION};
use flarepath_profile::labels::Labels;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::varint::unzigzag;
use std::io::{ErrorKind, Read};
use std::time::Duration;
use zstd::stream::read::Decoder;

/// Most MiB of a recording after decompression; two hours of the demo have less than one.
const MOST_MIB: u64 = 256;

impl Recording {
    /// Reads a recording. One that was cut off ends with its last complete chunk.
    ///
    /// # Errors
    /// [`BadRecording`].
    pub fn read(file: &[u8]) -> Result<Recording, BadRecording> {
        let (plain, is_whole) = inflate(file)?;
        let rest = plain.strip_prefix(MAGIC).ok_or(BadRecording::Foreign)?;
        let mut cursor = Cursor { rest };
        let version = cursor.number("version")?;
        if version != VERSION {
            return Err(BadRecording::Version(version));
        }
        let note = cursor.text("note")?.to_owned();
        let started = UnixNanos::from_millis(number(cursor.number("start")?, "start")?);
        let mut recording =
            Recording { note, started, stacks: vec![Stack::default()], ..Recording::default() };
        while !cursor.rest.is_empty() {
            match recording.chunk(&mut cursor) {
                Err(_) if !is_whole => break,
                read => read?,
            }
        }
        Ok(recording)
    }

    fn chunk(&mut self, cursor: &mut Cursor<'_>) -> Result<(), BadRecording> {
        for _ in 0..cursor.count("string")? {
            self.strings.push(cursor.text("string")?.to_owned());
        }
        self.frames(cursor)?;
        self.stacks(cursor)?;
        for _ in 0..cursor.count("series")? {
            let series = self.one_series(cursor)?;
            let text = |id: u32| self.strings[id as usize].as_str();
            let labels: Labels = series.labels.iter().map(|(n, v)| (text(*n), text(*v))).collect();
            self.labels.push(labels);
            self.series.push(series);
        }
        self.read_pushes(cursor)
    }

    fn frames(&mut self, cursor: &mut Cursor<'_>) -> Result<(), BadRecording> {
        let (count, strings) = (cursor.count("frame")?, self.strings.len());
        let functions = cursor.ids(count, strings, "function")?;
        let files = cursor.ids(count, strings, "file")?;
        let lines = cursor.column(count, "line")?;
        let frames = functions.into_iter().zip(files).zip(lines);
        self.frames.extend(frames.map(|((function, file), line)| Frame { function, file, line }));
        Ok(())
    }

    fn stacks(&mut self, cursor: &mut Cursor<'_>) -> Result<(), BadRecording> {
        let count = cursor.count("stack")?;
        let callers = cursor.column(count, "caller")?;
        let frames = cursor.ids(count, self.frames.len(), "frame of a stack")?;
        for (before, frame) in callers.into_iter().zip(frames) {
            let id = self.stacks.len() as u64;
            let caller = id.checked_sub(before).filter(|caller| *caller < id);
            let caller = caller.ok_or(BadRecording::Damaged("caller"))? as u32;
            self.stacks.push(Stack { caller, frame });
        }
        Ok(())
    }

    fn one_series(&self, cursor: &mut Cursor<'_>) -> Result<Series, BadRecording> {
        let strings = self.strings.len();
        let pair = |cursor: &mut Cursor<'_>| -> Result<(u32, u32), BadRecording> {
            Ok((cursor.id(strings, "series")?, cursor.id(strings, "series")?))
        };
        let name = cursor.id(strings, "series")?;
        let period_type = pair(cursor)?;
        let period = number(cursor.number("period")?, "period")?;
        let pairs = |cursor: &mut Cursor<'_>| -> Result<Vec<(u32, u32)>, BadRecording> {
            (0..cursor.count("series")?).map(|_| pair(cursor)).collect()
        };
        let (sample_types, labels) = (pairs(cursor)?, pairs(cursor)?);
        Ok(Series { name, period_type, period, sample_types, labels })
    }

    fn read_pushes(&mut self, cursor: &mut Cursor<'_>) -> Result<(), BadRecording> {
        let count = cursor.count("push")?;
        let after = cursor.column(count, "arrival")?;
        let starts = cursor.column(count, "time")?;
        let durations = cursor.column(count, "duration")?;
        let series = cursor.ids(count, self.series.len(), "series of a push")?;
        let units = cursor.column(count, "unit")?;
        let samples: Vec<usize> =
            (0..count).map(|_| cursor.count("samples")).collect::<Result<_, BadRecording>>()?;
        let mut pushes = Vec::with_capacity(count);
        let (mut arrived_ms, first) = (self.length().as_millis() as u64, self.sample_stacks.len());
        let mut next = first;
        for i in 0..count {
            arrived_ms = arrived_ms.saturating_add(after[i]);
            pushes.push(Push {
                arrived: Duration::from_millis(arrived_ms),
                start_ms: (arrived_ms as i64).saturating_sub(unzigzag(starts[i])),
                duration_ms: durations[i],
                series: series[i] as usize,
                samples: next..next + samples[i],
                values: 0,
            });
            next += samples[i];
        }
        self.samples(cursor, &mut pushes, &units)?;
        self.pushes.append(&mut pushes);
        Ok(())
    }

    /// Stacks and values of a chunk's pushes.
    fn samples(
        &mut self,
        cursor: &mut Cursor<'_>,
        pushes: &mut [Push],
        units: &[u64],
    ) -> Result<(), BadRecording> {
        let (mut stacks, mut values) = (Vec::new(), Vec::new());
        for push in pushes.iter() {
            let mut stack = 0_u64;
            for _ in push.samples.clone() {
                stack = stack.saturating_add(cursor.number("stack of a sample")?);
                if stack >= self.stacks.len() as u64 {
                    return Err(BadRecording::Damaged("stack of a sample"));
                }
                stacks.push(stack as u32);
            }
        }
        for (push, unit) in pushes.iter_mut().zip(units) {
            push.values = self.values.len() + values.len();
            let unit = number(*unit, "unit")?;
            for _ in 0..push.samples.len() * self.series[push.series].sample_types.len() {
                values.push(unzigzag(cursor.number("value")?).saturating_mul(unit));
            }
        }
        self.sample_stacks.append(&mut stacks);
        self.values.append(&mut values);
        Ok(())
    }
}

fn number(value: u64, what: &'static str) -> Result<i64, BadRecording> {
    i64::try_from(value).map_err(|_| BadRecording::Damaged(what))
}

/// The plain bytes, and whether that is all of them.
fn inflate(file: &[u8]) -> Result<(Vec<u8>, bool), BadRecording> {
    let mut plain = Vec::new();
    let decoder = Decoder::new(file).map_err(|_| BadRecording::Foreign)?;
    let read = decoder.take((MOST_MIB << 20) + 1).read_to_end(&mut plain);
    if plain.len() as u64 > MOST_MIB << 20 {
        return Err(BadRecording::TooLarge(MOST_MIB));
    }
    match read {
        Ok(_) => Ok((plain, true)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok((plain, false)),
        Err(_) if plain.is_empty() => Err(BadRecording::Foreign),
        Err(_) => Err(BadRecording::Damaged("compression")),
    }
}
