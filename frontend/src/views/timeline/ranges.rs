//! The times that buckets and parts of the width of a timeline stand for. Pure.

use super::scene::Scene;
use crate::state::time_range::{Span, TimeRange};
use crate::state::time_text::MS;

/// The shortest range of a pinch.
const SHORTEST_MS: i64 = 1000;

/// The time range of some buckets, as far as it was asked for.
pub(super) fn between(scene: &Scene, first: usize, last: usize) -> TimeRange {
    let at = |i: usize| scene.from_ms + i as i64 * scene.step_ms;
    TimeRange::Between(scene.span.clamp(Span::of_ms(at(first), at(last + 1))))
}

/// The start of a bucket, or else the instant at a part of the width, in nanoseconds since the epoch. To the second: a pixel is longer.
pub(super) fn instant(scene: &Scene, bucket: Option<usize>, share: Option<f64>) -> Option<i64> {
    let of_bucket = bucket.and_then(|at| scene.buckets.get(at)).map(|bucket| bucket.from_ms);
    let length = (scene.until_ms - scene.from_ms) as f64;
    let at_ms = of_bucket.or(share.map(|share| scene.from_ms + (share * length) as i64))?;
    Some((at_ms - at_ms.rem_euclid(1000)).saturating_mul(MS))
}

/// The time range of a part of the width.
pub(super) fn zoomed(scene: &Scene, (from, to): (f64, f64)) -> TimeRange {
    let length = (scene.until_ms - scene.from_ms) as f64;
    let at = |share: f64| (scene.from_ms + (share * length) as i64).max(0);
    let from_ms = at(from);
    TimeRange::Between(scene.span.clamp(Span::of_ms(from_ms, at(to).max(from_ms + SHORTEST_MS))))
}
