//! Bodies of requests of `push.v1.PusherService/Push`, as SDKs write them; `ingest` reads them in place.

use prost::Message;

#[derive(Clone, PartialEq, Message)]
struct LabelPair {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    value: String,
}

#[derive(Clone, PartialEq, Message)]
struct RawSample {
    #[prost(bytes = "vec", tag = "1")]
    raw_profile: Vec<u8>,
}

/// A profile of a series.
#[derive(Clone, PartialEq, Message)]
pub struct RawProfileSeries {
    #[prost(message, repeated, tag = "1")]
    labels: Vec<LabelPair>,
    #[prost(message, repeated, tag = "2")]
    samples: Vec<RawSample>,
}

#[derive(Clone, PartialEq, Message)]
struct PushRequest {
    #[prost(message, repeated, tag = "1")]
    series: Vec<RawProfileSeries>,
}

/// A profile in pprof format, compressed or not, with the labels of its series, `__name__` among them.
pub fn series<'l>(
    labels: impl Iterator<Item = (&'l str, &'l str)>,
    raw_profile: Vec<u8>,
) -> RawProfileSeries {
    let pair = |(name, value): (&str, &str)| LabelPair { name: name.to_owned(), value: value.to_owned() };
    RawProfileSeries { labels: labels.map(pair).collect(), samples: vec![RawSample { raw_profile }] }
}

/// The body of a request with these profiles.
pub fn request(series: impl Iterator<Item = RawProfileSeries>) -> Vec<u8> {
    PushRequest { series: series.collect() }.encode_to_vec()
}
