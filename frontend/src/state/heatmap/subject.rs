//! Queries and links for regions of a heat map.

use super::{Region, RowName, Rows};
use crate::state::compare::{DiffView, Sides, compare_path};
use crate::state::incident_link::incident_link;
use crate::state::query::{Query, explore_path};
use crate::state::time_range::{Span, TimeRange};
use crate::state::transform::{Kind, Transform};
use crate::state::view::View;
use flarepath_profile::selector::{MatchOp, Matcher};

/// The query behind a map, from which queries of its regions follow.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subject {
    /// What the map was asked for.
    pub(crate) query: Query,
    /// Its time.
    pub(crate) span: Span,
    /// What its rows are.
    pub(crate) rows: Rows,
    /// The names of its rows, without the one for the rest.
    pub(crate) names: Vec<String>,
}

impl Subject {
    /// The query of a region: its time range, and its values of the label.
    pub(crate) fn query_of(&self, region: &Region) -> Query {
        // Of columns at the ends, only what lies in the range was counted.
        let range = self.span.clamp(Span::of_ms(region.from_ms, region.until_ms));
        let query = Query { range: Some(TimeRange::Between(range)), ..self.query.clone() };
        match (self.rows, &query.by) {
            (Rows::Label, Some(label)) => {
                let mut matchers = query.matchers().unwrap_or_default();
                matchers.extend(self.matcher(label, &region.rows));
                query.with_matchers(matchers)
            }
            _ => query,
        }
    }

    /// The function that a region is about, if it is one.
    pub(crate) fn function_of(&self, region: &Region) -> Option<String> {
        match (self.rows, region.rows.as_slice()) {
            (Rows::Functions, [RowName::Named(name)]) => Some(name.clone()),
            _ => None,
        }
    }

    /// Link to Explore with the data of a region.
    pub(crate) fn flame_path(&self, region: &Region) -> String {
        explore_path(&self.query_of(region), &through(self.function_of(region)))
    }

    /// Link to the difference of both regions.
    pub(crate) fn compare_path(&self, [baseline, comparison]: [&Region; 2]) -> String {
        let side = |region| Query { by: None, ..self.query_of(region) };
        let function =
            self.function_of(baseline).filter(|f| self.function_of(comparison).as_ref() == Some(f));
        let view = DiffView { view: through(function), ..DiffView::default() };
        compare_path(&Sides { baseline: side(baseline), comparison: side(comparison) }, &view)
    }

    /// Link to what changed in the time of a region; `None` without a service.
    pub(crate) fn incident_path(&self, region: &Region) -> Option<String> {
        let query = self.query_of(region);
        let span = self.span.clamp(Span::of_ms(region.from_ms, region.until_ms));
        let profile_type = query.profile_type.as_deref().unwrap_or_default();
        Some(incident_link(
            &query,
            query.service.as_deref()?,
            profile_type,
            span.from_ns,
            Some(span.until_ns),
        ))
    }

    /// The condition that holds for some of the rows; `None` when it holds for all.
    fn matcher(&self, label: &str, rows: &[RowName]) -> Option<Matcher> {
        let with = |op, value| Some(Matcher { name: label.to_owned(), op, value });
        let named: Vec<&str> = rows.iter().filter_map(RowName::name).collect();
        if rows.is_empty() {
            return None;
        }
        if !rows.contains(&RowName::Other) {
            return match named.as_slice() {
                [one] => with(MatchOp::Equal, (*one).to_owned()),
                several => with(MatchOp::Regex, alternatives(several)),
            };
        }
        // The rest is what none of the rows is; the rows that are selected with it are not excluded.
        let excluded: Vec<&str> =
            self.names.iter().map(String::as_str).filter(|name| !named.contains(name)).collect();
        match excluded.as_slice() {
            [] => None,
            [one] => with(MatchOp::NotEqual, (*one).to_owned()),
            several => with(MatchOp::NotRegex, alternatives(several)),
        }
    }
}

impl RowName {
    fn name(&self) -> Option<&str> {
        match self {
            RowName::Named(name) => Some(name),
            RowName::Other => None,
        }
    }
}

/// A view of the stacks through a function.
fn through(function: Option<String>) -> View {
    let step = |name| Transform::of(Kind::Focus, name);
    View { transforms: function.into_iter().map(step).collect(), ..View::default() }
}

/// A pattern that matches exactly these texts.
fn alternatives(texts: &[&str]) -> String {
    let mut pattern = String::new();
    for (i, text) in texts.iter().enumerate() {
        if i > 0 {
            pattern.push('|');
        }
        for c in text.chars() {
            if r"\.+*?()|[]{}^$".contains(c) {
                pattern.push('\\');
            }
            pattern.push(c);
        }
    }
    pattern
}
