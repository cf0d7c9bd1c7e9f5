//! Converts overviews to wire messages.

use super::marker_message::marker_message;
use crate::markers::Marker;
use crate::markers::latest::Latest;
use crate::query::overview::{Overview, Row, State};
use flarepath_wire::overview::{Fleet, OverviewResponse, OverviewRow};

/// A page of an overview, with the latest marker of each service.
pub(super) fn overview(found: &Overview, markers: Latest) -> OverviewResponse {
    let Latest { by_service: mut markers, note } = markers;
    let fleet = Fleet {
        cores: found.fleet.cores,
        reporting: found.fleet.reporting,
        silent: found.fleet.silent,
        with_gaps: found.fleet.with_gaps,
        without_symbols: found.fleet.without_symbols,
        changed: found.fleet.changed,
    };
    let rows = found.rows.iter().map(|one| row(one, found, markers.remove(&one.activity.service)));
    OverviewResponse {
        rows: rows.collect(),
        next_cursor: found.next.as_ref().map(|cursor| cursor.to_text()).unwrap_or_default(),
        services: found.services as u64,
        fleet: Some(fleet),
        start_ns: found.range.start.0,
        end_ns: found.range.end.0,
        notes: found.notes.iter().cloned().chain(Some(note).filter(|note| !note.is_empty())).collect(),
    }
}

fn row(row: &Row, found: &Overview, marker: Option<Marker>) -> OverviewRow {
    let (activity, judgement) = (&row.activity, row.judgement.as_ref());
    OverviewRow {
        service: activity.service.clone(),
        state: state(row.state).to_owned(),
        sentence: row.sentence(found.tested, found.range.end),
        cores: activity.cores,
        cores_before: judgement.and_then(|judgement| judgement.cores_before),
        change: row.change(),
        top_function: judgement.map(|judgement| judgement.function.clone()).unwrap_or_default(),
        top_function_share: judgement.and_then(|judgement| judgement.function_share),
        versions: activity.versions.clone(),
        sparkline: activity.sparkline.clone(),
        sparkline_step_ns: found.step_ns,
        marker: marker.map(marker_message),
        profile_type: activity.profile_type.to_string(),
        computed_at_ns: judgement.map_or(0, |judgement| judgement.computed_at.0),
        changed_at_ns: row.changed_at().map_or(0, |at| at.0),
        baseline: judgement.map(|judgement| judgement.baseline.clone()).unwrap_or_default(),
        replicas: activity.replicas as u64,
        brief: row.brief().unwrap_or_default().to_owned(),
    }
}

fn state(state: State) -> &'static str {
    match state {
        State::Regressed => "regressed",
        State::Improved => "improved",
        State::Changed => "changed",
        State::Unchanged => "unchanged",
        State::TooLittleData => "too-little-data",
        State::NotComparable => "not-comparable",
        State::Silent => "silent",
        State::Pending => "pending",
    }
}
