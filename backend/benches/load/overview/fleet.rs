//! Made-up services: what each of their replicas sends.
//!
//! A service has 24 functions with Zipf shares and two replicas of half a core each. The cost of each function varies from minute to
//! minute by itself, with a coefficient of variation of 15 % and an autocorrelation of 0.6, as in the simulations of `profile::stats`.
//! A profile covers one or more minutes, and has the sums of their costs.

use flarepath::demo::push_request::{self, RawProfileSeries};
use flarepath_profile::formats::pprof;
use flarepath_profile::profile::{Function, FunctionId, Line, Mapping, Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::{LocationId, StackId};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::f64::consts::TAU;

const REPLICAS: u64 = 2;
const FUNCTIONS: usize = 24;
const CV: f64 = 0.15;
const AUTOCORRELATION: f64 = 0.6;
/// Samples of a replica in a minute, and the CPU time that each stands for.
const SAMPLES: f64 = 3000.0;
const PERIOD_NS: i64 = 10_000_000;
/// What the first function costs more after a change, as a part of what the service cost before.
const GROWTH: f64 = 0.3;

/// A service.
pub(super) struct Service {
    pub(super) name: String,
    pub(super) seed: u64,
    /// Minutes that a profile covers.
    pub(super) spacing: usize,
    /// How its last minutes differ from those before.
    pub(super) change: Option<Change>,
}

/// From some minutes before the end on, the first function costs more, so that the service costs 30 % more.
#[derive(Clone, Copy)]
pub(super) struct Change {
    pub(super) minutes: usize,
    /// Whether it comes with a new version, in new pods.
    pub(super) is_deployed: bool,
}

/// The code that all services have in common.
pub(super) struct Code {
    /// A profile without samples.
    empty: Profile,
    /// One a function.
    stacks: Vec<StackId>,
    /// Parts of the total, which together are 1.
    shares: Vec<f64>,
}

impl Code {
    pub(super) fn new() -> Code {
        let mut empty = Profile { period: PERIOD_NS, samples: Samples::new(1), ..Profile::default() };
        let cpu = ValueType { kind: empty.strings.intern("cpu"), unit: empty.strings.intern("nanoseconds") };
        (empty.sample_types, empty.period_type) = (vec![cpu], cpu);
        let file = empty.strings.intern("/usr/bin/shop");
        let mapping =
            Mapping { start: 0x400000, limit: 0x4000000, file, has_functions: true, ..Mapping::default() };
        empty.mappings = vec![mapping];
        let main = location(&mut empty, "shop::main");
        let stack = |number: usize| {
            let leaf = location(&mut empty, &format!("shop::step_{number}"));
            empty.stacks.push([leaf, main])
        };
        let stacks = (0..FUNCTIONS).map(stack).collect();
        let sum: f64 = (1..=FUNCTIONS).map(|rank| 1.0 / rank as f64).sum();
        let shares = (1..=FUNCTIONS).map(|rank| 1.0 / rank as f64 / sum).collect();
        Code { empty, stacks, shares }
    }

    /// The body of a push with all profiles of a service: of so many minutes from `start_s` on, in seconds since the epoch.
    pub(super) fn body(&self, service: &Service, start_s: i64, minutes: usize) -> Vec<u8> {
        let replicas = (0..REPLICAS).map(|replica| self.replica(service, replica, start_s, minutes));
        push_request::request(replicas.flatten())
    }

    fn replica(
        &self,
        service: &Service,
        replica: u64,
        start_s: i64,
        minutes: usize,
    ) -> Vec<RawProfileSeries> {
        let mut random = StdRng::seed_from_u64(service.seed * REPLICAS + replica);
        let mut noise: Vec<f64> = self.shares.iter().map(|_| normal(&mut random)).collect();
        let mut series = Vec::with_capacity(minutes / service.spacing);
        let mut costs = vec![0.0; FUNCTIONS];
        for minute in 0..minutes {
            let change = service.change.filter(|change| minute + change.minutes >= minutes);
            for (function, share) in self.shares.iter().enumerate() {
                let next = (1.0 - AUTOCORRELATION * AUTOCORRELATION).sqrt() * normal(&mut random);
                noise[function] = AUTOCORRELATION * noise[function] + next;
                let growth = if change.is_some() && function == 0 { GROWTH } else { 0.0 };
                costs[function] += (share + growth) * SAMPLES * (1.0 + CV * noise[function]).max(0.0);
            }
            if (minute + 1).is_multiple_of(service.spacing) {
                let version = if change.is_some_and(|change| change.is_deployed) { "2" } else { "1" };
                let first = minute + 1 - service.spacing;
                let raw = self.profile(&costs, start_s + first as i64 * 60, service.spacing);
                series.push(labelled(&service.name, version, replica, raw));
                costs.fill(0.0);
            }
        }
        series
    }

    fn profile(&self, costs: &[f64], start_s: i64, minutes: usize) -> Vec<u8> {
        let mut profile = self.empty.clone();
        profile.time_nanos = start_s * 1_000_000_000;
        profile.duration_nanos = minutes as i64 * 60_000_000_000;
        for (stack, cost) in self.stacks.iter().zip(costs) {
            profile.samples.push(*stack, &[cost.round() as i64 * PERIOD_NS], &[]);
        }
        pprof::write(&profile)
    }
}

fn labelled(service: &str, version: &str, replica: u64, raw: Vec<u8>) -> RawProfileSeries {
    let pod = format!("{service}-{version}-{replica}");
    let labels =
        [("__name__", "process_cpu"), ("service_name", service), ("version", version), ("pod", &pod)];
    push_request::series(labels.into_iter(), raw)
}

/// A location in a function of its own.
fn location(profile: &mut Profile, name: &str) -> LocationId {
    let number = profile.functions.len() as u32;
    let (name, file) = (profile.strings.intern(name), profile.strings.intern("/src/shop.rs"));
    profile.functions.push(Function { name, system_name: name, file, start_line: 1 });
    let line = Line { function: FunctionId(number), line: 1, column: 0 };
    LocationId(profile.locations.push(Some(0), 0x400000 + u64::from(number) * 64, [line]))
}

/// A standard normal deviate (Box and Muller 1958).
fn normal(random: &mut StdRng) -> f64 {
    let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
    radius * (TAU * random.random::<f64>()).cos()
}
