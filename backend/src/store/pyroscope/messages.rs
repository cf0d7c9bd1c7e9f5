//! Messages of Pyroscope's `querier.v1`, `types.v1` and `push.v1`, with the field numbers of their protobuf definitions and only the
//! fields that are used here. Times are milliseconds since the epoch, both ends of a range inclusive.

use bytes::Bytes;
use flarepath_profile::varint;

/// `ProfileFormat` of merged stacks.
pub(super) mod format {
    /// A stream of nodes; see [`super::super::tree`].
    pub(in super::super) const TREE: i32 = 2;
    /// pprof; known to Pyroscope 2.2 and later.
    pub(in super::super) const PPROF: i32 = 4;
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct LabelPair {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(string, tag = "2")]
    pub(super) value: String,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ProfileTypesRequest {
    #[prost(int64, tag = "1")]
    pub(super) start: i64,
    #[prost(int64, tag = "2")]
    pub(super) end: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct LabelNamesRequest {
    #[prost(string, repeated, tag = "1")]
    pub(super) matchers: Vec<String>,
    #[prost(int64, tag = "2")]
    pub(super) start: i64,
    #[prost(int64, tag = "3")]
    pub(super) end: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct LabelValuesRequest {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(string, repeated, tag = "2")]
    pub(super) matchers: Vec<String>,
    #[prost(int64, tag = "3")]
    pub(super) start: i64,
    #[prost(int64, tag = "4")]
    pub(super) end: i64,
}

/// Names of labels, or values of one.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct NamesAnswer {
    #[prost(string, repeated, tag = "1")]
    pub(super) names: Vec<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SeriesRequest {
    #[prost(string, repeated, tag = "1")]
    pub(super) matchers: Vec<String>,
    #[prost(int64, tag = "3")]
    pub(super) start: i64,
    #[prost(int64, tag = "4")]
    pub(super) end: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SeriesAnswer {
    #[prost(message, repeated, tag = "2")]
    pub(super) labels_set: Vec<LabelSet>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct LabelSet {
    #[prost(message, repeated, tag = "1")]
    pub(super) labels: Vec<LabelPair>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct StacktracesRequest {
    #[prost(string, tag = "1")]
    pub(super) profile_type: String,
    #[prost(string, tag = "2")]
    pub(super) label_selector: String,
    #[prost(int64, tag = "3")]
    pub(super) start: i64,
    #[prost(int64, tag = "4")]
    pub(super) end: i64,
    #[prost(int64, optional, tag = "5")]
    pub(super) max_nodes: Option<i64>,
    #[prost(int32, tag = "6")]
    pub(super) format: i32,
    /// Known to Pyroscope 2.2 and later; others ignore it.
    #[prost(string, repeated, tag = "11")]
    pub(super) span_selector: Vec<String>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SpanProfileRequest {
    #[prost(string, tag = "1")]
    pub(super) profile_type: String,
    #[prost(string, tag = "2")]
    pub(super) label_selector: String,
    #[prost(string, repeated, tag = "3")]
    pub(super) span_selector: Vec<String>,
    #[prost(int64, tag = "4")]
    pub(super) start: i64,
    #[prost(int64, tag = "5")]
    pub(super) end: i64,
    #[prost(int64, optional, tag = "6")]
    pub(super) max_nodes: Option<i64>,
    #[prost(int32, tag = "7")]
    pub(super) format: i32,
}

/// Merged stacks, in the format that was asked for or, from a server that does not know it, as a flame graph.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct StacktracesAnswer {
    #[prost(message, optional, tag = "1")]
    pub(super) flamegraph: Option<FlameGraph>,
    #[prost(bytes = "bytes", tag = "2")]
    pub(super) tree: Bytes,
    #[prost(message, optional, tag = "5")]
    pub(super) pprof: Option<Pprof>,
}

impl StacktracesAnswer {
    /// Whether it holds values, but in the format of a server that does not know any other.
    pub(super) fn is_flame_graph(&self) -> bool {
        self.tree.is_empty() && self.pprof.is_none() && self.flamegraph.is_some_and(|graph| graph.total != 0)
    }
}

/// A flame graph that is not used: only whether there is anything in it.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(super) struct FlameGraph {
    #[prost(int64, tag = "3")]
    pub(super) total: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Pprof {
    /// The message `google.v1.Profile`, which is a pprof as it is.
    #[prost(bytes = "bytes", tag = "1")]
    pub(super) profile: Bytes,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MergeProfileRequest {
    #[prost(string, tag = "1")]
    pub(super) profile_type: String,
    #[prost(string, tag = "2")]
    pub(super) label_selector: String,
    #[prost(int64, tag = "3")]
    pub(super) start: i64,
    #[prost(int64, tag = "4")]
    pub(super) end: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SelectSeriesRequest {
    #[prost(string, tag = "1")]
    pub(super) profile_type: String,
    #[prost(string, tag = "2")]
    pub(super) label_selector: String,
    #[prost(int64, tag = "3")]
    pub(super) start: i64,
    #[prost(int64, tag = "4")]
    pub(super) end: i64,
    #[prost(string, repeated, tag = "5")]
    pub(super) group_by: Vec<String>,
    /// Seconds.
    #[prost(double, tag = "6")]
    pub(super) step: f64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SelectSeriesAnswer {
    #[prost(message, repeated, tag = "1")]
    pub(super) series: Vec<Line>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Line {
    #[prost(message, repeated, tag = "1")]
    pub(super) labels: Vec<LabelPair>,
    #[prost(message, repeated, tag = "2")]
    pub(super) points: Vec<Point>,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(super) struct Point {
    #[prost(double, tag = "1")]
    pub(super) value: f64,
    #[prost(int64, tag = "2")]
    pub(super) timestamp: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct PushRequest {
    #[prost(message, repeated, tag = "1")]
    pub(super) series: Vec<RawSeries>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct RawSeries {
    #[prost(message, repeated, tag = "1")]
    pub(super) labels: Vec<LabelPair>,
    #[prost(message, repeated, tag = "2")]
    pub(super) samples: Vec<RawSample>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct RawSample {
    /// pprof, gzipped.
    #[prost(bytes = "vec", tag = "1")]
    pub(super) raw_profile: Vec<u8>,
}

/// How many messages of a body lie below fields of these numbers, one inside of the other. An empty message is two bytes on the
/// wire and some dozen in memory, so they are counted before a body is decoded. What is malformed ends the count; decoding
/// then fails.
pub(super) fn count(body: &[u8], path: &[u64]) -> usize {
    let Some((wanted, below)) = path.split_first() else { return 1 };
    let (mut rest, mut found) = (body, 0);
    while let Some((field, after)) = first_field(rest) {
        if let (true, Some(content)) = (field.number == *wanted, field.content) {
            found += count(content, below);
        }
        rest = after;
    }
    found
}

struct Field<'b> {
    number: u64,
    /// Its bytes, if it has a length.
    content: Option<&'b [u8]>,
}

/// The first field, and what follows it.
fn first_field(bytes: &[u8]) -> Option<(Field<'_>, &[u8])> {
    let (key, rest) = varint::split(bytes)?;
    let skip = |length: usize| rest.get(length..);
    let (content, after) = match key & 7 {
        0 => (None, varint::split(rest)?.1),
        1 => (None, skip(8)?),
        2 => {
            let (length, rest) = varint::split(rest)?;
            let (content, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            (Some(content), after)
        }
        5 => (None, skip(4)?),
        _ => return None,
    };
    Some((Field { number: key >> 3, content }, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost::Message;

    #[test]
    fn messages_are_counted_before_they_are_decoded() {
        let point = Point { value: 1.5, timestamp: 7 };
        let line = Line { labels: vec![LabelPair::default(); 3], points: vec![point; 5] };
        let body = SelectSeriesAnswer { series: vec![line; 2] }.encode_to_vec();
        assert_eq!([count(&body, &[1, 2]), count(&body, &[1, 1]), count(&body, &[1])], [10, 6, 2]);
        assert_eq!(count(&[0x0a, 0].repeat(1000), &[1]), 1000);
        for length in 0..body.len() {
            assert!(count(&body[..length], &[1, 2]) <= 10);
        }
    }

    #[test]
    fn a_flame_graph_in_place_of_a_tree_is_seen() {
        let graph = |total| StacktracesAnswer {
            flamegraph: Some(FlameGraph { total }),
            ..StacktracesAnswer::default()
        };
        assert!(graph(5).is_flame_graph() && !graph(0).is_flame_graph());
        let tree = StacktracesAnswer { tree: Bytes::from_static(b"\0\x05\0"), ..graph(5) };
        assert!(!tree.is_flame_graph());
    }
}
