//! Benchmark of the embedded store with one busy service: 20 instances, a CPU profile every 15 s, about 870 stacks each out
//! of 20 000 with Zipf popularity. There is no HTTP and no decoding.
//!
//! `cargo bench -p flarepath --bench store -- HOURS` appends that many hours (default 24), then runs queries. Prints a table.
//! With `series` instead of HOURS it measures the start and lists with many services ([`series`]).

// Tasks and clocks of a test or benchmark end with its process.
#![allow(clippy::disallowed_methods)]

mod series;

use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath::store::{
    self, CostsQuery, NewProfile, ProfileStore, ProfileWriter, Replica, Selection, TimeRange,
};
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sample::Samples;
use flarepath_profile::selector::Selector;
use flarepath_profile::stack_table::LocationId;
use flarepath_profile::top_table::{Cost, SortOrder, TopColumn, TopRow, sort, top_table};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const SECOND: i64 = 1_000_000_000;
const INSTANCES: usize = 20;
const INTERVAL_S: i64 = 15;
const TICKS: usize = 1500;
const VARIANTS: usize = 200;
/// As many functions as a verdict compares at most.
const COMPARED: usize = 400;

/// Cumulative weights of ranks, each `(shift + rank)^-exponent`.
struct Zipf(Vec<f64>);

impl Zipf {
    fn new(exponent: f64, shift: f64, ranks: usize) -> Self {
        let mut sum = 0.0;
        let weight = |k: usize| {
            sum += (shift + k as f64).powf(-exponent);
            sum
        };
        Zipf((0..ranks).map(weight).collect())
    }

    fn pick(&self, rng: &mut StdRng) -> usize {
        let at = rng.random::<f64>() * self.0[self.0.len() - 1];
        self.0.partition_point(|&w| w < at).min(self.0.len() - 1)
    }
}

/// Stacks that share their root ends, as lists of call sites, leaf first.
fn stacks(rng: &mut StdRng) -> Vec<Vec<usize>> {
    let functions = Zipf::new(1.2, 20.0, 4000);
    let exponential = |rng: &mut StdRng, mean: f64| -mean * (1.0 - rng.random::<f64>()).ln();
    let mut all: Vec<Vec<usize>> = Vec::new();
    while all.len() < 20_000 {
        let mut stack = Vec::new();
        if all.len() > 30 {
            let of = &all[rng.random_range(0..all.len())];
            let keep = (of.len() as f64 - exponential(rng, 3.0)).max(3.0) as usize;
            stack.extend(&of[..keep.min(of.len())]);
        } else {
            stack.extend((0..4).map(|_| functions.pick(rng) * 3));
        }
        for _ in 0..1 + exponential(rng, 2.2) as usize {
            if stack.len() < 90 {
                stack.push(functions.pick(rng) * 3 + (exponential(rng, 0.5) as usize).min(2));
            }
        }
        all.push(stack);
    }
    for i in (1..all.len()).rev() {
        all.swap(i, rng.random_range(0..=i));
    }
    all.iter_mut().for_each(|s| s.reverse());
    all
}

fn profile(stacks: &[Vec<usize>], popularity: &Zipf, seed: u64) -> Profile {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut counts: BTreeMap<usize, i64> = BTreeMap::new();
    for _ in 0..TICKS {
        *counts.entry(popularity.pick(&mut rng)).or_default() += 1;
    }
    let mut p = Profile { period: 10_000_000, duration_nanos: INTERVAL_S * SECOND, ..Profile::default() };
    let mut id = |text: &str| p.strings.intern(text);
    let types =
        [("samples", "count"), ("cpu", "nanoseconds")].map(|(k, u)| ValueType { kind: id(k), unit: id(u) });
    let (file, build_id) = (id("/usr/bin/checkout"), id("000000000000000000000000000000000000002a"));
    p.sample_types = types.to_vec();
    p.period_type = types[1];
    let (start, limit) = (0x40_0000, 0x400_0000);
    p.mappings.push(Mapping { start, limit, file, build_id, has_functions: true, ..Mapping::default() });
    p.samples = Samples::new(2);
    let (mut functions, mut sites) = (BTreeMap::new(), BTreeMap::new());
    for (&stack, &count) in &counts {
        let path: Vec<LocationId> = stacks[stack]
            .iter()
            .map(|&site| *sites.entry(site).or_insert_with(|| call_site(&mut p, &mut functions, site)))
            .collect();
        let stack = p.stacks.push(path);
        p.samples.push(stack, &[count, count * 10_000_000], &[]);
    }
    p
}

fn call_site(p: &mut Profile, functions: &mut BTreeMap<usize, FunctionId>, site: usize) -> LocationId {
    let number = site / 3;
    let function = *functions.entry(number).or_insert_with(|| {
        let package = ["net/http", "encoding/json", "runtime", "github.com/acme/checkout/cart"][number % 4];
        let name = p.strings.intern(&format!("{package}.(*T{}).Handle{number}", number % 97));
        let file = p.strings.intern(&format!("/src/{package}/f{}.go", number % 61));
        let start_line = (10 + number % 900) as i64;
        p.functions.push(Function { name, system_name: name, file, start_line });
        FunctionId(p.functions.len() as u32 - 1)
    });
    let line = (10 + number % 900 + site % 3 * 7 + 1) as i64;
    let lines = [Line { function, line, column: 0 }];
    LocationId(p.locations.push(Some(0), 0x40_0000 + site as u64 * 64, lines))
}

fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    fields[11..13].iter().map(|f| f.parse::<f64>().unwrap_or(0.0)).sum::<f64>() / 100.0
}

fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = status.split_whitespace().nth(1).and_then(|p| p.parse().ok()).unwrap_or(0.0);
    pages * 4096.0 / 1e6
}

fn folder_bytes(dir: &Path) -> u64 {
    std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| e.metadata().ok())
        .map(|m| m.len())
        .sum()
}

fn say(line: String) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    if std::env::args().any(|argument| argument == "series") {
        return series::measure().await;
    }
    let hours: usize = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(24);
    let folder = tempfile::tempdir().expect("a folder for the store");
    let end = 1_790_000_000 / 3600 * 3600 * SECOND;
    let mut rng = StdRng::seed_from_u64(42);
    let stacks = stacks(&mut rng);
    let popularity = Zipf::new(1.07, 8.0, stacks.len());
    let pool: Vec<Profile> = (0..VARIANTS as u64).map(|seed| profile(&stacks, &popularity, seed)).collect();
    let samples: usize = pool.iter().map(|p| p.samples.len()).sum::<usize>() / pool.len();
    let locations: usize = pool.iter().map(|p| p.locations.len()).sum::<usize>() / pool.len();
    say(format!(
        "{samples} samples and {locations} locations a profile; resident before: {:.0} MB",
        resident_mb()
    ));
    let options = EmbeddedOptions { retention: None, ..EmbeddedOptions::default() };
    let store = EmbeddedStore::open(folder.path(), options.clone()).await.expect("open");
    append(&store, Arc::new(pool), hours, end, samples, folder.path()).await;
    let selection = |h: i64| {
        let range = TimeRange::nanos(end - h * 3600 * SECOND, end);
        Selection::new(&Selector::default(), range).expect("no pattern")
    };
    let cpu = "process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().expect("a profile type");
    let day = store.call_tree(&selection(1), &cpu).await.expect("tree").tree;
    let rows = hottest(&day, 30);
    let asked = |step_s| CostsQuery { step_ns: step_s * SECOND, cost: Cost::Total, rows: rows.clone() };
    for (settle, what) in [(0, "at once"), (8, "after 8 s")] {
        tokio::time::sleep(Duration::from_secs(settle)).await;
        say(format!(
            "{what}: {:.2} bytes a sample, resident {:.0} MB",
            folder_bytes(folder.path()) as f64 / (hours * 4800 * samples) as f64,
            resident_mb()
        ));
        for h in [1, 6, 24, 24 * 7, 24 * 30].into_iter().filter(|h| *h <= hours.max(1) as i64) {
            let s = selection(h);
            let nodes = store.call_tree(&s, &cpu).await.expect("tree").tree.len();
            let times = time(|| async { store.call_tree(&s, &cpu).await.map(drop).expect("tree") }).await;
            say(format!("  tree   {h:>3} h: {times} ({nodes} nodes)"));
            let times =
                time(|| async { store.totals(&s, &cpu, 60 * SECOND, &[]).await.map(drop).expect("totals") })
                    .await;
            say(format!("  totals {h:>3} h by minute: {times}"));
            for step_s in [60, 300, 3600].into_iter().filter(|step| h * 3600 / step <= 1440) {
                let times = time(|| async {
                    store.costs_over_time(&s, &cpu, &asked(step_s)).await.map(drop).expect("costs")
                })
                .await;
                say(format!("  costs  {h:>3} h by {step_s} s, 30 functions: {times}"));
            }
            let step_s = (h * 150).max(300);
            let compared = CostsQuery { rows: hottest(&day, COMPARED), ..asked(step_s) };
            let times = by_replica(&store, &s, &cpu, &compared).await;
            say(format!("  costs  {h:>3} h by replica and {step_s} s, {COMPARED} functions: {times}"));
            let times = time(|| async {
                let mut profiles = 0;
                store.each_total(&s, &cpu, &mut |_, _| profiles += 1).await.expect("each total");
            })
            .await;
            say(format!("  each total {h:>3} h: {times}"));
            let times = time(|| async { store.series(&s).await.map(drop).expect("series") }).await;
            say(format!("  series {h:>3} h: {times}"));
        }
    }
    let times = time(|| async { store.profile(&selection(1), &cpu).await.map(drop).expect("profile") }).await;
    say(format!("  pprof    1 h: {times}"));
    store.close().await.expect("close");
    let opening = Instant::now();
    let store = EmbeddedStore::open(folder.path(), options).await.expect("open again");
    let opened = opening.elapsed();
    store.call_tree(&selection(1), &cpu).await.expect("tree");
    say(format!("open: {opened:.1?}, first tree after {:.1?}", opening.elapsed()));
}

/// Costs of each replica, as verdicts ask for them.
async fn by_replica(
    store: &EmbeddedStore,
    selection: &Selection,
    profile_type: &ProfileType,
    query: &CostsQuery,
) -> String {
    let found = store.profile_times(selection, profile_type).await.expect("times of profiles");
    let replicas: Vec<Replica> = found.replicas.into_iter().map(|times| times.replica).collect();
    time(|| async {
        store.costs_by_replica(selection, profile_type, query, &replicas).await.map(drop).expect("costs")
    })
    .await
}

/// The functions with the highest totals in a tree.
fn hottest(tree: &CallTree, count: usize) -> Vec<Vec<store::Function>> {
    let mut rows = top_table(tree);
    sort(&mut rows, tree, TopColumn::Total, SortOrder::Descending);
    let function = |row: &TopRow| {
        let text = tree.frames().text(row.frame);
        let [name, file, mapping] = [text.name, text.file, text.mapping].map(str::to_owned);
        vec![store::Function { name, file, mapping }]
    };
    rows.iter().take(count).map(function).collect()
}

async fn append(
    store: &Arc<EmbeddedStore>,
    pool: Arc<Vec<Profile>>,
    hours: usize,
    end: i64,
    samples: usize,
    dir: &Path,
) {
    let per = hours * 3600 / INTERVAL_S as usize;
    let total = per * INSTANCES;
    let copying = Instant::now();
    (0..200).for_each(|i| drop(pool[i % VARIANTS].clone()));
    let copy_ms = copying.elapsed().as_secs_f64() * 5.0;
    let next = Arc::new(AtomicUsize::new(0));
    let (wall, cpu) = (Instant::now(), cpu_s());
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let (store, pool, next) = (store.clone(), pool.clone(), next.clone());
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= total {
                        return latencies;
                    }
                    let (instance, slot) = (i % INSTANCES, i / INSTANCES);
                    let mut profile = pool[i % VARIANTS].clone();
                    profile.time_nanos =
                        end - (per - slot) as i64 * INTERVAL_S * SECOND + instance as i64 * 7_000_000;
                    let labels = [
                        ("service_name", "checkout".to_owned()),
                        ("pod", format!("checkout-{instance:02}")),
                        ("region", ["eu", "us"][instance % 2].to_owned()),
                    ];
                    let labels = labels.into_iter().collect();
                    let start = Instant::now();
                    store
                        .append(vec![NewProfile { labels, name: "process_cpu".into(), profile }])
                        .await
                        .expect("append");
                    latencies.push(start.elapsed());
                }
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for worker in workers {
        latencies.extend(worker.await.expect("worker"));
    }
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_s() - cpu);
    latencies.sort_unstable();
    say(format!(
        "{total} profiles: {:.0}/s, {:.2} ms CPU each (of which {copy_ms:.2} copying them), p50 {:.1?}, p99 {:.1?}, {:.2} bytes a sample, resident {:.0} MB",
        total as f64 / wall,
        cpu * 1e3 / total as f64,
        latencies[latencies.len() / 2],
        latencies[latencies.len() * 99 / 100],
        folder_bytes(dir) as f64 / (total * samples) as f64,
        resident_mb(),
    ));
}

async fn time<F: Future<Output = ()>>(mut ask: impl FnMut() -> F) -> String {
    let mut times = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        ask().await;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    format!("p50 {:.1?}, worst {:.1?}", times[4], times[8])
}
