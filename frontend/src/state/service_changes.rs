//! Recent changes of a service: its markers with where they lead, and the versions that ran with their times. Pure.

use super::breakdown::{Breakdown, ValueRow};
use super::clock_text::Zone;
use super::compare::{DiffView, compare_path};
use super::incident_link::incident_link;
use super::marker_sides::{before_and_after, without_version};
use super::markers::{Marker, time};
use super::query::Query;
use super::time_range::Span;
use flarepath_profile::units::{Unit, UnitScale};

/// Markers that are listed, at most: the newest.
pub(crate) const MOST: usize = 50;

/// A marker in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChangeRow {
    pub(crate) at_ms: i64,
    /// `Deploy of v2`.
    pub(crate) title: String,
    /// A description; empty where the title has it, or there is none.
    pub(crate) text: String,
    /// An http or https link; empty for none.
    pub(crate) link: String,
    /// The comparison of the times before and after it.
    pub(crate) compare: String,
    /// What changed there.
    pub(crate) incident: String,
}

/// The newest markers first. `query` and `span` are what the page shows, `now_ns` is the time.
pub(crate) fn change_rows(markers: &[Marker], query: &Query, span: Span, now_ns: i64) -> Vec<ChangeRow> {
    let mut newest: Vec<&Marker> = markers.iter().collect();
    newest.sort_by_key(|marker| std::cmp::Reverse(marker.at_ns));
    newest.into_iter().take(MOST).map(|marker| change_row(marker, query, span, now_ns)).collect()
}

fn change_row(marker: &Marker, query: &Query, span: Span, now_ns: i64) -> ChangeRow {
    let sides = before_and_after(&without_version(query, &marker.version), span, marker.at_ns, now_ns);
    let [service, profile_type] =
        [&query.service, &query.profile_type].map(|part| part.as_deref().unwrap_or_default());
    ChangeRow {
        at_ms: marker.at_ms(),
        title: marker.title(),
        // Without a version, the title is the text.
        text: if marker.version.is_empty() { String::new() } else { marker.text.clone() },
        link: marker.link.clone(),
        compare: compare_path(&sides, &DiffView::default()),
        incident: incident_link(query, service, profile_type, marker.at_ns, None),
    }
}

/// The instants of markers with their names, for charts.
pub(crate) fn marks(markers: &[Marker]) -> Vec<(i64, String)> {
    let newest = markers.len().saturating_sub(MOST);
    markers.iter().skip(newest).map(|marker| (marker.at_ms(), marker.name())).collect()
}

/// A version in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VersionRow {
    pub(crate) name: String,
    /// `since 14:02`, `14:02 to 14:30`, `all of this time`.
    pub(crate) ran: String,
    pub(crate) replicas: u64,
    /// Cost by replica: `0.8 cores`.
    pub(crate) rate: String,
}

/// The versions of a breakdown by version, those that began last first.
pub(crate) fn version_rows(found: &Breakdown, zone: Zone) -> Vec<VersionRow> {
    let own = Unit::of(&found.sample_type, &found.unit);
    let unit = if found.is_level { own } else { own.per_second() };
    let scale = UnitScale::for_values(&unit, found.rows.iter().map(|row| row.rate));
    let begin = |row: &ValueRow| row.spark.first().map(|(bucket, _)| *bucket);
    let mut rows: Vec<&ValueRow> = found.rows.iter().filter(|row| !row.value.is_empty()).collect();
    rows.sort_by(|a, b| {
        // Versions of one interval are ordered by name: v10 before v9.
        let key = |row: &ValueRow| (begin(row), row.value.len(), row.value.clone());
        key(b).cmp(&key(a))
    });
    let row = |row: &ValueRow| VersionRow {
        name: row.value.clone(),
        ran: ran(found, row, zone),
        replicas: row.replicas,
        rate: scale.amount(row.rate),
    };
    rows.into_iter().map(row).collect()
}

/// When a version ran, by the intervals that have its profiles.
fn ran(found: &Breakdown, row: &ValueRow, zone: Zone) -> String {
    let frame = found.frame;
    let (Some((first, _)), Some((last, _))) = (row.spark.first(), row.spark.last()) else {
        return String::new();
    };
    let at = |bucket: u32| frame.start_ms.saturating_add(i64::from(bucket).saturating_mul(frame.step_ms));
    let end_ms = at(frame.buckets);
    let text = |ms: i64| time(zone, ms, end_ms);
    // The interval that is still filling may have none yet.
    let runs = last.saturating_add(1) >= frame.filling.min(frame.buckets);
    match (*first == 0, runs) {
        (true, true) => "all of this time".to_owned(),
        (true, false) => format!("until {}", text(at(last + 1))),
        (false, true) => format!("since {}", text(at(*first))),
        (false, false) => format!("{} to {}", text(at(*first)), text(at(last + 1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::markers::Kind;
    use crate::state::markers::tests::deploy;
    use crate::state::spark::Frame;

    const MINUTE_MS: i64 = 60_000;
    /// 2026-11-21T14:00:00Z
    const START_MS: i64 = 1_795_269_600_000;

    #[test]
    fn markers_lead_to_the_comparison_before_and_after() {
        let span = Span::of_ms(START_MS, START_MS + 60 * MINUTE_MS);
        let query =
            Query { service: Some("a/b".into()), profile_type: Some("cpu".into()), ..Query::default() };
        let told = Marker {
            kind: Kind::Incident,
            version: String::new(),
            text: "slow".into(),
            ..deploy("", START_MS)
        };
        let noted = Marker { text: "canary".into(), ..deploy("v2", START_MS + 30 * MINUTE_MS) };
        let rows = change_rows(&[told, noted], &query, span, span.until_ns);
        assert_eq!(
            rows.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(),
            ["Deploy of v2", "Incident: slow"]
        );
        assert_eq!(rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["canary", ""]);
        assert!(rows[0].compare.starts_with("/compare?service=a%2Fb&type=cpu&"), "{}", rows[0].compare);
        assert!(
            rows[0].compare.contains("from=2026-11-21T14:30:00Z&until=2026-11-21T15:00:00Z"),
            "{}",
            rows[0].compare
        );
        assert_eq!(rows[0].incident, "/i?service=a%2Fb&type=cpu&at=2026-11-21T14:30:00Z");
    }

    #[test]
    fn the_newest_markers_are_kept() {
        let all: Vec<Marker> = (0..80).map(|minute| deploy("v", START_MS + minute * MINUTE_MS)).collect();
        let rows = change_rows(&all, &Query::default(), Span::of_ms(0, 1), i64::MAX);
        assert_eq!((rows.len(), rows[0].at_ms), (MOST, START_MS + 79 * MINUTE_MS));
        assert_eq!((marks(&all).len(), marks(&all)[0].0), (MOST, START_MS + 30 * MINUTE_MS));
    }

    #[test]
    fn versions_say_since_when_they_run() {
        let row = |value: &str, buckets: [u32; 2]| ValueRow {
            value: value.into(),
            replicas: 2,
            rate: 1e9,
            spark: buckets.map(|bucket| (bucket, 1.0)).to_vec(),
            ..ValueRow::default()
        };
        let found = Breakdown {
            sample_type: "cpu".into(),
            unit: "nanoseconds".into(),
            frame: Frame { start_ms: START_MS, step_ms: MINUTE_MS, buckets: 60, filling: 59 },
            rows: vec![row("v1", [0, 29]), row("v2", [30, 58]), row("v0", [0, 58]), row("x", [5, 6])],
            ..Breakdown::default()
        };
        let rows = version_rows(&found, Zone::UTC);
        let said: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.ran.as_str())).collect();
        let expected = [
            ("v2", "since 14:30"),
            ("x", "14:05 to 14:07"),
            ("v1", "until 14:30"),
            ("v0", "all of this time"),
        ];
        assert_eq!(said, expected);
        assert_eq!((rows[0].replicas, rows[0].rate.as_str()), (2, "1 core"));
    }
}
