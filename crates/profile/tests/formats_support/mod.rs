//! Handwritten protocol buffers, random profiles, and profiles as text.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::type_complexity)]

use flarepath_profile::call_tree;
use flarepath_profile::formats::folded;
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use flarepath_profile::sample::{SampleLabel, SampleLabelValue, Samples};
use flarepath_profile::stack_table::LocationId;
use flarepath_profile::string_table::{StrId, StringTable};
use proptest::prelude::*;

/// A protocol buffer message being written.
#[derive(Default)]
pub struct Message(Vec<u8>);

impl AsRef<[u8]> for Message {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    pub fn number(&mut self, field: u64, value: u64) -> &mut Self {
        self.varint(field << 3);
        self.varint(value);
        self
    }

    pub fn fixed64(&mut self, field: u64, value: u64) -> &mut Self {
        self.varint(field << 3 | 1);
        self.0.extend(value.to_le_bytes());
        self
    }

    pub fn bytes(&mut self, field: u64, bytes: &[u8]) -> &mut Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn text(&mut self, field: u64, text: &str) -> &mut Self {
        self.bytes(field, text.as_bytes())
    }

    pub fn packed(&mut self, field: u64, numbers: &[u64]) -> &mut Self {
        let mut content = Message::default();
        numbers.iter().for_each(|&n| content.varint(n));
        self.bytes(field, &content.0)
    }

    pub fn message(&mut self, field: u64, build: impl FnOnce(&mut Message) -> &mut Message) -> &mut Self {
        let mut content = Message::default();
        build(&mut content);
        self.bytes(field, &content.0)
    }
}

/// A pprof with every kind of field.
pub fn tiny() -> Message {
    let mut m = Message::default();
    m.message(1, |v| v.number(1, 1).number(2, 2)).message(1, |v| v.number(1, 3).number(2, 4));
    m.message(2, |s| {
        s.packed(1, &[1, 2]).packed(2, &[2, 20]);
        s.message(3, |l| l.number(1, 5).number(3, -64i64 as u64).number(4, 6));
        s.message(3, |l| l.number(1, 7).number(2, 8))
    });
    m.message(2, |s| s.packed(1, &[2]).packed(2, &[-1i64 as u64, i64::MIN as u64]));
    m.message(3, |x| {
        x.number(1, 1)
            .number(2, 0x1000)
            .number(3, 0x2000)
            .number(4, 3)
            .number(5, 9)
            .number(6, 10)
            .number(7, 1)
    });
    m.message(4, |l| {
        l.number(1, 1).number(2, 1).number(3, 0x1010);
        l.message(4, |x| x.number(1, 1).number(2, 12).number(3, 4))
            .message(4, |x| x.number(1, 2).number(2, 40))
    });
    m.message(4, |l| l.number(1, 2).number(2, 1).number(3, 0x1020));
    m.message(5, |f| f.number(1, 1).number(2, 11).number(3, 11).number(4, 13).number(5, 10));
    m.message(5, |f| f.number(1, 2).number(2, 12).number(3, 12).number(4, 13).number(5, 30));
    for text in ["", "samples", "count", "cpu", "nanoseconds", "size", "bytes", "endpoint", "/cart", "/bin/x"]
    {
        m.text(6, text);
    }
    for text in ["beef", "inner", "main", "x.c", "hello"] {
        m.text(6, text);
    }
    m.number(9, 7).number(10, 8).message(11, |v| v.number(1, 3).number(2, 4)).number(12, 10);
    m.packed(13, &[14]).number(14, 3);
    m
}

/// One line per sample: names leaf first, then values and labels.
pub fn describe(profile: &Profile) -> Vec<String> {
    (0..profile.samples.len())
        .map(|i| {
            let mut names = Vec::new();
            for location in profile.stacks.get(profile.samples.stack(i)) {
                let location = profile.locations.get(location.index());
                if location.lines.is_empty() {
                    names.push(format!("{:#x}", location.address));
                }
                for line in location.lines {
                    names.push(profile.str(profile.functions[line.function.index()].name).to_owned());
                }
            }
            let values: Vec<_> = profile.samples.values(i).iter().map(i64::to_string).collect();
            let mut line = format!("{} = {}", names.join(" "), values.join(" "));
            for label in profile.samples.labels(i) {
                let key = profile.str(label.key);
                line += &match label.value {
                    SampleLabelValue::Text(text) => format!(" {key}={}", profile.str(text)),
                    SampleLabelValue::Number(n, unit) => format!(" {key}={n}{}", profile.str(unit)),
                };
            }
            line
        })
        .collect()
}

type RawSample = (Vec<u32>, Vec<i64>, Vec<(u32, Option<u32>, i64, u32)>);

/// Any valid profile, small.
pub fn any_profile() -> impl Strategy<Value = Profile> {
    let text = prop::collection::vec(any::<String>(), 1..12);
    let counts = (1usize..4, 0usize..3, 1usize..5, 1usize..6);
    (text, counts).prop_flat_map(|(text, (width, mappings, functions, locations))| {
        let n = any::<u32>();
        let label = (n, prop::option::of(n), any::<i64>(), n);
        let sample = (
            prop::collection::vec(n, 0..6),
            prop::collection::vec(any::<i64>(), width),
            prop::collection::vec(label, 0..3),
        );
        let line = (n, any::<i64>(), any::<i64>());
        (
            Just((text, width, functions)),
            prop::collection::vec((any::<[u64; 3]>(), n, n, any::<bool>()), mappings),
            prop::collection::vec((n, n, n, any::<i64>()), functions),
            prop::collection::vec((n, any::<u64>(), prop::collection::vec(line, 0..3)), locations),
            prop::collection::vec(sample, 0..8),
            (any::<[i64; 3]>(), any::<[u32; 6]>(), prop::collection::vec(n, 0..3)),
        )
            .prop_map(|((text, width, functions), mappings, fns, locations, samples, rest)| {
                assemble(&text, width, functions, mappings, fns, locations, samples, rest)
            })
    })
}

#[allow(clippy::too_many_arguments)]
fn assemble(
    text: &[String],
    width: usize,
    functions: usize,
    mappings: Vec<([u64; 3], u32, u32, bool)>,
    fns: Vec<(u32, u32, u32, i64)>,
    locations: Vec<(u32, u64, Vec<(u32, i64, i64)>)>,
    samples: Vec<RawSample>,
    (times, heads, comments): ([i64; 3], [u32; 6], Vec<u32>),
) -> Profile {
    let mut strings = StringTable::new();
    text.iter().for_each(|t| {
        strings.intern(t);
    });
    let count = strings.len() as u32;
    let any = |n: u32| StrId(n % count);
    // Key and text of a label are never empty: in pprof an empty string means that they are absent.
    let some = |n: u32| if count == 1 { None } else { Some(StrId(1 + n % (count - 1))) };
    let mut profile = Profile {
        sample_types: (0..width)
            .map(|i| ValueType { kind: any(heads[0] ^ i as u32), unit: any(heads[1]) })
            .collect(),
        default_sample_type: any(heads[2]),
        period_type: ValueType { kind: any(heads[3]), unit: any(heads[4]) },
        period: times[0],
        time_nanos: times[1],
        duration_nanos: times[2],
        comments: comments.into_iter().map(any).collect(),
        samples: Samples::new(width),
        ..Profile::default()
    };
    for ([start, limit, file_offset], file, build_id, has_functions) in mappings {
        let (file, build_id) = (any(file), any(build_id));
        profile.mappings.push(Mapping { start, limit, file_offset, file, build_id, has_functions });
    }
    for (name, system_name, file, start_line) in fns {
        let (name, system_name, file) = (any(name), any(system_name), any(file));
        profile.functions.push(Function { name, system_name, file, start_line });
    }
    let mapped = profile.mappings.len() as u32 + 1;
    let located = locations.len() as u32;
    for (mapping, address, lines) in locations {
        let lines = lines.into_iter().map(|(function, line, column)| Line {
            function: FunctionId(function % functions as u32),
            line,
            column,
        });
        profile.locations.push((mapping % mapped).checked_sub(1), address, lines);
    }
    for (stack, values, labels) in samples {
        let stack = profile.stacks.push(stack.into_iter().map(|l| LocationId(l % located)));
        let labels: Vec<_> = labels
            .into_iter()
            .filter_map(|(key, text, number, unit)| {
                let value = match text {
                    Some(text) => SampleLabelValue::Text(some(text)?),
                    None => SampleLabelValue::Number(number, any(unit)),
                };
                Some(SampleLabel { key: some(key)?, value })
            })
            .collect();
        profile.samples.push(stack, &values, &labels);
    }
    profile.strings = strings;
    profile
}

/// The first lines of a profile's folded form, by one of its sample types. A recursive frame is written
/// once, with its number of repetitions.
pub fn folded_head(profile: &Profile, kind: &str, lines: usize) -> String {
    let sample_type = profile.sample_type_index(kind).expect("the profile has this sample type");
    let tree = call_tree::from_profile(profile, sample_type).expect("a tree of a profile");
    let mut head = String::new();
    for line in folded::write(&tree).lines().take(lines) {
        let (stack, value) = line.rsplit_once(' ').expect("a stack and a number");
        let frames: Vec<_> = stack.split(';').collect();
        let frames = frames.chunk_by(|a, b| a == b).map(|run| match run.len() {
            1 => run[0].to_owned(),
            times => format!("{} ×{times}", run[0]),
        });
        head += &format!("{} {value}\n", frames.collect::<Vec<_>>().join(";"));
    }
    head
}
