//! A synthetic service: a pool of plausible stacks with Zipf popularity, from which 15 s CPU profiles are drawn.
//!
//! The shape (20 000 stacks, about 870 distinct ones and 1 800 locations a profile, 64–80 KB gzipped) is that of
//! the peers' measurements, so that the results are comparable.

use flarepath_profile::profile::{Function, Line, Mapping, Profile, ValueType};
use flarepath_profile::profile::{FunctionId, LocationTable};
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::{BTreeMap, HashMap};

const FUNCTIONS: usize = 4_000;
const STACKS: usize = 20_000;
const CALL_SITES: usize = 3;
const TICKS: usize = 1_500;
const PERIOD_NS: i64 = 10_000_000;

const PACKAGES: [&str; 12] = [
    "net/http",
    "encoding/json",
    "database/sql",
    "runtime",
    "compress/flate",
    "crypto/tls",
    "shop/checkout/cart",
    "shop/checkout/pricing",
    "shop/checkout/internal/store",
    "rpc/internal/transport",
    "regexp",
    "shop/lib/cache",
];
const VERBS: [&str; 8] = ["Read", "Write", "Decode", "Lookup", "Serve", "compute", "flush", "walk"];

/// The service's code: each stack is a list of call sites, leaf first. Site `s` is in function `s / 3`.
pub(crate) struct Model {
    stacks: Vec<Vec<u32>>,
    popularity: Zipf,
}

impl Model {
    pub(crate) fn new() -> Model {
        let mut random = StdRng::seed_from_u64(42);
        let functions = Zipf::new(FUNCTIONS, 1.2, 20.0);
        let mut stacks: Vec<Vec<u32>> = Vec::with_capacity(STACKS);
        while stacks.len() < STACKS {
            // As in real profiles, most stacks share a prefix with an earlier one and differ near the leaf.
            let mut stack = if stacks.len() > 30 {
                let parent = &stacks[random.random_range(0..stacks.len())];
                let cut = exponential(&mut random, 3.0).min(parent.len());
                parent[..(parent.len() - cut).max(3).min(parent.len())].to_vec()
            } else {
                (0..4).map(|_| site(&functions, &mut random)).collect()
            };
            for _ in 0..1 + exponential(&mut random, 2.2) {
                if stack.len() < 90 {
                    stack.push(site(&functions, &mut random));
                }
            }
            stacks.push(stack);
        }
        for stack in &mut stacks {
            stack.reverse();
        }
        for i in (1..stacks.len()).rev() {
            stacks.swap(i, random.random_range(0..=i));
        }
        Model { stacks, popularity: Zipf::new(STACKS, 1.07, 8.0) }
    }

    /// A 15 s profile of 1 500 ticks at 100 Hz. Returns it with its number of distinct stacks.
    pub(crate) fn profile(&self, seed: u64, time_nanos: i64) -> (Profile, usize) {
        let mut random = StdRng::seed_from_u64(seed);
        let mut ticks: BTreeMap<usize, i64> = BTreeMap::new();
        for _ in 0..TICKS {
            *ticks.entry(self.popularity.draw(&mut random)).or_default() += 1;
        }
        let mut builder = Builder::new(time_nanos);
        for (&stack, &count) in &ticks {
            builder.sample(&self.stacks[stack], count);
        }
        (builder.profile, ticks.len())
    }
}

fn site(functions: &Zipf, random: &mut StdRng) -> u32 {
    let function = functions.draw(random);
    (function * CALL_SITES + exponential(random, 0.5).min(CALL_SITES - 1)) as u32
}

fn exponential(random: &mut StdRng, mean: f64) -> usize {
    (-mean * (1.0 - random.random::<f64>()).ln()) as usize
}

/// Ranks with probability proportional to `1 / (offset + rank)^exponent`.
struct Zipf {
    cumulative: Vec<f64>,
}

impl Zipf {
    fn new(n: usize, exponent: f64, offset: f64) -> Zipf {
        let mut sum = 0.0;
        let cumulative = (0..n).map(|rank| {
            sum += (offset + rank as f64).powf(-exponent);
            sum
        });
        Zipf { cumulative: cumulative.collect() }
    }

    fn draw(&self, random: &mut StdRng) -> usize {
        let last = self.cumulative.len() - 1;
        let x = random.random::<f64>() * self.cumulative[last];
        self.cumulative.partition_point(|&c| c < x).min(last)
    }
}

struct Builder {
    profile: Profile,
    functions: HashMap<u32, FunctionId>,
    locations: HashMap<u32, LocationId>,
}

impl Builder {
    fn new(time_nanos: i64) -> Builder {
        let mut profile = Profile { time_nanos, duration_nanos: 15_000_000_000, ..Profile::default() };
        let mut value = |kind: &str, unit: &str| ValueType {
            kind: profile.strings.intern(kind),
            unit: profile.strings.intern(unit),
        };
        profile.sample_types = vec![value("samples", "count"), value("cpu", "nanoseconds")];
        profile.period_type = profile.sample_types[1];
        profile.period = PERIOD_NS;
        let (file, build_id) =
            (profile.strings.intern("/usr/bin/checkout"), profile.strings.intern("5f1e2d3c4b5a69788796"));
        let mapping = Mapping {
            start: 0x400000,
            limit: 0x4000000,
            file,
            build_id,
            has_functions: true,
            ..Mapping::default()
        };
        profile.mappings = vec![mapping];
        profile.locations = LocationTable::default();
        profile.samples = Samples::new(2);
        Builder { profile, functions: HashMap::new(), locations: HashMap::new() }
    }

    fn sample(&mut self, stack: &[u32], count: i64) {
        let locations: Vec<LocationId> = stack.iter().map(|&site| self.location(site)).collect();
        let stack = self.profile.stacks.push(locations);
        self.profile.samples.push(stack, &[count, count * PERIOD_NS], &[]);
    }

    fn location(&mut self, site: u32) -> LocationId {
        if let Some(&known) = self.locations.get(&site) {
            return known;
        }
        let function = self.function(site / CALL_SITES as u32);
        let line =
            self.profile.functions[function.index()].start_line + i64::from(site % CALL_SITES as u32) * 7 + 1;
        let address = 0x400000 + u64::from(site) * 64;
        let id =
            LocationId(self.profile.locations.push(Some(0), address, [Line { function, line, column: 0 }]));
        self.locations.insert(site, id);
        id
    }

    fn function(&mut self, index: u32) -> FunctionId {
        if let Some(&known) = self.functions.get(&index) {
            return known;
        }
        let i = index as usize;
        let package = PACKAGES[(i * 7) % PACKAGES.len()];
        let name =
            self.profile.strings.intern(&format!("{package}.(*T{}).{}{i}", i % 97, VERBS[i % VERBS.len()]));
        let file = self.profile.strings.intern(&format!("/src/{package}/f{}.go", i % 61));
        let id = FunctionId(self.profile.functions.len() as u32);
        self.profile.functions.push(Function {
            name,
            system_name: name,
            file,
            start_line: 10 + (i % 900) as i64,
        });
        self.functions.insert(index, id);
        id
    }
}
