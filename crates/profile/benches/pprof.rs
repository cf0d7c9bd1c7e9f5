//! Time to decode a pprof of the size that a busy service sends, a large folded file, and a recording
//! of Java Flight Recorder.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flarepath_profile::formats::{folded, jfr, pprof};
use flarepath_profile::profile::{Function, FunctionId, Line, Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;
use std::fmt::Write;
use std::hint::black_box;
use std::io::Read;

/// A sequence of numbers that looks random and is always the same (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// 870 stacks of about 25 frames over 1 800 locations of 1 200 functions.
fn profile() -> Profile {
    let mut numbers = Numbers(88172645463325252);
    let mut p = Profile { samples: Samples::new(2), period: 10_000_000, ..Profile::default() };
    for (kind, unit) in [("samples", "count"), ("cpu", "nanoseconds")] {
        let value_type = ValueType { kind: p.strings.intern(kind), unit: p.strings.intern(unit) };
        p.sample_types.push(value_type);
    }
    for i in 0..1200 {
        let name = p
            .strings
            .intern(&format!("github.com/example/shop/internal/package{}.(*Type{i}).Method{i}", i / 12));
        let file =
            p.strings.intern(&format!("/src/github.com/example/shop/internal/package{}/file.go", i / 12));
        p.functions.push(Function { name, system_name: name, file, start_line: i });
    }
    for i in 0..1800u64 {
        let line = |i: u64| Line { function: FunctionId((i % 1200) as u32), line: 10 + i as i64, column: 0 };
        let lines = if i % 7 == 0 { vec![line(i), line(i * 31)] } else { vec![line(i)] };
        p.locations.push(None, 0x400000 + i * 64, lines);
    }
    for _ in 0..870 {
        let depth = 15 + numbers.below(20);
        let stack =
            p.stacks.push((0..depth).map(|_| LocationId(numbers.below(1800) as u32)).collect::<Vec<_>>());
        let count = 1 + numbers.below(40) as i64;
        p.samples.push(stack, &[count, count * 10_000_000], &[]);
    }
    p
}

/// 100 000 stacks, 588 bytes each on average.
fn folded_text() -> String {
    let mut numbers = Numbers(88172645463325252);
    let mut text = String::new();
    for i in 0..100_000u64 {
        for depth in 0..21 {
            let function = if depth < 12 { depth * 7 + numbers.below(2) } else { numbers.below(20_000) };
            // Writing to a string does not fail.
            let _ = write!(text, "library_{}::type::method_{function};", function % 97);
        }
        let _ = writeln!(text, "leaf_{} {}", i % 5000, 1 + numbers.below(100));
    }
    text
}

/// 5 s of an agent's recording, a hundred times over: 16 MB in 100 chunks.
fn recording() -> Vec<u8> {
    let packed = include_bytes!("../testdata/jfr/shop.jfr.gz");
    let mut chunk = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut chunk).expect("a gzip file");
    chunk.repeat(100)
}

fn bench(c: &mut Criterion) {
    let bytes = pprof::write(&profile());
    let mut group = c.benchmark_group("pprof");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("read", |b| b.iter(|| pprof::read(black_box(&bytes))));
    let decoded = profile();
    group.bench_function("write", |b| b.iter(|| pprof::write(black_box(&decoded))));
    group.finish();
    let text = folded_text();
    let mut group = c.benchmark_group("folded");
    group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("read", |b| b.iter(|| folded::read(black_box(text.as_bytes()))));
    group.finish();
    let recording = recording();
    let mut group = c.benchmark_group("jfr");
    group.sample_size(10).throughput(Throughput::Bytes(recording.len() as u64));
    group.bench_function("read", |b| b.iter(|| jfr::read(black_box(&recording))));
    let sums = jfr::Options::default();
    group.bench_function("add up", |b| b.iter(|| jfr::read_with(black_box(&recording), &sums)));
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
