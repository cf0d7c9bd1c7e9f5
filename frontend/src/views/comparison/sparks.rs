//! Sparklines of the table: what each function cost over time, on both sides.
//!
//! The functions in sight are asked for together. What was loaded stays until the sides change; scrolling asks for the rest.

use crate::api::Fetch;
use crate::api::costs_over_time::costs_over_time;
use crate::api::request::ProfileRequest;
use crate::browser::clock;
use crate::context::utc::Utc;
use crate::reactive::{Memo, RwSignal, Signal, effect, list};
use crate::state::clock_text::Zone;
use crate::state::costs_over_time::{CostsOverTime, SideCosts, rate_unit};
use crate::state::spark::BUCKET;
use flarepath_profile::units::{Unit, UnitScale};
use leptos::prelude::*;

/// Both sides, and what is known of them.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    of: [ProfileRequest; 2],
    costs: CostsOverTime,
}

/// The costs of functions on screen. Copied freely.
#[derive(Clone, Copy)]
pub(super) struct Sparks {
    known: RwSignal<Option<Known>>,
    answer: Fetch<Known>,
    zone: Signal<Zone>,
}

impl Sparks {
    /// Loads what is missing of the functions that `in_sight` names, until the component is gone.
    pub(super) fn follow(
        requests: Signal<Option<[ProfileRequest; 2]>>,
        in_sight: impl Fn() -> Vec<String> + Send + Sync + 'static,
    ) -> Sparks {
        let (known, answer) = (RwSignal::new(None::<Known>), Fetch::<Known>::new());
        let wanted = Memo::new(move || {
            let (of, mut names) = (requests.get()?, in_sight());
            known.with(|known| {
                let known = known.as_ref().filter(|known| known.of == of);
                names.retain(|name| known.is_none_or(|known| !known.costs.has(name)));
            });
            (!names.is_empty()).then_some((of, names))
        });
        effect(move || {
            if let Some((of, names)) = wanted.get() {
                answer.start(|abort| async move {
                    let costs = costs_over_time(of.clone(), names, abort).await?;
                    Ok(Known { of, costs })
                });
            }
        });
        effect(move || {
            let Some(more) = answer.data.get() else { return };
            let before = known.get_untracked().filter(|known| known.of == more.of);
            known.set(Some(match before {
                Some(mut all) => {
                    all.costs.extend(&more.costs);
                    all
                }
                None => more,
            }));
        });
        let utc = expect_context::<Utc>().0;
        Sparks { known, answer, zone: Signal::derive(move || clock::zone(utc.get())) }
    }

    /// The picture of a function, or what there is in its place.
    pub(super) fn picture(self, function: &str) -> AnyView {
        let failed = self.answer.error.with(Option::is_some);
        let zone = self.zone.get();
        self.known.with(|known| match known {
            Some(known) if known.costs.has(function) => drawn(known, function, zone),
            _ if failed => {
                view! { <span class="muted" title="This timeline could not be loaded">"–"</span> }.into_any()
            }
            _ => view! { <span class="muted" title="Loading">"…"</span> }.into_any(),
        })
    }
}

/// Both sides beside each other, each over its whole range, on one scale.
fn drawn(known: &Known, function: &str, zone: Zone) -> AnyView {
    let sides = known.costs.sides.each_ref();
    let points = sides.map(|side| side.rows.get(function).map_or(&[][..], |points| &points[..]));
    let tops = [0usize, 1].map(|at| sides[at].frame.top(std::iter::once(points[at])));
    let top = tops[0].max(tops[1]);
    let scale = UnitScale::for_largest(&unit_of(known), top);
    let text = |at: usize| sides[at].frame.summary(points[at], zone, |rate| scale.amount(rate));
    let label = format!("Baseline: {} Comparison: {}", text(0), text(1));
    view! {
        <span class="spark-pair" role="img" aria-label=label.clone() title=label>
            {list([0usize, 1].map(|at| svg(sides[at], points[at], top)))}
        </span>
    }
    .into_any()
}

fn unit_of(known: &Known) -> Unit {
    rate_unit(&known.of[1].profile_type)
}

fn svg(side: &SideCosts, points: &[(u32, f64)], top: f64) -> AnyView {
    let picture = side.frame.spark(points, top);
    let view_box = format!("0 0 {} 100", side.frame.buckets * BUCKET);
    view! {
        <svg viewBox=view_box preserveAspectRatio="none" aria-hidden="true">
            <path class="spark-gaps" d=picture.gaps></path><path class="spark-bars" d=picture.bars></path>
            <path class="spark-filling" d=picture.filling></path><path class="spark-hatch" d=picture.hatch></path>
        </svg>
    }
    .into_any()
}
