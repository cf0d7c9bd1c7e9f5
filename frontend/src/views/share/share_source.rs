//! Source of a share, from the address of the page: the queries whose answers the server freezes, and the view of
//! them. Pure.

use crate::api::heatmap::{HeatmapRequest, heatmap_path};
use crate::api::request::{ProfileRequest, diff_path};
use crate::state::compare::{DiffView, Sides};
use crate::state::compare_source::Sources;
use crate::state::heatmap::{HeatView, Rows, Subject};
use crate::state::local_view::{LocalView, Shows};
use crate::state::offsets_view::OffsetsView;
use crate::state::query::{Query, time_problem};
use crate::state::share::ShareSource;
use crate::state::share_view::{RANGE, Renamed, range_text, read, write};
use crate::state::time_range::{Span, TimeRange};
use crate::state::view::View;
use flarepath_profile::heatmap::Scale;

/// A share as far as the address determines it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ShareRequest {
    pub(crate) source: ShareSource,
    pub(crate) view: SharedView,
    /// The time range of a live link; `None` for data that the server does not have.
    pub(crate) span: Option<Span>,
}

/// How the data is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SharedView {
    /// One profile, or two side by side.
    Profile(View),
    /// A difference.
    Diff(DiffView),
    /// A local file: its profile, or its flame chart.
    Local(LocalView),
    /// Sub-second offsets of a local file.
    Offsets(Box<(OffsetsView, LocalView)>),
    /// A heat map, its time range, and the label that its rows are values of.
    Heat(HeatView, Span, Option<String>),
}

impl SharedView {
    /// The view as a query string, with names renamed as in the sanitized data.
    pub(crate) fn state(&self, renamed: &mut Renamed<'_, '_>) -> String {
        match self {
            SharedView::Profile(view) => write(renamed.view(view).to_params()),
            SharedView::Diff(view) => write(renamed.diff(view).to_params()),
            SharedView::Local(seen) => write(renamed.local(seen).to_params()),
            SharedView::Offsets(both) => {
                let (view, seen) = &**both;
                let diff = renamed.diff(&view.diff);
                write(OffsetsView { diff, ..view.clone() }.to_params(&renamed.local(seen)))
            }
            SharedView::Heat(view, span, label) => {
                let range = (RANGE, range_text(*span));
                write(renamed.heat(view, label.as_deref()).to_params().into_iter().chain([range]))
            }
        }
    }
}

fn query_of(path: String) -> String {
    path.split_once('?').map_or(String::new(), |(_, query)| query.to_owned())
}

fn span_of(query: &Query, now_ms: i64) -> Span {
    query.range.unwrap_or(TimeRange::LAST_HOUR).resolve(now_ms)
}

fn request_of(query: &Query, now_ms: i64) -> Result<ProfileRequest, String> {
    let request = ProfileRequest::new(query, span_of(query, now_ms))
        .map_err(|e| format!("the filter has an error: {e}"))?;
    request.ok_or_else(|| "choose a service and a profile type first".to_owned())
}

/// The share of an address of this page.
///
/// # Errors
/// What is missing before it can be shared, as the end of a sentence.
pub(super) fn share_request(path: &str, now_ms: i64) -> Result<ShareRequest, String> {
    let (page, query) = path.split_once('?').unwrap_or((path, ""));
    if read(query, |get| time_problem(get, now_ms)).is_some() {
        return Err("choose a time range first".to_owned());
    }
    match page.trim_end_matches('/') {
        "/compare" => compared(query, now_ms),
        "/heatmap" => heat(query, now_ms),
        "/local" => {
            let seen = LocalView::parse(query);
            let view = match seen.shows {
                Shows::SubSecond => SharedView::Offsets(Box::new((OffsetsView::parse(query), seen))),
                Shows::Profile | Shows::Time => SharedView::Local(seen),
            };
            Ok(ShareRequest { source: ShareSource::Local, view, span: None })
        }
        _ => {
            let request = request_of(&read(query, Query::from_params), now_ms)?;
            let view = SharedView::Profile(read(query, View::from_params));
            let source = ShareSource::Explore(query_of(
                ProfileRequest { by: None, ..request.clone() }.call_tree_path(),
            ));
            Ok(ShareRequest { source, view, span: Some(request.span) })
        }
    }
}

fn compared(query: &str, now_ms: i64) -> Result<ShareRequest, String> {
    let (sides, sources) = (read(query, Sides::from_params), read(query, Sources::from_params));
    let view = SharedView::Diff(read(query, DiffView::from_params));
    if !sources.is_plain() {
        return Ok(ShareRequest { source: ShareSource::Local, view, span: None });
    }
    let comparison = request_of(&sides.comparison, now_ms)?;
    if sides.is_open() {
        // The server chooses the baseline, with the verdict.
        let span = Some(comparison.span);
        return Ok(ShareRequest {
            source: ShareSource::Compare(query_of(comparison.call_tree_path())),
            view,
            span,
        });
    }
    let requests = [request_of(&sides.baseline, now_ms)?, comparison];
    let from_ns = requests[0].span.from_ns.min(requests[1].span.from_ns);
    let until_ns = requests[0].span.until_ns.max(requests[1].span.until_ns);
    let source = ShareSource::Compare(query_of(diff_path(&requests)));
    Ok(ShareRequest { source, view, span: Some(Span { from_ns, until_ns }) })
}

fn heat(query: &str, now_ms: i64) -> Result<ShareRequest, String> {
    let view = read(query, HeatView::from_params);
    let query = read(query, Query::from_params);
    let request = request_of(&query, now_ms)?;
    let rows = view.rows_for(query.by.as_deref());
    if rows == Rows::Label && query.by.is_none() {
        return Err("choose a label for the rows first".to_owned());
    }
    let subject = Subject { query: query.clone(), span: request.span, rows, names: Vec::new() };
    let selected = view.picked.iter().flatten().map(|region| request_of(&subject.query_of(region), now_ms));
    let selected = selected.collect::<Result<Vec<ProfileRequest>, String>>()?;
    let selected =
        selected.into_iter().map(|request| query_of(ProfileRequest { by: None, ..request }.call_tree_path()));
    let plain = HeatView { picked: [None, None], scale: Scale::default(), ..view.clone() };
    let path = heatmap_path(&HeatmapRequest { profiles: request.clone(), query: query.clone(), view: plain });
    let label = query.by.filter(|_| rows == Rows::Label);
    let shown = SharedView::Heat(HeatView { rows: Some(rows), ..view }, request.span, label);
    Ok(ShareRequest {
        source: ShareSource::Heatmap(query_of(path), selected.collect()),
        view: shown,
        span: Some(request.span),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::sanitize::{Policy, Sanitizer};

    const SHOP: &str = "service=shop&type=cpu:cpu:ns:cpu:ns&from=1000001000000&until=1000002000000";

    #[test]
    fn explore_freezes_its_call_tree_query() {
        let explore = share_request(&format!("/explore?{SHOP}&mode=table&by=pod"), 0).unwrap();
        let ShareSource::Explore(query) = &explore.source else { panic!("{explore:?}") };
        assert!(
            query.contains("from=1000001000000&until=1000002000000") && !query.contains("mode"),
            "{query}"
        );
        assert_eq!(explore.span, Some(Span::of_ms(1_000_001_000_000, 1_000_002_000_000)));
        let local = share_request("/local?mode=table", 0).unwrap();
        assert_eq!((local.source, local.span), (ShareSource::Local, None));
        assert!(share_request("/explore", 0).unwrap_err().contains("profile type"));
        for (from, until) in [("xyz", "now"), ("now-1h", "now-2h")] {
            let path = format!("/explore?service=shop&type=cpu&from={from}&until={until}");
            assert!(share_request(&path, 1_000_001_000_000).unwrap_err().contains("time range"), "{path}");
        }
    }

    #[test]
    fn what_a_file_shows_in_time_is_in_the_state() {
        let policy = Policy::strict([0; 16]);
        let state = |query: &str| {
            let request = share_request(&format!("/local?{query}"), 0).unwrap();
            request.view.state(&mut Renamed(&mut Sanitizer::new(&policy)))
        };
        let window = "show=time&t=1000000001-1000000002&row=3";
        assert_eq!(
            state(&format!("q=main&{window}&thread=alice%40corp.example")),
            format!("q=main&{window}")
        );
        let map = "show=subsecond&per=100&band=1&sel=3.4-900.99&sel2=5.0-6.1";
        assert_eq!(state(map), map);
    }

    #[test]
    fn compare_freezes_both_sides() {
        let diff = share_request(
            &format!("/compare?{SHOP}&b.from=1000000000005&b.until=1000000000009&mode=side"),
            0,
        )
        .unwrap();
        let ShareSource::Compare(query) = &diff.source else { panic!("{diff:?}") };
        assert!(query.contains("baseline_from=1000000000005&baseline_until=1000000000009"), "{query}");
        assert_eq!(diff.span, Some(Span::of_ms(1_000_000_000_005, 1_000_002_000_000)));
        let open = share_request(&format!("/compare?{SHOP}"), 0).unwrap();
        let ShareSource::Compare(query) = &open.source else { panic!("{open:?}") };
        assert!(query.contains("from=1000001000000") && !query.contains("baseline"), "{query}");
        let files = share_request(&format!("/compare?{SHOP}&src=file-1"), 0).unwrap();
        assert_eq!(files.source, ShareSource::Local);
    }

    #[test]
    fn heatmap_freezes_its_selections() {
        let map = share_request(
            &format!("/heatmap?{SHOP}&rows=label&by=pod&sel=1000001200000-1000001300000;%3Da"),
            0,
        )
        .unwrap();
        let ShareSource::Heatmap(query, selected) = &map.source else { panic!("{map:?}") };
        assert!(query.contains("of=label") && query.contains("label=pod"), "{query}");
        assert!(
            selected[0].contains("from=1000001200000&until=1000001300000") && selected[0].contains("pod"),
            "{selected:?}"
        );
        let two = share_request(
            &format!("/heatmap?{SHOP}&sel=1000001200000-1000001300000&sel2=1000001400000-1000001500000"),
            0,
        );
        assert!(matches!(two.unwrap().source, ShareSource::Heatmap(_, selected) if selected.len() == 2));
        assert!(share_request(&format!("/heatmap?{SHOP}&rows=label"), 0).unwrap_err().contains("label"));
    }
}
