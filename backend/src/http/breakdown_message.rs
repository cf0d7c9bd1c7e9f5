//! Converts breakdowns to wire messages.

use crate::query::KnownNames;
use crate::query::breakdown::{Breakdown, Page, Place, Row};
use flarepath_profile::stats::{Deviation, Standing};
use flarepath_profile::verdict::{Per, deviation_sentence};
use flarepath_wire::breakdown::*;

const MS: i64 = 1_000_000;

/// A page of the values of `label`.
pub(super) fn breakdown(
    all: &Breakdown,
    page: &Page<'_>,
    (label, unit): (&str, &str),
    known: KnownNames,
) -> BreakdownResponse {
    BreakdownResponse {
        label: label.to_owned(),
        unit: unit.to_owned(),
        per: if all.per == Per::Profile { "profile" } else { "second" }.to_owned(),
        total: all.total,
        rate: all.rate,
        value_count: all.rows.len() as u64,
        matching: page.matching as u64,
        odd_count: all.rows.iter().filter(|row| outcome(&row.place) == "odd").count() as u64,
        start_ms: all.range.start.as_millis(),
        step_ms: all.bucket_ns / MS,
        bucket_count: all.buckets as u32,
        rows: page.rows.iter().map(|one| row(one, all.total)).collect(),
        next: page.next.clone().unwrap_or_default(),
        service_known: known.service,
        profile_type_known: known.profile_type,
    }
}

fn row(row: &Row, total: f64) -> BreakdownRow {
    let (buckets, bucket_rates) = row.spark.iter().copied().unzip();
    BreakdownRow {
        value: row.value.clone(),
        rate: row.rate,
        total: row.total,
        share: if total == 0.0 { 0.0 } else { row.total / total },
        series: row.series,
        replicas: row.replicas as u64,
        profiles: row.profiles,
        replica_ms: (row.covered_secs * 1e3).round() as i64,
        outcome: outcome(&row.place).to_owned(),
        sentence: sentence(&row.place),
        deviation: match &row.place {
            Place::Among { others, standing: Standing::Compared(found) } => Some(deviation(found, *others)),
            _ => None,
        },
        buckets,
        bucket_rates,
        service: row.service.clone().unwrap_or_default(),
    }
}

fn outcome(place: &Place) -> &'static str {
    match place {
        Place::NotCompared => "not-compared",
        Place::Among { standing, .. } => match standing {
            Standing::Alone => "no-others",
            Standing::Apart => "other-time",
            Standing::TooLittle { .. } => "too-little-data",
            Standing::Compared(found) if found.is_odd => "odd",
            Standing::Compared(_) => "usual",
        },
    }
}

fn sentence(place: &Place) -> String {
    match place {
        Place::NotCompared => "Not compared: services differ in what they do.".to_owned(),
        Place::Among { others, standing } => deviation_sentence(standing, *others),
    }
}

fn deviation(found: &Deviation, others: usize) -> BreakdownDeviation {
    let (low, high) = found.rate.interval();
    BreakdownDeviation {
        others: others as u64,
        others_rate: found.rate.before,
        relative: found.rate.relative(),
        low,
        high,
        p: found.rate.p(),
        q: found.q,
    }
}
