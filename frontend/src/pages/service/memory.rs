//! Memory in use: what has changed in it, by profiles, and how it went; with metrics also that of pods, with their limit.

use super::metric_chart::{MetricChart, metric_chart};
use super::panel::{Phase, panel};
use super::state::ServiceState;
use crate::api::verdict::ChosenSides;
use crate::components::code_text::code_text;
use crate::components::notice::by_cause;
use crate::reactive::{Memo, shown};
use crate::state::compare::{DiffView, compare_path};
use crate::state::line_chart::ChartUnit;
use crate::state::offender::offender;
use crate::state::profile_types::type_name;
use crate::state::service_charts::lines_over_time;
use crate::state::service_growth::{halves, sides};
use crate::state::verdict::{Outcome, Verdict};
use crate::views::chart::LineChartView;
use crate::views::comparison::verdict::{number, with_code};
use leptos::prelude::*;

const OF_PODS: MetricChart = MetricChart {
    title: "Memory of pods",
    unit: ChartUnit::Bytes,
    indicators: &[("memory", "memory")],
    limit: Some(("memory-limit", "memory limit")),
};

/// See the module.
pub(super) fn memory(state: ServiceState, section: (&'static str, &'static str)) -> AnyView {
    let has_type = Memo::new(move || state.memory_query.with(|query| query.profile_type.is_some()));
    let has_metrics = Memo::new(move || {
        state.metrics.data.with(|metrics| metrics.as_ref().is_some_and(|m| m.missing.is_empty()))
    });
    let phase = Memo::new(move || {
        let any = state.memory.data.with(Option::is_some) || state.memory_pods.data.with(Option::is_some);
        if has_metrics.get() || (has_type.get() && any) {
            return Phase::Full;
        }
        let is_known = state.question.services.data.with(Option::is_some);
        if is_known && !has_type.get() {
            return Phase::Empty("This service has sent no profiles of memory in use.".to_owned());
        }
        let has_failed =
            state.memory.error.with(Option::is_some) && state.memory_pods.error.with(Option::is_some);
        if has_failed { Phase::Failed } else { Phase::Pending }
    });
    let failed = Memo::new(move || {
        by_cause([
            ("the verdict on memory", state.memory.error.get()),
            ("memory over time", state.memory_pods.error.get()),
            ("its growth", state.growth.error.get()),
            ("the profile of memory", state.memory_tree.error.get()),
        ])
    });
    panel(state, section, phase, failed, move || {
        view! {
            {shown(move || has_type.get(), move || by_profiles(state))}
            {shown(move || has_metrics.get(), move || metric_chart(state, OF_PODS))}
        }
        .into_any()
    })
}

fn by_profiles(state: ServiceState) -> AnyView {
    let own = move || {
        state.memory_query.with(|query| query.profile_type.as_deref().map(type_name)).unwrap_or_default()
    };
    let chart = Memo::new(move || {
        let marks = state.marks();
        state.memory_pods.data.with(|found| lines_over_time(found.as_ref()?, &own(), &marks))
    });
    // Only where no earlier time could be compared.
    let of_growth = Memo::new(move || {
        let answer = state.memory.data;
        let lacks_one =
            answer.with(|chosen| chosen.as_ref().is_some_and(|c| c.verdict.outcome == Outcome::NoVerdict));
        chart.with(|chart| chart.as_ref().filter(|_| lacks_one).and_then(halves))
    });
    state.fetch_growth(of_growth);
    let growth = move || {
        of_growth.get()?;
        state.growth.data.with(|answer| {
            let (of, verdict) =
                answer.as_ref().filter(|(_, verdict)| verdict.outcome != Outcome::NoVerdict)?;
            let sides = state.memory_query.with(|query| sides(query, *of));
            let path = compare_path(&sides, &DiffView::default());
            Some(
                view! {
                    <p class="muted">"Within this time, its second half compared with its first:"</p>
                    {sentence(verdict, path)}
                }
                .into_any(),
            )
        })
    };
    let holder = Memo::new(move || {
        let answer = state.memory_tree.data;
        answer
            .with(|answer| answer.as_ref().and_then(|answer| offender(&answer.profile)))
            .map(|most| most.memory_sentence())
    });
    let holder = move || {
        let text = holder.get()?;
        Some(view! { <p class="service-sentence">{code_text(&text, &|name| name.to_owned())}</p> }.into_any())
    };
    let strip = move || {
        let answer = state.memory.data;
        answer.with(|chosen| {
            let current = |chosen: &&ChosenSides| state.memory_query.with(|query| *query == chosen.of);
            let strip = |chosen: &ChosenSides| {
                sentence(&chosen.verdict, compare_path(&chosen.sides, &DiffView::default()))
            };
            chosen.as_ref().filter(current).map(strip)
        })
    };
    view! {
        {move || strip()}
        {move || growth()}
        {move || holder()}
        {shown(move || chart.with(Option::is_some), move || view! {
            <LineChartView chart on_select=state.on_select() />
        }.into_any())}
    }
    .into_any()
}

/// The server's number and sentence, which names the function that explains a change.
fn sentence(verdict: &Verdict, href: String) -> AnyView {
    view! {
        <div class="verdict-strip">
            {number(verdict)}
            <p class="verdict-headline" role="status">{with_code(verdict, &verdict.headline)}" "<a href=href>"See the comparison"</a></p>
        </div>
    }
    .into_any()
}
