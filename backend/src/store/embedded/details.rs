//! Labels (span and trace ids among them) and times of single samples.
//!
//! Kept with the stored profile, sample by sample, so that nothing of pprof is lost and a query for spans can count
//! only their samples. Profiles without any of this have none of it.
//!
//! Encoding, packed: number of texts, the texts (without duplicates), sample types, samples, then for each sample its
//! stack id, its values (zigzag), its time plus one or 0, the number of its labels, and for each label its key, then
//! 0 and a text, or 1 and a number (zigzag) and its unit.

use super::packed::{pack, unpack};
use super::varint::{Damaged, Reader, put, put_signed, put_text};
use flarepath_profile::profile::Profile;
use flarepath_profile::sample::{SampleLabel, SampleLabelValue};
use flarepath_profile::string_table::{StrId, StringTable};

/// Samples with labels or times. Text ids are positions in `texts`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Details {
    pub(crate) texts: StringTable,
    pub(crate) samples: Vec<Detail>,
}

/// One sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Detail {
    /// Stack id in the service's symbol table.
    pub(crate) stack: u32,
    /// One value for each sample type.
    pub(crate) values: Vec<i64>,
    /// When it was taken, nanoseconds since the epoch.
    pub(crate) time: Option<u64>,
    pub(crate) labels: Vec<SampleLabel>,
}

impl Details {
    /// The samples of `profile` that have labels or times; `None` if there are none.
    pub(crate) fn of(profile: &Profile, stack: impl Fn(usize) -> u32) -> Option<Details> {
        let all = &profile.samples;
        if !all.has_labels() && !all.has_timestamps() {
            return None;
        }
        let mut details = Details::default();
        for i in (0..all.len()).filter(|&i| !all.labels(i).is_empty() || all.timestamp(i).is_some()) {
            let mut text = |id: StrId| details.texts.intern(profile.str(id));
            let label = |l: &SampleLabel| SampleLabel {
                key: text(l.key),
                value: match l.value {
                    SampleLabelValue::Text(t) => SampleLabelValue::Text(text(t)),
                    SampleLabelValue::Number(n, unit) => SampleLabelValue::Number(n, text(unit)),
                },
            };
            let labels = all.labels(i).iter().map(label).collect();
            let (stack, values, time) = (stack(i), all.values(i).to_vec(), all.timestamp(i));
            details.samples.push(Detail { stack, values, time, labels });
        }
        (!details.samples.is_empty()).then_some(details)
    }

    /// The samples whose `span_id` is one of `spans`.
    pub(crate) fn in_spans<'a>(&'a self, spans: &[String]) -> impl Iterator<Item = &'a Detail> {
        let key = self.texts.find("span_id");
        let wanted: Vec<StrId> = spans.iter().filter_map(|s| self.texts.find(s)).collect();
        self.samples.iter().filter(move |sample| {
            let meant = |l: &SampleLabel| match l.value {
                SampleLabelValue::Text(text) => Some(l.key) == key && wanted.contains(&text),
                SampleLabelValue::Number(..) => false,
            };
            sample.labels.iter().any(meant)
        })
    }

    /// The encoding described above; all samples have `width` values.
    pub(crate) fn encode(&self, width: usize) -> std::io::Result<Vec<u8>> {
        let mut out = Vec::new();
        put(&mut out, self.texts.len() as u64 - 1);
        self.texts.iter().skip(1).for_each(|t| put_text(&mut out, t));
        put(&mut out, width as u64);
        put(&mut out, self.samples.len() as u64);
        for sample in &self.samples {
            put(&mut out, u64::from(sample.stack));
            sample.values.iter().for_each(|&v| put_signed(&mut out, v));
            put(&mut out, sample.time.map_or(0, |t| t.saturating_add(1)));
            put(&mut out, sample.labels.len() as u64);
            for label in &sample.labels {
                put(&mut out, u64::from(label.key.0));
                match label.value {
                    SampleLabelValue::Text(text) => [0, u64::from(text.0)].map(|n| put(&mut out, n)),
                    SampleLabelValue::Number(n, unit) => {
                        put(&mut out, 1);
                        put_signed(&mut out, n);
                        [put(&mut out, u64::from(unit.0)), ()]
                    }
                };
            }
        }
        let mut packed = Vec::new();
        pack(&out, &mut packed)?;
        Ok(packed)
    }

    /// Reads what [`Details::encode`] wrote.
    pub(crate) fn decode(packed: &[u8]) -> Result<Details, Damaged> {
        let mut bytes = Vec::new();
        unpack(packed, &mut bytes)?;
        let mut reader = Reader::new(&bytes);
        let mut details = Details::default();
        for _ in 0..reader.count(1)? {
            details.texts.intern(reader.text()?);
        }
        let width = reader.number()? as usize;
        for _ in 0..reader.count(3)? {
            let stack = reader.index()?;
            let values = (0..width).map(|_| reader.signed()).collect::<Result<_, _>>()?;
            let time = reader.number()?.checked_sub(1);
            let labels = reader.count(3)?;
            let labels = (0..labels)
                .map(|_| read_label(&mut reader, details.texts.len()))
                .collect::<Result<_, _>>()?;
            details.samples.push(Detail { stack, values, time, labels });
        }
        Ok(details)
    }
}

fn read_label(reader: &mut Reader<'_>, texts: usize) -> Result<SampleLabel, Damaged> {
    let text = |id: u32| match (id as usize) < texts {
        true => Ok(StrId(id)),
        false => Err(Damaged("a sample label refers to a text that does not exist")),
    };
    let key = text(reader.index()?)?;
    let value = match reader.number()? {
        0 => SampleLabelValue::Text(text(reader.index()?)?),
        1 => SampleLabelValue::Number(reader.signed()?, text(reader.index()?)?),
        _ => return Err(Damaged("a sample label has an unknown form")),
    };
    Ok(SampleLabel { key, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::sample::Samples;
    use flarepath_profile::stack_table::StackId;

    #[test]
    fn labels_and_times_round_trip() {
        let mut profile = Profile::default();
        let [span, a, bytes, unit] =
            ["span_id", "00000000000000aa", "bytes", "b"].map(|t| profile.strings.intern(t));
        let text = SampleLabel { key: span, value: SampleLabelValue::Text(a) };
        let number = SampleLabel { key: bytes, value: SampleLabelValue::Number(-5, unit) };
        profile.samples = Samples::new(2);
        profile.samples.push(StackId(0), &[1, 2], &[text, number]);
        profile.samples.push(StackId(1), &[3, 4], &[]);
        profile.samples.push_at(77, StackId(2), &[5, -6], &[]);
        let details = Details::of(&profile, |i| i as u32 + 10).unwrap();
        assert_eq!(details.samples.len(), 2, "the bare sample is not kept twice");
        let back = Details::decode(&details.encode(2).unwrap()).unwrap();
        assert_eq!(back, details);
        let stacks = |span: &str| back.in_spans(&[span.to_owned()]).map(|d| d.stack).collect::<Vec<_>>();
        assert_eq!(stacks("00000000000000aa"), [10]);
        assert!(stacks("00000000000000bb").is_empty());
    }
}
