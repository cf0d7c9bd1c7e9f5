//! Breakdown by a label: the cost of each value.

use super::request::ProfileRequest;
use super::{ApiError, get};
use crate::browser::clock;
use crate::state::breakdown::{Breakdown, ValueRow};
use crate::state::labels::LabelSort;
use crate::state::spark::Frame;
use flarepath_wire::breakdown::{BreakdownResponse, BreakdownRow};
use web_sys::AbortController;

/// Values of a page.
const LIMIT: &str = "50";

/// A request for values of the label that the profiles are grouped by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BreakdownRequest {
    /// Which profiles, and the label.
    pub(crate) profiles: ProfileRequest,
    pub(crate) sort: LabelSort,
    pub(crate) reversed: bool,
    /// What values must contain.
    pub(crate) text: String,
    /// Where the page begins; empty for the first.
    pub(crate) cursor: String,
}

impl BreakdownRequest {
    fn path(&self) -> String {
        let (sort, ascends) = match self.sort {
            LabelSort::Total => ("total", false),
            LabelSort::Rate => ("rate", false),
            LabelSort::Value => ("name", true),
            LabelSort::Deviation => ("deviation", false),
        };
        let order = if ascends != self.reversed { "asc" } else { "desc" };
        let by = self.profiles.by.as_deref().unwrap_or_default();
        let mut more = vec![("by", by), ("sort", sort), ("order", order), ("limit", LIMIT)];
        let texts = [("q", self.text.as_str()), ("cursor", self.cursor.as_str())];
        more.extend(texts.into_iter().filter(|(_, text)| !text.is_empty()));
        self.profiles.path("breakdown", &more)
    }
}

/// A page of the values.
pub(crate) async fn breakdown(
    request: BreakdownRequest,
    abort: AbortController,
) -> Result<Breakdown, ApiError> {
    let answer: BreakdownResponse = get(&request.path(), Some(&abort)).await?;
    let sample_type = request.profiles.profile_type.split(':').nth(1).unwrap_or_default().to_owned();
    let buckets = (answer.start_ms, answer.step_ms.max(1));
    let frame = Frame::of(buckets, answer.bucket_count, request.profiles.span, clock::now_ms());
    Ok(Breakdown {
        label: answer.label,
        sample_type,
        unit: answer.unit,
        is_level: answer.per == "profile",
        values: answer.value_count,
        matching: answer.matching,
        odd: answer.odd_count,
        frame,
        rows: answer.rows.into_iter().map(row).collect(),
        next: answer.next,
    })
}

fn row(row: BreakdownRow) -> ValueRow {
    ValueRow {
        value: row.value,
        service: row.service,
        rate: row.rate,
        total: row.total,
        share: row.share,
        replicas: row.replicas,
        profiles: row.profiles,
        covered_ms: row.replica_ms,
        is_odd: row.outcome == "odd",
        sentence: row.sentence,
        spark: row.buckets.into_iter().zip(row.bucket_rates).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::query::Query;
    use crate::state::time_range::Span;

    #[test]
    fn a_path_names_order_text_and_page() {
        let query = Query { profile_type: Some("cpu".into()), by: Some("pod".into()), ..Query::default() };
        let profiles =
            ProfileRequest::new(&query, Span::of_ms(1_000_000_000_000, 1_000_000_060_000)).unwrap().unwrap();
        let path = |sort, reversed, text: &str, cursor: &str| {
            let (text, cursor) = (text.to_owned(), cursor.to_owned());
            BreakdownRequest { profiles: profiles.clone(), sort, reversed, text, cursor }.path()
        };
        let same = "/api/v1/breakdown?type=cpu&selector=%7B%7D&from=1000000000000&until=1000000060000&by=pod";
        assert_eq!(path(LabelSort::Total, false, "", ""), format!("{same}&sort=total&order=desc&limit=50"));
        assert_eq!(
            path(LabelSort::Value, false, "a b", "1-0-x"),
            format!("{same}&sort=name&order=asc&limit=50&q=a%20b&cursor=1-0-x")
        );
        assert!(path(LabelSort::Value, true, "", "").contains("order=desc"));
        assert!(path(LabelSort::Deviation, true, "", "").contains("sort=deviation&order=asc"));
    }
}
