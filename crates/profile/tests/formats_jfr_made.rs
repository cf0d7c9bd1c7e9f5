//! Handwritten recordings: valid ones that no recorder here writes, and invalid ones.

use flarepath_profile::formats::jfr::{JfrError, read};
use flarepath_profile::formats::{NamedProfile, Normalised};

/// Bytes of a chunk being written, integers compressed or of fixed width.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    fixed: bool,
}

impl Writer {
    fn number(&mut self, value: i64, width: usize) -> &mut Self {
        if self.fixed {
            self.bytes.extend(&value.to_be_bytes()[8 - width..]);
            return self;
        }
        let mut rest = value as u64;
        while rest >= 0x80 {
            self.bytes.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest as u8);
        self
    }

    fn int(&mut self, value: i64) -> &mut Self {
        self.number(value, 4)
    }

    fn long(&mut self, value: i64) -> &mut Self {
        self.number(value, 8)
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.bytes.push(3);
        self.int(text.len() as i64);
        self.bytes.extend(text.bytes());
        self
    }

    /// An event: its size, its type, its fields.
    fn event(&mut self, class: i64, fields: impl FnOnce(&mut Writer)) -> usize {
        let mut event = Writer { bytes: Vec::new(), fixed: self.fixed };
        event.long(class);
        fields(&mut event);
        let (start, size_bytes) = (self.bytes.len(), if self.fixed { 4 } else { 2 });
        let size = (event.bytes.len() + size_bytes) as i64;
        if self.fixed {
            self.int(size);
        } else {
            // Always two bytes, as recorders pad it.
            self.bytes.extend([(size & 0x7f) as u8 | 0x80, (size >> 7) as u8]);
        }
        self.bytes.extend(event.bytes);
        start
    }
}

/// A class: id, name, fields with the id of their class, `*` for a reference, `+` for a list.
type Class = (i64, &'static str, &'static [(&'static str, i64)]);

const LONG: i64 = 20;
const TEXT: i64 = 21;
const FRAME: i64 = 22;
const STACK: i64 = 23;
const METHOD: i64 = 24;
const CLASS: i64 = 25;
const SYMBOL: i64 = 26;
const SAMPLE: i64 = 100;
const SETTING: i64 = 101;

const CLASSES: &[Class] = &[
    (LONG, "long", &[]),
    (TEXT, "java.lang.String", &[]),
    (FRAME, "jdk.types.StackFrame", &[("*method", METHOD), ("lineNumber", LONG)]),
    (STACK, "jdk.types.StackTrace", &[("+frames", FRAME)]),
    (METHOD, "jdk.types.Method", &[("*type", CLASS), ("*name", SYMBOL)]),
    (CLASS, "java.lang.Class", &[("*name", SYMBOL)]),
    (SYMBOL, "jdk.types.Symbol", &[("string", TEXT)]),
    (SAMPLE, "jdk.ExecutionSample", &[("startTime", LONG), ("*stackTrace", STACK)]),
    (SETTING, "jdk.ActiveSetting", &[("id", LONG), ("name", TEXT), ("value", TEXT)]),
];

fn metadata(w: &mut Writer, classes: &[Class]) -> usize {
    let mut strings =
        vec!["root", "metadata", "class", "field", "id", "name", "constantPool", "true", "dimension", "1"]
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<String>>();
    for (id, name, fields) in classes {
        strings.extend([id.to_string(), (*name).to_owned()]);
        strings.extend(
            fields
                .iter()
                .flat_map(|(name, of)| [name[..].trim_start_matches(['*', '+']).to_owned(), of.to_string()]),
        );
    }
    let index = |text: &str| strings.iter().position(|s| s == text).unwrap() as i64;
    w.event(0, |w| {
        w.long(0).long(0).long(0).int(strings.len() as i64);
        for text in &strings {
            w.text(text);
        }
        w.int(index("root")).int(0).int(1);
        w.int(index("metadata")).int(0).int(classes.len() as i64);
        for (id, name, fields) in classes {
            let (id, name) = (index(&id.to_string()), index(name));
            w.int(index("class")).int(2).int(index("id")).int(id).int(index("name")).int(name);
            w.int(fields.len() as i64);
            for (field, of) in *fields {
                let more = i64::from(field.starts_with(['*', '+']));
                w.int(index("field")).int(2 + more);
                w.int(index("name")).int(index(field.trim_start_matches(['*', '+'])));
                w.int(index("class")).int(index(&of.to_string()));
                if field.starts_with('*') {
                    w.int(index("constantPool")).int(index("true"));
                } else if field.starts_with('+') {
                    w.int(index("dimension")).int(index("1"));
                }
                w.int(0);
            }
        }
    })
}

/// Stack 7 is `Shop.price` called by `Shop.main`; `to_next` is the distance of the next checkpoint.
fn constants(w: &mut Writer, to_next: i64) -> usize {
    w.event(1, |w| {
        w.long(0).long(0).long(to_next);
        w.bytes.push(0);
        w.int(4);
        w.long(STACK).int(1).long(7).int(2).long(1).long(12).long(2).long(3);
        w.long(METHOD).int(2).long(1).long(1).long(10).long(2).long(1).long(11);
        w.long(CLASS).int(1).long(1).long(12);
        w.long(SYMBOL).int(3).long(10).text("price").long(11).text("main").long(12).text("Shop");
    })
}

/// A chunk with its header: events, then constants and metadata.
fn chunk(fixed: bool, classes: &[Class], events: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut w = Writer { bytes: vec![0; 68], fixed };
    events(&mut w);
    let pools = constants(&mut w, 0);
    let types = metadata(&mut w, classes);
    header(w, pools, types)
}

fn header(mut w: Writer, pools: usize, types: usize) -> Vec<u8> {
    let size = w.bytes.len() as i64;
    let mut header = b"FLR\0\0\x02\0\0".to_vec();
    for number in
        [size, pools as i64, types as i64, 1_795_227_705_000_000_000, 1_000_000_000, 5000, 1_000_000]
    {
        header.extend(number.to_be_bytes());
    }
    header.extend([0, 0, 0, u8::from(!w.fixed)]);
    w.bytes[..68].copy_from_slice(&header);
    w.bytes
}

fn sample(w: &mut Writer, ticks: i64, stack: i64) {
    w.event(SAMPLE, |w| {
        w.long(ticks).long(stack);
    });
}

fn setting(w: &mut Writer, name: &str, value: &str) {
    w.event(SETTING, |w| {
        w.long(SAMPLE).text(name).text(value);
    });
}

fn only(bytes: &[u8]) -> NamedProfile {
    let mut profiles = read(bytes).unwrap();
    assert_eq!(profiles.len(), 1);
    profiles.remove(0)
}

/// `name kind/unit total`, period.
fn total(named: &NamedProfile) -> (String, i64) {
    let p = &named.profile;
    let of = p.sample_types[0];
    (format!("{} {}/{} {}", named.name, p.str(of.kind), p.str(of.unit), p.samples.total(0)), p.period)
}

#[test]
fn reads_fixed_width_integers_and_late_settings() {
    for fixed in [true, false] {
        let named = only(&chunk(fixed, CLASSES, |w| {
            sample(w, 5_000, 7);
            sample(w, 7_500, 7);
            setting(w, "period", "20 ms");
        }));
        assert_eq!(total(&named), ("process_cpu cpu/nanoseconds 40000000".to_owned(), 20_000_000));
        let p = &named.profile;
        // 2 500 ticks of a microsecond after the start.
        assert_eq!(p.samples.timestamp(1), Some(1_795_227_705_002_500_000));
        let names = p.stacks.get(p.samples.stack(0)).iter().map(|l| {
            let line = p.locations.get(l.index()).lines[0];
            (p.str(p.functions[line.function.index()].name), line.line)
        });
        assert_eq!(names.collect::<Vec<_>>(), [("Shop.price", 12), ("Shop.main", 3)]);
    }
}

#[test]
fn sample_values_follow_settings() {
    let named = |settings: &[(&str, &str)]| {
        let profiles = read(&chunk(false, CLASSES, |w| {
            settings.iter().for_each(|(name, value)| setting(w, name, value));
            sample(w, 5_000, 7);
        }));
        profiles.unwrap().iter().map(|p| total(p).0).collect::<Vec<_>>()
    };
    assert_eq!(named(&[]), ["process_cpu samples/count 1"], "no period, so it is counted");
    assert_eq!(named(&[("period", "everyChunk")]), ["process_cpu samples/count 1"]);
    assert_eq!(named(&[("interval", "5000000")]), ["process_cpu cpu/nanoseconds 5000000"]);
    assert_eq!(
        named(&[("interval", "0")]),
        ["process_cpu cpu/nanoseconds 10000000"],
        "async-profiler's default"
    );
    let counter = [("event", "cache-misses"), ("interval", "1000")];
    assert_eq!(named(&counter), ["process_cpu cache-misses/count 1000"]);
    let wall = [("event", "wall"), ("interval", "20000000")];
    assert_eq!(named(&wall), ["process_cpu cpu/nanoseconds 20000000", "wall wall/nanoseconds 20000000"]);
}

#[test]
fn notes_unknown_stacks() {
    let named = only(&chunk(false, CLASSES, |w| sample(w, 5_000, 8)));
    assert_eq!(named.notes.count(Normalised::UnknownStack), 1);
    assert_eq!(named.profile.samples.len(), 1);
}

#[test]
fn rejects_recordings_without_samples() {
    assert_eq!(read(&chunk(false, CLASSES, |_| ())), Err(JfrError::NoSamples));
}

fn broken(bytes: &[u8]) -> String {
    match read(bytes) {
        Err(JfrError::Broken { problem, .. }) => problem.to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rejects_endless_chunks() {
    let no_size = chunk(false, CLASSES, |w| w.bytes.extend([0x80, 0, SAMPLE as u8]));
    assert_eq!(broken(&no_size), "an event has an invalid size");

    // Two checkpoints that point to each other. Numbers have a fixed width, so that the distance is known in advance.
    let mut w = Writer { bytes: vec![0; 68], fixed: true };
    let first = constants(&mut w, 0);
    let distance = (constants(&mut w, 0) - first) as i64;
    let mut w = Writer { bytes: vec![0; 68], fixed: true };
    constants(&mut w, distance);
    let second = constants(&mut w, -distance);
    let types = metadata(&mut w, CLASSES);
    assert_eq!(broken(&header(w, second, types)), "checkpoints overlap");
}

#[test]
fn rejects_recursive_types() {
    const LOOP: &[Class] = &[(30, "a.Loop", &[("again", 30)]), (LONG, "long", &[])];
    const LISTS: &[Class] = &[(30, "a.Tree", &[("size", LONG), ("+children", 30)]), (LONG, "long", &[])];
    const GROWING: &[Class] = &[(30, "a.Chain", &[("size", LONG), ("next", 30)]), (LONG, "long", &[])];
    for classes in [LOOP, LISTS, GROWING] {
        assert_eq!(broken(&chunk(false, classes, |_| ())), "a type of the metadata contains itself");
    }
}

#[test]
fn rejects_lists_longer_than_the_chunk() {
    let mut bytes = chunk(true, CLASSES, |_| ());
    // The number of strings, after size, type and three timestamps.
    let types = u64::from_be_bytes(bytes[24..32].try_into().unwrap()) as usize;
    bytes[types + 36..types + 40].copy_from_slice(&i32::MAX.to_be_bytes());
    assert_eq!(broken(&bytes), "a list is longer than the chunk");
    bytes[types + 36..types + 40].copy_from_slice(&(-1i32).to_be_bytes());
    assert_eq!(broken(&bytes), "a list is longer than the chunk");
}
