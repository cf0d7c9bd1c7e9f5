//! Cores by service as a treemap: the largest services, and all others together. Only in the full program.

use super::fleet::core_seconds;
use super::state::HomeState;
use crate::api::Fetch;
use crate::api::overview::{MOST, OverviewRequest, overview};
use crate::components::notice::{failure, message};
use crate::components::skeleton::flame_skeleton;
use crate::components::summary_line::count;
use crate::reactive::{Callback, Memo, effect, live_state, shown};
use crate::state::home::{HomeQuestion, HomeSort};
use crate::state::overview::{Overview, OverviewRow, change_weight};
use crate::views::treemap::{TreemapBox, treemap};
use flarepath_profile::units::UnitScale;
use flarepath_profile::verdict::percent;
use leptos::prelude::*;

/// The treemap, or why there is none.
pub(crate) fn cores_by_service(state: HomeState) -> AnyView {
    let largest = Fetch::<Overview>::new();
    effect(move || {
        let (question, span) = (state.question.get(), state.span.get());
        state.now_ms.track();
        if state.time_problem.with(Option::is_some) || question.query.matchers().is_err() {
            return largest.clear();
        }
        let question = HomeQuestion { sort: HomeSort::Cores, ..question };
        let request = OverviewRequest { question, span, cursor: String::new(), limit: MOST };
        largest.start(|abort| overview(request, abort));
    });
    let boxes = Memo::new(move || largest.data.with(|page| page.as_ref().map(boxes)).unwrap_or_default());
    let full = Memo::new(move || boxes.with(|boxes| !boxes.is_empty()));
    let instead = move || match (full.get(), largest.pending.get(), largest.data.with(Option::is_some)) {
        (true, ..) => ().into_any(),
        (false, true, false) => flame_skeleton(),
        (false, _, true) => message("No service that matches has CPU profiles in this time range."),
        (false, false, false) => message("The treemap appears here once it has been loaded."),
    };
    let left_out = Memo::new(move || largest.data.with(|page| page.as_ref().and_then(left_out)));
    view! {
        <section class="home-list home-treemap" aria-label="Cores by service" {..live_state("aria-busy", move || largest.pending.get())}>
            {failure("The treemap", largest.error, Callback::new(move |()| state.refresh()))}
            {move || instead()}
            {shown(move || full.get(), move || treemap("treemap", "Services by cores, the largest first", boxes))}
            {shown(move || left_out.with(Option::is_some), move || view! { <p class="home-note">{move || left_out.get()}</p> }.into_any())}
        </section>
    }
    .into_any()
}

/// The boxes of a page of services in the order of their cores.
fn boxes(page: &Overview) -> Vec<TreemapBox> {
    let Some((question, span)) = &page.of else { return Vec::new() };
    let scale =
        UnitScale::for_largest(&core_seconds(), page.rows.iter().filter_map(cores).fold(0.0, f64::max));
    let one = |row: &std::sync::Arc<OverviewRow>| {
        let size = cores(row)?;
        let (_, state) = row.state.words();
        let amount = scale.amount(size);
        let change = row.change.map(|change| format!(" {}", percent(change))).unwrap_or_default();
        let title = format!("{}: {amount}{change}. {state}. {}", row.service, row.sentence.replace('`', ""));
        Some(TreemapBox {
            size,
            name: row.service.clone(),
            detail: format!("{amount}{change}"),
            title,
            href: row.incident_path(&question.query, *span),
            change: row
                .change
                .map_or(0.0, |change| change.signum() * change_weight(change, size, page.fleet.cores)),
        })
    };
    page.rows.iter().filter_map(one).chain(others(page, &scale)).collect()
}

/// Mean cores, if it has CPU profiles.
fn cores(row: &std::sync::Arc<OverviewRow>) -> Option<f64> {
    row.cores.filter(|cores| *cores > 0.0 && cores.is_finite())
}

/// Services that are not on the page, as one box; it leads to the list.
fn others(page: &Overview, scale: &UnitScale) -> Option<TreemapBox> {
    let number = page.services.checked_sub(page.rows.len() as u64).filter(|number| *number > 0)?;
    let size = page.fleet.cores - page.rows.iter().filter_map(cores).sum::<f64>();
    let (question, _) = page.of.as_ref().filter(|_| size > 0.0)?;
    let name = count(number, "other service");
    let amount = scale.amount(size);
    let title = format!("{name}: {amount} together. Opens the list.");
    Some(TreemapBox { size, name, detail: amount, title, href: question.path(), change: 0.0 })
}

/// How many services of the page cannot be drawn.
fn left_out(page: &Overview) -> Option<String> {
    let number = page.rows.iter().filter(|row| cores(row).is_none()).count();
    (number > 0).then(|| {
        format!("Not drawn: {} without CPU profiles in this time range.", count(number as u64, "service"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::overview::{Fleet, RowState};
    use crate::state::time_range::Span;
    use std::sync::Arc;

    fn page(rows: Vec<OverviewRow>, services: u64, cores: f64) -> Overview {
        Overview {
            rows: rows.into_iter().map(Arc::new).collect(),
            services,
            fleet: Fleet { cores, ..Fleet::default() },
            of: Some((HomeQuestion::default(), Span::of_ms(0, 3_600_000))),
            ..Overview::default()
        }
    }

    fn row(service: &str, cores: Option<f64>, change: Option<f64>) -> OverviewRow {
        let state = if change.is_some() { RowState::Regressed } else { RowState::Unchanged };
        OverviewRow { service: service.into(), cores, change, state, ..OverviewRow::default() }
    }

    #[test]
    fn boxes_say_cores_and_change_in_words_and_the_rest_is_one_box() {
        let rows = vec![
            row("checkout", Some(6.0), Some(0.38)),
            row("cart", Some(2.0), None),
            row("batch", None, None),
        ];
        let found = page(rows, 1003, 10.0);
        let all = boxes(&found);
        let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["checkout", "cart", "1,000 other services"]);
        assert_eq!(all[0].detail, "6 cores +38 %");
        assert!(all[0].title.contains("Regressed") && all[0].change > 0.9, "{:?}", all[0]);
        assert!(all[0].href.starts_with("/i?service=checkout"), "{}", all[0].href);
        assert_eq!((all[1].change, all[2].size, all[2].href.as_str()), (0.0, 2.0, "/"));
        assert_eq!(
            left_out(&found).as_deref(),
            Some("Not drawn: 1 service without CPU profiles in this time range.")
        );
    }

    #[test]
    fn a_page_with_all_services_has_no_others() {
        let all = page(vec![row("checkout", Some(6.0), None)], 1, 6.0);
        assert_eq!((boxes(&all).len(), left_out(&all)), (1, None));
    }
}
