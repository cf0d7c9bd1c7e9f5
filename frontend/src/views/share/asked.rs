//! What is to be shared, from the address of what is on screen: the questions that the server freezes the answers of, and
//! how they are seen. Pure.

use crate::api::heatmap::HeatAsk;
use crate::api::request::{Ask, diff_path, heatmap_path};
use crate::state::compare::{DiffView, Sides};
use crate::state::compare_source::Sources;
use crate::state::heatmap::{HeatView, Rows, Subject};
use crate::state::query::Query;
use crate::state::share::ShareSource;
use crate::state::share_view::{RANGE, Renamed, read, write};
use crate::state::time_range::{Span, TimeRange};
use crate::state::view::View;
use flarepath_profile::heatmap::Scale;

/// A share to be, as far as the address tells.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asking {
    /// What it is made of.
    pub(crate) asked: ShareSource,
    /// How it is seen.
    pub(crate) seen: Seen,
    /// The time that a live link asks for; `None` when nothing is asked of the server.
    pub(crate) span: Option<Span>,
}

/// How something is seen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Seen {
    /// One profile, or two beside each other.
    Profile(View),
    /// A difference.
    Diff(DiffView),
    /// A heat map of a time, and the label whose values its rows are.
    Heat(HeatView, Span, Option<String>),
}

impl Seen {
    /// As the text of a state, with names as they become in what is shared.
    pub(crate) fn state(&self, renamed: &mut Renamed<'_, '_>) -> String {
        match self {
            Seen::Profile(view) => write(renamed.view(view).to_params()),
            Seen::Diff(view) => write(renamed.diff(view).to_params()),
            Seen::Heat(view, span, label) => {
                let range = (RANGE, format!("{}-{}", span.from_ms, span.until_ms));
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

fn ask_of(query: &Query, now_ms: i64) -> Result<Ask, String> {
    let ask =
        Ask::new(query, span_of(query, now_ms)).map_err(|e| format!("the filter has a mistake: {e}"))?;
    ask.ok_or_else(|| "choose a service and a profile type first".to_owned())
}

/// What is at an address of this page.
///
/// # Errors
/// What is missing before it can be shared.
pub(crate) fn at(path: &str, now_ms: i64) -> Result<Asking, String> {
    let (page, query) = path.split_once('?').unwrap_or((path, ""));
    match page.trim_end_matches('/') {
        "/compare" => compared(query, now_ms),
        "/heatmap" => heat(query, now_ms),
        "/local" => Ok(Asking {
            asked: ShareSource::Local,
            seen: Seen::Profile(read(query, View::from_params)),
            span: None,
        }),
        _ => {
            let ask = ask_of(&read(query, Query::from_params), now_ms)?;
            let seen = Seen::Profile(read(query, View::from_params));
            let asked = ShareSource::Explore(query_of(Ask { by: None, ..ask.clone() }.call_tree_path()));
            Ok(Asking { asked, seen, span: Some(ask.span) })
        }
    }
}

fn compared(query: &str, now_ms: i64) -> Result<Asking, String> {
    let (sides, sources) = (read(query, Sides::from_params), read(query, Sources::from_params));
    let seen = Seen::Diff(read(query, DiffView::from_params));
    if !sources.is_plain() {
        return Ok(Asking { asked: ShareSource::Local, seen, span: None });
    }
    let asks = [ask_of(&sides.baseline, now_ms)?, ask_of(&sides.comparison, now_ms)?];
    let [from_ms, until_ms] =
        [asks[0].span.from_ms.min(asks[1].span.from_ms), asks[0].span.until_ms.max(asks[1].span.until_ms)];
    let asked = ShareSource::Compare(query_of(diff_path(&asks)));
    Ok(Asking { asked, seen, span: Some(Span { from_ms, until_ms }) })
}

fn heat(query: &str, now_ms: i64) -> Result<Asking, String> {
    let view = read(query, HeatView::from_params);
    let query = read(query, Query::from_params);
    let ask = ask_of(&query, now_ms)?;
    let rows = view.rows_for(query.by.as_deref());
    if rows == Rows::Label && query.by.is_none() {
        return Err("choose a label for the rows first".to_owned());
    }
    let subject = Subject { query: query.clone(), span: ask.span, rows, names: Vec::new() };
    let selected = view.picked.iter().flatten().map(|region| ask_of(&subject.query_of(region), now_ms));
    let selected = selected.collect::<Result<Vec<Ask>, String>>()?;
    let selected = selected.into_iter().map(|ask| query_of(Ask { by: None, ..ask }.call_tree_path()));
    let plain = HeatView { picked: [None, None], scale: Scale::default(), ..view.clone() };
    let path = heatmap_path(&HeatAsk { ask: ask.clone(), query: query.clone(), view: plain });
    let label = query.by.filter(|_| rows == Rows::Label);
    let seen = Seen::Heat(HeatView { rows: Some(rows), ..view }, ask.span, label);
    Ok(Asking { asked: ShareSource::Heatmap(query_of(path), selected.collect()), seen, span: Some(ask.span) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: &str = "service=shop&type=cpu:cpu:ns:cpu:ns&from=1000000&until=2000000";

    #[test]
    fn the_address_says_what_is_frozen() {
        let explore = at(&format!("/explore?{SHOP}&mode=table&by=pod"), 0).unwrap();
        let ShareSource::Explore(query) = &explore.asked else { panic!("{explore:?}") };
        assert!(query.contains("from=1000000&until=2000000") && !query.contains("mode"), "{query}");
        assert_eq!(explore.span, Some(Span { from_ms: 1_000_000, until_ms: 2_000_000 }));
        let local = at("/local?mode=table", 0).unwrap();
        assert_eq!((local.asked, local.span), (ShareSource::Local, None));
        assert!(at("/explore", 0).unwrap_err().contains("profile type"));
    }

    #[test]
    fn both_sides_of_a_difference_are_frozen() {
        let diff = at(&format!("/compare?{SHOP}&b.from=5&b.until=9&mode=side"), 0).unwrap();
        let ShareSource::Compare(query) = &diff.asked else { panic!("{diff:?}") };
        assert!(query.contains("baseline_from=5&baseline_until=9"), "{query}");
        assert_eq!(diff.span, Some(Span { from_ms: 5, until_ms: 2_000_000 }));
        let files = at(&format!("/compare?{SHOP}&src=file-1"), 0).unwrap();
        assert_eq!(files.asked, ShareSource::Local);
    }

    #[test]
    fn a_selection_of_a_heat_map_is_frozen_with_it() {
        let map = at(&format!("/heatmap?{SHOP}&rows=label&by=pod&sel=1200000-1300000;%3Da"), 0).unwrap();
        let ShareSource::Heatmap(query, selected) = &map.asked else { panic!("{map:?}") };
        assert!(query.contains("of=label") && query.contains("label=pod"), "{query}");
        assert!(
            selected[0].contains("from=1200000&until=1300000") && selected[0].contains("pod"),
            "{selected:?}"
        );
        assert!(at(&format!("/heatmap?{SHOP}&rows=label"), 0).unwrap_err().contains("label"));
    }
}
