//! Pushes profiles through to Pyroscope, as its clients do.
//!
//! A batch is acknowledged once Pyroscope has acknowledged all of it, and a push is never repeated. Pyroscope stores the profiles of
//! a push that it can, and fails because of the others: after an error some of the batch may be stored.

use super::PyroscopeStore;
use super::client::compute;
use super::messages::{LabelPair, PushRequest, RawSample, RawSeries};
use crate::store::{NewProfile, ProfileWriter, StoreError};
use async_trait::async_trait;
use bytes::Bytes;
use flarepath_profile::formats::pprof;
use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message;
use std::io::Write;

/// Bytes of one push, about: a batch of more is sent in several.
const PUSH_BYTES: usize = 16 << 20;
/// The profile type's first part.
const NAME: &str = "__name__";
/// Whether Pyroscope takes totals that grow for ever and stores their differences. What arrives here is stored as it is.
const DELTA: &str = "__delta__";

#[async_trait]
impl ProfileWriter for PyroscopeStore {
    async fn append(&self, batch: Vec<NewProfile>) -> Result<(), StoreError> {
        let pushes = compute(move || pushes(&batch, PUSH_BYTES)).await?;
        let pushes = pushes.map_err(|error| {
            StoreError::Database(format!("{}: cannot compress a profile: {error}", self.client.name()))
        })?;
        for push in pushes {
            self.client.push(push).await?;
        }
        Ok(())
    }
}

/// The requests that send a batch, in its order, of about so many bytes each.
fn pushes(batch: &[NewProfile], push_bytes: usize) -> std::io::Result<Vec<Bytes>> {
    let (mut pushes, mut request, mut bytes) = (Vec::new(), PushRequest::default(), 0);
    for profile in batch {
        let sample = RawSample { raw_profile: gzip(&pprof::write(&profile.profile))? };
        bytes += sample.raw_profile.len();
        request.series.push(RawSeries { labels: labels(profile), samples: vec![sample] });
        if bytes >= push_bytes {
            pushes.push(Bytes::from(std::mem::take(&mut request).encode_to_vec()));
            bytes = 0;
        }
    }
    if !request.series.is_empty() {
        pushes.push(Bytes::from(request.encode_to_vec()));
    }
    Ok(pushes)
}

fn labels(profile: &NewProfile) -> Vec<LabelPair> {
    let internal = [(NAME, &*profile.name), (DELTA, "false")];
    let all = internal.into_iter().chain(profile.labels.iter());
    all.map(|(name, value)| LabelPair { name: name.to_owned(), value: value.to_owned() }).collect()
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::profile::Profile;

    fn new_profile(pod: &str) -> NewProfile {
        let labels = [("service_name", "shop"), ("pod", pod)].into_iter().collect();
        let profile = Profile { time_nanos: 7, ..Profile::default() };
        NewProfile { labels, name: "process_cpu".to_owned(), profile }
    }

    #[test]
    fn a_batch_is_one_push_with_a_series_for_each_profile() {
        let pushed = pushes(&[new_profile("a"), new_profile("b")], PUSH_BYTES).unwrap();
        assert_eq!(pushed.len(), 1);
        let request = PushRequest::decode(pushed[0].clone()).unwrap();
        let texts = |series: &RawSeries| -> Vec<String> {
            series.labels.iter().map(|pair| format!("{}={}", pair.name, pair.value)).collect()
        };
        assert_eq!(
            texts(&request.series[1]),
            ["__name__=process_cpu", "__delta__=false", "pod=b", "service_name=shop"]
        );
        assert_eq!(request.series[0].samples[0].raw_profile[..2], [0x1f, 0x8b]);
        assert!(pushes(&[], PUSH_BYTES).unwrap().is_empty());
    }

    #[test]
    fn a_large_batch_is_several_pushes_and_no_profile_is_in_two() {
        let batch = ["a", "b", "c"].map(new_profile);
        let pushed = pushes(&batch, 1).unwrap();
        let series = |push: &Bytes| PushRequest::decode(push.clone()).unwrap().series;
        let pods: Vec<String> =
            pushed.iter().flat_map(series).map(|series| series.labels[2].value.clone()).collect();
        assert_eq!((pushed.len(), pods), (3, ["a", "b", "c"].map(str::to_owned).to_vec()));
    }
}
