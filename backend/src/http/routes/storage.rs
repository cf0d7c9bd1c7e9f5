//! `GET /api/v1/storage`: what the profiles of the embedded store take of the disk, and when it will be full.

use crate::app::App;
use crate::auth::Permission;
use crate::http::ApiError;
use crate::http::doc::{Answer, Doc};
use crate::http::extract::{Format, Params};
use crate::http::route::Route;
use crate::store::{DiskGrowth, DiskReport};
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use flarepath_wire::storage::StorageResponse;
use std::sync::Arc;

const DOC: Doc = Doc {
    description: "What the profiles of the embedded store take of the disk, how they grow, and when the disk will be full. Disks of remote stores are \
                  not this server's: without an embedded store, `measured` is false.",
    answer: Answer::Message("StorageResponse"),
    example: "/api/v1/storage",
    ..Doc::new("Server", "Get disk usage and forecast")
};

pub(crate) fn routes() -> [Route; 1] {
    [Route::get("/api/v1/storage", storage).needs(Permission::ReadMetrics).doc(DOC)]
}

async fn storage(State(app): State<Arc<App>>, uri: Uri, format: Format) -> Result<Response, ApiError> {
    Params::read(&uri)?.check(&DOC)?;
    let report = match app.stores.embedded() {
        Some(store) => store.disk.report().await?,
        None => None,
    };
    Ok(format.respond(&answer(report)))
}

fn answer(report: Option<DiskReport>) -> StorageResponse {
    let Some(report) = report else { return StorageResponse::default() };
    let usage = report.usage;
    let (growth_bytes_per_day, growth_known_in_hours) = match report.growth {
        DiskGrowth::PerDay(bytes) => (Some(bytes), None),
        DiskGrowth::Unknown { hours } => (None, Some(hours)),
    };
    StorageResponse {
        measured: true,
        used_bytes: usage.used,
        free_page_bytes: usage.free,
        log_bytes: usage.log,
        disk_free_bytes: usage.disk_free,
        max_size_bytes: report.max_size,
        oldest_ns: report.oldest.map(|at| at.0),
        growth_bytes_per_day,
        growth_known_in_hours,
        full_in_days: report.full_in_days().filter(|days| days.is_finite()),
        limit_in_days: report.limit_in_days().filter(|days| days.is_finite()),
        forecast: forecast(&report),
    }
}

/// Whichever comes first: the end of the disk, or the limit.
fn forecast(report: &DiskReport) -> String {
    let full = match report.growth {
        DiskGrowth::Unknown { hours: 1 } => return "not known yet: 1 hour of growth is needed".to_owned(),
        DiskGrowth::Unknown { hours } => return format!("not known yet: {hours} hours of growth are needed"),
        DiskGrowth::PerDay(_) => report.full_in_days().unwrap_or(f64::INFINITY),
    };
    match report.limit_in_days() {
        Some(limit) if limit <= full && limit.is_finite() => {
            format!("retention.max_size reached {}; then the oldest data is dropped", within(limit))
        }
        _ if full.is_finite() => format!("full {}", within(full)),
        _ => "not growing".to_owned(),
    }
}

fn within(days: f64) -> String {
    match days as u64 {
        0 => "within a day".to_owned(),
        1 => "in 1 day".to_owned(),
        3650.. => "in more than 10 years".to_owned(),
        days => format!("in {days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::DiskUsage;

    fn report(growth: DiskGrowth, max_size: Option<u64>) -> DiskReport {
        let usage = DiskUsage { used: 1_000, free: 300, log: 0, disk_free: 2_000 };
        DiskReport { usage, max_size, growth, oldest: None }
    }

    #[test]
    fn the_forecast_is_a_sentence() {
        let text = |growth, max_size| forecast(&report(growth, max_size));
        assert_eq!(text(DiskGrowth::PerDay(100), None), "full in 23 days");
        assert_eq!(text(DiskGrowth::PerDay(100), Some(10_000)), "full in 23 days");
        assert_eq!(
            text(DiskGrowth::PerDay(100), Some(1_150)),
            "retention.max_size reached in 1 day; then the oldest data is dropped"
        );
        assert_eq!(text(DiskGrowth::PerDay(9_000), None), "full within a day");
        assert_eq!(text(DiskGrowth::PerDay(0), Some(1_500)), "not growing");
        assert_eq!(
            text(DiskGrowth::Unknown { hours: 5 }, None),
            "not known yet: 5 hours of growth are needed"
        );
    }

    #[test]
    fn numbers_that_json_has_not_are_absent() {
        let still = answer(Some(report(DiskGrowth::PerDay(0), Some(1_500))));
        assert_eq!((still.full_in_days, still.limit_in_days), (None, None));
        assert_eq!(still.growth_bytes_per_day, Some(0));
        assert!(!answer(None).measured);
    }
}
