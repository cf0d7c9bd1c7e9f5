//! The overview: services by what needs attention.

use super::{ApiError, get};
use crate::browser::clock;
use crate::state::home::HomeQuestion;
use crate::state::overview::{Fleet, Overview, OverviewRow, RowMarker, RowState};
use crate::state::spark::Frame;
use crate::state::time_range::Span;
use crate::state::time_text::{MS, api_text};
use crate::state::url_text::{path_with, put};
use flarepath_wire::overview::{OverviewResponse, OverviewRow as WireRow};
use std::sync::Arc;
use web_sys::AbortController;

/// Services of a first page, and most of any page.
pub(crate) const FIRST: usize = 50;
pub(crate) const MOST: usize = 200;

/// A request for a page of the overview.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OverviewRequest {
    /// Its filter is valid.
    pub(crate) question: HomeQuestion,
    pub(crate) span: Span,
    /// Where the page begins; empty for the first.
    pub(crate) cursor: String,
    pub(crate) limit: usize,
}

impl OverviewRequest {
    fn path(&self) -> String {
        let HomeQuestion { query, sort, text } = &self.question;
        let mut params = Vec::new();
        params.extend(query.store_param());
        put(&mut params, "from", api_text(self.span.from_ns));
        put(&mut params, "until", api_text(self.span.until_ns));
        put(&mut params, "sort", sort.word());
        put(&mut params, "limit", self.limit.to_string());
        put(&mut params, "selector", query.filter.trim());
        put(&mut params, "q", text.trim());
        put(&mut params, "cursor", self.cursor.clone());
        path_with("/api/v1/overview", &params)
    }
}

/// A page of the overview.
pub(crate) async fn overview(request: OverviewRequest, abort: AbortController) -> Result<Overview, ApiError> {
    let answer: OverviewResponse = get(&request.path(), Some(&abort)).await?;
    Ok(page(request, answer, clock::now_ms()))
}

fn page(request: OverviewRequest, answer: OverviewResponse, now_ms: i64) -> Overview {
    let span = Span { from_ns: answer.start_ns, until_ns: answer.end_ns };
    let fleet = answer.fleet.unwrap_or_default();
    Overview {
        rows: answer.rows.into_iter().map(|found| Arc::new(row(found, span, now_ms))).collect(),
        next: answer.next_cursor,
        services: answer.services,
        fleet: Fleet {
            cores: fleet.cores,
            reporting: fleet.reporting,
            silent: fleet.silent,
            with_gaps: fleet.with_gaps,
            without_symbols: fleet.without_symbols,
            changed: fleet.changed,
        },
        notes: answer.notes,
        of: Some((request.question, request.span)),
    }
}

fn row(row: WireRow, span: Span, now_ms: i64) -> OverviewRow {
    let step_ms = row.sparkline_step_ns / MS;
    let frame = match step_ms {
        1.. => Frame::of((span.start_ms(), step_ms), row.sparkline.len() as u32, span, now_ms),
        _ => Frame::default(),
    };
    let marker = row.marker.map(|marker| RowMarker {
        kind: marker.kind,
        version: marker.version,
        at_ms: marker.at_ns.div_euclid(MS),
    });
    OverviewRow {
        service: row.service,
        profile_type: row.profile_type,
        state: RowState::parse(&row.state),
        sentence: row.sentence,
        brief: row.brief,
        cores: row.cores,
        change: row.change,
        baseline: row.baseline,
        versions: row.versions,
        marker,
        replicas: row.replicas,
        frame,
        // What is no number is a gap.
        spark: (0..).zip(row.sparkline).filter(|(_, cores)| cores.is_finite()).collect(),
        computed_ms: row.computed_at_ns / MS,
        changed_ns: row.changed_at_ns,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::home::HomeSort;
    use crate::state::query::Query;
    use flarepath_wire::markers::Marker;

    const MINUTE: i64 = 60_000;

    fn request(text: &str, filter: &str, cursor: &str) -> OverviewRequest {
        let query = Query { filter: filter.into(), ..Query::default() };
        OverviewRequest {
            question: HomeQuestion { query, sort: HomeSort::Cores, text: text.into() },
            span: Span::of_ms(1_000_000_000_000, 1_000_003_600_000),
            cursor: cursor.into(),
            limit: FIRST,
        }
    }

    #[test]
    fn a_path_names_time_order_text_and_page() {
        let same = "/api/v1/overview?from=1000000000000&until=1000003600000&sort=cores&limit=50";
        assert_eq!(request(" ", "", "").path(), same);
        assert_eq!(
            request("a b ", r#"{team="pay"}"#, "1-x").path(),
            format!("{same}&selector=%7Bteam%3D%22pay%22%7D&q=a%20b&cursor=1-x")
        );
        let mut stored = request("", "", "");
        stored.question.query.store = Some("prod".into());
        assert!(stored.path().starts_with("/api/v1/overview?store=prod&from="), "{}", stored.path());
    }

    #[test]
    fn rows_keep_their_gaps_and_times() {
        let found = WireRow {
            service: "shop".into(),
            state: "regressed".into(),
            sparkline: vec![1.0, f64::NAN, 3.0],
            sparkline_step_ns: MINUTE * MS,
            marker: Some(Marker {
                kind: "deploy".into(),
                version: "v2".into(),
                at_ns: 90_000 * MS,
                ..Marker::default()
            }),
            computed_at_ns: 150_000 * MS,
            ..WireRow::default()
        };
        let answer = OverviewResponse {
            rows: vec![found, WireRow::default()],
            start_ns: 0,
            end_ns: 3 * MINUTE * MS,
            ..OverviewResponse::default()
        };
        let page = page(request("", "", ""), answer, i64::MAX);
        let [shop, empty] = &page.rows[..] else { panic!("{:?}", page.rows) };
        assert_eq!((shop.state, shop.computed_ms), (RowState::Regressed, 150_000));
        assert_eq!(shop.spark, [(0, 1.0), (2, 3.0)]);
        assert_eq!(shop.frame, Frame { start_ms: 0, step_ms: MINUTE, buckets: 3, filling: 3 });
        assert_eq!(shop.marker.as_ref().map(|m| (m.version.as_str(), m.at_ms)), Some(("v2", 90_000)));
        assert_eq!((empty.frame, empty.marker.as_ref()), (Frame::default(), None));
    }
}
