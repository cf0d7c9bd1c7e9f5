//! A service in the list: on a phone a card. All of it is a link to what changed.

use crate::browser::row_cells::SUBJECT;
use crate::components::code_text::code_text;
use crate::components::summary_line::count;
use crate::components::virtual_grid::VirtualGrid;
use crate::reactive::{RwSignal, attribute};
use crate::state::clock_text::Zone;
use crate::state::duration_text::age;
use crate::state::home::HomeQuestion;
use crate::state::overview::{OverviewRow, RowMarker, change_weight};
use crate::state::service_link::service_link;
use crate::state::spark::BUCKET;
use crate::state::time_range::Span;
use flarepath_profile::short_name::short_name;
use flarepath_profile::units::{UnitScale, decimal};
use flarepath_profile::unix_nanos::DAY_NS;
use flarepath_profile::verdict::percent;
use leptos::prelude::*;

/// What all rows have in common.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Columns {
    /// The question that the rows answer, and its time.
    pub(super) of: Option<(HomeQuestion, Span)>,
    /// Of cores.
    pub(super) scale: UnitScale,
    /// Cores of all services together.
    pub(super) fleet_cores: f64,
}

/// The row of a service.
pub(super) fn service_row(
    (grid, index): (VirtualGrid, usize),
    row: &OverviewRow,
    columns: &Columns,
    zone: Zone,
    clock_ms: RwSignal<i64>,
) -> AnyView {
    let Some((question, span)) = &columns.of else { return ().into_any() };
    let (word, label) = row.state.words();
    let [explore, compare] = row.profile_paths(&question.query);
    let computed_ms = row.computed_ms;
    let computed = move || if computed_ms > 0 { age(clock_ms.get() - computed_ms) } else { String::new() };
    let link = |href: String, text: &'static str| {
        view! { <a class="button" href=href tabindex="-1" aria-label=format!("{text} {}", row.service)>{text}</a> }.into_any()
    };
    let text = if row.brief.is_empty() { &row.sentence } else { &row.brief };
    // Some sentences begin with the state.
    let (space, text) = text.strip_prefix(label).map_or((" ", &**text), |rest| ("", rest));
    let cells = view! {
        <span role="rowheader" class="home-name">
            <a href=row.incident_path(&question.query, *span) tabindex="-1" title=row.sentence.replace('`', "")><bdi>{row.service.clone()}</bdi></a>
            <span class="home-facts">{facts(row, *span, zone)}</span>
        </span>
        <span role="gridcell" class="home-verdict">
            <span><b class=format!("home-state is-{word}")>{label}</b>{space}{code_text(text, &|name| short_name(name).into_owned())}</span>
        </span>
        <span role="gridcell" class="home-time">{timeline(row, columns, zone)}</span>
        <span role="gridcell" class="top-cost home-cores">{row.cores.map_or("–".to_owned(), |cores| columns.scale.amount(cores))}</span>
        <span role="gridcell" class="top-cost">{change(row, columns)}</span>
        <span class="home-metrics" {..attribute(SUBJECT, row.service.clone())}></span>
        <span role="gridcell" class="home-age">{move || computed()}</span>
        <span role="gridcell" class="home-links">
            {link(explore, "Explore")}{link(compare, "Compare")}{link(service_link(&row.service, &question.query), "Service")}
        </span>
    };
    grid.row_of_links(index, cells.into_any())
}

/// Cores over time, on a scale of its own: gaps are drawn as gaps.
fn timeline(row: &OverviewRow, columns: &Columns, zone: Zone) -> AnyView {
    let frame = row.frame;
    if frame.buckets == 0 {
        return ().into_any();
    }
    let points = &row.spark[..];
    let picture = frame.spark(points, frame.top(std::iter::once(points)));
    let text = frame.summary(points, zone, |cores| columns.scale.amount(cores));
    let view_box = format!("0 0 {} 100", frame.buckets * BUCKET);
    view! {
        <svg viewBox=view_box preserveAspectRatio="none" role="img" aria-label=text>
            <path class="spark-gaps" d=picture.gaps></path><path class="spark-bars" d=picture.bars></path>
            <path class="spark-filling" d=picture.filling></path><path class="spark-hatch" d=picture.hatch></path></svg>
    }
    .into_any()
}

/// The change with its sign. Its colour is as strong as the change weighs in the cost of all services.
fn change(row: &OverviewRow, columns: &Columns) -> AnyView {
    let Some(change) = row.change else { return "–".into_any() };
    let class = if change > 0.0 { "home-change grew" } else { "home-change shrank" };
    let strength = 20.0 + 45.0 * change_weight(change, row.cores.unwrap_or(0.0), columns.fleet_cores);
    let title =
        if row.baseline.is_empty() { String::new() } else { format!("Compared with {}", row.baseline) };
    view! {
        <b class=class title=title style:color=format!("color-mix(in srgb, var(--verdict-hue) {}%, var(--text))", decimal(strength, 0))>
            {percent(change)}
        </b>
    }
    .into_any()
}

/// Replicas, and the latest thing that happened, or else versions.
fn facts(row: &OverviewRow, span: Span, zone: Zone) -> String {
    let latest = match (&row.marker, &row.versions[..]) {
        (Some(marker), _) => marker_text(marker, span, zone),
        (None, []) => String::new(),
        (None, [version]) => version.clone(),
        (None, [newest, before, rest @ ..]) => {
            let more = if rest.is_empty() { "" } else { ", …" };
            format!("{newest}, {before}{more}")
        }
    };
    let replicas = if row.replicas > 0 { count(row.replicas, "replica") } else { String::new() };
    let joint = if replicas.is_empty() || latest.is_empty() { "" } else { " · " };
    format!("{replicas}{joint}{latest}")
}

/// `v2 deployed 08:49`, with the day in a range of days.
fn marker_text(marker: &RowMarker, span: Span, zone: Zone) -> String {
    let at = zone.civil(marker.at_ms);
    let day = if span.length_ns() > DAY_NS { format!("{} ", &at.date()[5..]) } else { String::new() };
    let what = match (marker.kind.as_str(), marker.version.as_str()) {
        ("deploy", "") => "Deployed".to_owned(),
        ("deploy", version) => format!("{version} deployed"),
        ("config", _) => "Configuration changed".to_owned(),
        ("flag", _) => "Flag changed".to_owned(),
        ("scale", _) => "Scaled".to_owned(),
        _ => "Incident".to_owned(),
    };
    format!("{what} {day}{:02}:{:02}", at.hour, at.minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Span = Span::of_ms(0, 3_600_000);

    #[test]
    fn facts_name_what_happened_last_or_versions() {
        let marker = RowMarker { kind: "deploy".into(), version: "v2".into(), at_ms: 1_740_000 };
        let row =
            OverviewRow { replicas: 3, versions: vec!["v2".into(), "v1".into()], ..OverviewRow::default() };
        assert_eq!(facts(&row, HOUR, Zone::UTC), "3 replicas · v2, v1");
        let deployed = OverviewRow { marker: Some(marker.clone()), ..row.clone() };
        assert_eq!(facts(&deployed, HOUR, Zone::UTC), "3 replicas · v2 deployed 00:29");
        let days = Span::of_ms(0, 172_800_000);
        assert_eq!(facts(&deployed, days, Zone::UTC), "3 replicas · v2 deployed 01-01 00:29");
        let alone = OverviewRow { versions: vec!["v2".into()], ..OverviewRow::default() };
        assert_eq!(facts(&alone, HOUR, Zone::UTC), "v2");
        assert_eq!(facts(&OverviewRow::default(), HOUR, Zone::UTC), "");
        let flag = RowMarker { kind: "flag".into(), version: String::new(), ..marker };
        assert_eq!(marker_text(&flag, HOUR, Zone::UTC), "Flag changed 00:29");
    }
}
