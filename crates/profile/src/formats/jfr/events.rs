//! Sample events, and the settings that give a sample its value.

use super::JfrError;
use super::bytes::{Cursor, Text, Width};
use super::constants::Constants;
use super::metadata::{Class, Types};
use super::value::{Value, read_fields};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// An event of which samples are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EventKind {
    Execution,
    NativeMethod,
    CpuTime,
    WallClock,
    AllocationInNewTlab,
    AllocationOutsideTlab,
    AllocationSample,
    MonitorEnter,
    ThreadPark,
    LiveObject,
    Malloc,
}

impl EventKind {
    /// Names of event types, by the virtual machine (`jdk`) and by async-profiler (`profiler`).
    pub(super) fn of(name: &str) -> Option<EventKind> {
        Some(match name {
            "jdk.ExecutionSample" => EventKind::Execution,
            "jdk.NativeMethodSample" => EventKind::NativeMethod,
            "jdk.CPUTimeSample" => EventKind::CpuTime,
            "profiler.WallClockSample" => EventKind::WallClock,
            "jdk.ObjectAllocationInNewTLAB" => EventKind::AllocationInNewTlab,
            "jdk.ObjectAllocationOutsideTLAB" => EventKind::AllocationOutsideTlab,
            "jdk.ObjectAllocationSample" => EventKind::AllocationSample,
            "jdk.JavaMonitorEnter" => EventKind::MonitorEnter,
            "jdk.ThreadPark" => EventKind::ThreadPark,
            "profiler.LiveObject" => EventKind::LiveObject,
            "profiler.Malloc" => EventKind::Malloc,
            _ => return None,
        })
    }
}

/// A sample as the event says it. References are numbers of the chunk's constant pools; 0 is none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Event {
    /// By the clock of the chunk.
    pub(super) start_ticks: i64,
    /// How long it lasted, in nanoseconds.
    pub(super) duration_ns: i64,
    pub(super) stack: i64,
    pub(super) thread: i64,
    pub(super) state: i64,
    /// Size of the object, the TLAB, or whatever else the sample stands for.
    pub(super) bytes: i64,
    /// How many samples an event is, if it says so.
    pub(super) samples: Option<i64>,
    /// How much time a sample is, in nanoseconds, if the event itself says so.
    pub(super) period_ns: Option<i64>,
    pub(super) context: i64,
    pub(super) span: i64,
    pub(super) span_name: i64,
}

/// What the recorder was set to.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    /// Period between two samples by the type of the event, in nanoseconds.
    periods: BTreeMap<EventKind, i64>,
    /// What async-profiler samples by: `cpu`, `itimer`, `wall`, or a counter such as `cache-misses`.
    pub(super) event: String,
    /// Interval of async-profiler's wall clock sampling, in nanoseconds.
    pub(super) wall_ns: Option<i64>,
}

impl Settings {
    /// The period between two samples of an event.
    pub(super) fn period_ns(&self, kind: EventKind) -> Option<i64> {
        self.periods.get(&kind).copied()
    }

    fn set(&mut self, of: Option<EventKind>, name: &str, value: &str) {
        match (name, of) {
            ("event", _) => value.clone_into(&mut self.event),
            // 0 is async-profiler's word for its default of 10 ms.
            ("interval", Some(kind)) => {
                let interval = value.parse().ok().map(|ns| if ns == 0 { 10_000_000 } else { ns });
                self.periods.extend(interval.filter(|&ns| ns > 0).map(|ns| (kind, ns)));
            }
            ("period", Some(kind)) => self.periods.extend(duration_ns(value).map(|ns| (kind, ns))),
            ("wall", _) => self.wall_ns = value.parse().ok().filter(|&ns| ns > 0),
            _ => {}
        }
    }
}

/// A duration as settings have it, such as `20 ms`; `None` for `everyChunk` and the like.
fn duration_ns(text: &str) -> Option<i64> {
    let (number, unit) = text.split_once(' ')?;
    let unit_ns: i64 = match unit.trim() {
        "ns" => 1,
        "us" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    };
    number.trim().parse::<i64>().ok()?.checked_mul(unit_ns).filter(|&ns| ns > 0)
}

/// What is taken of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Start,
    Duration,
    Stack,
    Thread,
    State,
    Bytes,
    Samples,
    Period,
    Context,
    Span,
    SpanName,
    Nothing,
}

/// How an event type is read.
struct Plan<'t> {
    kind: EventKind,
    class: &'t Class,
    roles: Vec<Role>,
}

impl<'t> Plan<'t> {
    fn of(class: &'t Class) -> Option<Plan<'t>> {
        let kind = EventKind::of(&class.name)?;
        let roles = class.fields.iter().map(|field| match (field.name.as_str(), kind) {
            ("startTime", _) => Role::Start,
            ("duration", _) => Role::Duration,
            ("stackTrace", _) => Role::Stack,
            ("sampledThread" | "eventThread", _) => Role::Thread,
            ("state", _) => Role::State,
            ("tlabSize", EventKind::AllocationInNewTlab)
            | ("allocationSize", EventKind::AllocationOutsideTlab)
            | ("weight", EventKind::AllocationSample)
            | ("size", EventKind::Malloc) => Role::Bytes,
            ("samples", EventKind::WallClock) => Role::Samples,
            ("samplingPeriod", EventKind::CpuTime) => Role::Period,
            ("contextId", _) => Role::Context,
            ("spanId", _) => Role::Span,
            ("spanName", _) => Role::SpanName,
            _ => Role::Nothing,
        });
        Some(Plan { kind, class, roles: roles.collect() })
    }
}

/// Nanoseconds of a number of ticks.
pub(super) fn ticks_to_ns(ticks: i64, ticks_per_second: i64) -> i64 {
    let ns = i128::from(ticks) * 1_000_000_000 / i128::from(ticks_per_second.max(1));
    ns.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

/// Goes through the events from `cursor` to the end of the chunk; `read` gets each with its type.
fn for_each<'a>(
    mut cursor: Cursor<'a>,
    types: &Types,
    mut read: impl FnMut(&Class, &mut Cursor<'a>) -> Result<(), JfrError>,
) -> Result<(), JfrError> {
    while cursor.left() > 0 {
        let (start, whole) = (cursor.offset(), cursor.left());
        let size = cursor.integer(Width::Four)?;
        let class = cursor.integer(Width::Eight)?;
        let size = usize::try_from(size).ok().filter(|&s| s <= whole && start + s >= cursor.offset());
        let size = size.ok_or_else(|| cursor.broken("an event has an invalid size"))?;
        // Metadata and constant pools have numbers that no type has.
        if let Some(class) = types.get(class) {
            read(class, &mut cursor)?;
        }
        cursor = cursor.from(start + size);
    }
    Ok(())
}

/// Reads what the recorder was set to. In files of the virtual machine settings may follow the samples that they
/// are about, so this comes first.
pub(super) fn read_settings(
    cursor: Cursor<'_>,
    types: &Types,
    constants: &Constants<'_>,
    settings: &mut Settings,
) -> Result<(), JfrError> {
    for_each(cursor, types, |class, cursor| match class.name.as_str() {
        "jdk.ActiveSetting" => read_setting(cursor, class, types, constants, settings),
        _ => Ok(()),
    })
}

/// Hands each sample to `take`.
pub(super) fn read_samples(
    cursor: Cursor<'_>,
    types: &Types,
    ticks_per_second: i64,
    mut take: impl FnMut(EventKind, &Event) -> Result<(), JfrError>,
) -> Result<(), JfrError> {
    let plans: FxHashMap<i64, Plan<'_>> =
        types.iter().filter_map(|(id, class)| Some((id, Plan::of(class)?))).collect();
    for_each(cursor, types, |class, cursor| match plans.get(&class.id) {
        Some(plan) => take(plan.kind, &read_event(cursor, plan, types, ticks_per_second)?),
        None => Ok(()),
    })
}

fn read_event(
    cursor: &mut Cursor<'_>,
    plan: &Plan<'_>,
    types: &Types,
    ticks_per_second: i64,
) -> Result<Event, JfrError> {
    let mut event = Event::default();
    read_fields(cursor, plan.class, types, |i, value| {
        let number = value.integer();
        let span_ns = || match plan.class.fields[i].in_ticks {
            true => ticks_to_ns(number, ticks_per_second),
            false => number,
        };
        match plan.roles[i] {
            Role::Start => event.start_ticks = number,
            Role::Duration => event.duration_ns = span_ns(),
            Role::Stack => event.stack = number,
            Role::Thread => event.thread = number,
            Role::State => event.state = number,
            Role::Bytes => event.bytes = number,
            Role::Samples => event.samples = Some(number),
            Role::Period => event.period_ns = Some(span_ns()),
            Role::Context => event.context = number,
            Role::Span => event.span = number,
            Role::SpanName => event.span_name = number,
            Role::Nothing => {}
        }
    })?;
    Ok(event)
}

/// A setting: of which event type, its name, its value.
fn read_setting(
    cursor: &mut Cursor<'_>,
    class: &Class,
    types: &Types,
    constants: &Constants<'_>,
    settings: &mut Settings,
) -> Result<(), JfrError> {
    let (mut of, mut name, mut value) = (0, None, None);
    read_fields(cursor, class, types, |i, field| match (class.fields[i].name.as_str(), field) {
        ("id", id) => of = id.integer(),
        ("name", Value::Text(text)) => name = Some(text),
        ("value", Value::Text(text)) => value = Some(text),
        _ => {}
    })?;
    let text = |text: Option<Text<'_>>| {
        let bytes = constants.spelled(text.as_ref()?)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    if let (Some(name), Some(value)) = (text(name), text(value)) {
        let of = types.get(of).and_then(|class| EventKind::of(&class.name));
        settings.set(of, &name, &value);
    }
    Ok(())
}
