//! OpenTelemetry profiles (OTLP, development version, proto 1.10 or later), over HTTP or gRPC.
//!
//! The service is the resource's `service.name`, or that of the sample; without one it is
//! `unknown_service:` and the executable's name, as OpenTelemetry's conventions have it. Attributes of resource,
//! scope and profile are labels under their own names; the scope itself is `otel.scope.name` and
//! `otel.scope.version`. CPU profiles that count samples get the time they stand for as a second sample type.

use super::batch::{Batch, Draft, MAX_PROFILES};
use super::error::IngestError;
use super::inflate::Budget;
use super::series_labels::{self, OTEL_SERVICE_NAME, SeriesLabels, UNKNOWN_SERVICE};
use flarepath_profile::formats::otlp::{self, ExportProfilesServiceRequest, OtlpError, OtlpProfile};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::profile::{Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::unix_nanos::UnixNanos;

/// Encoding of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Protobuf.
    Protobuf,
    /// JSON, as the OTLP specification maps it.
    Json,
}

/// Decodes an uncompressed request into a batch, which records rejected profiles.
///
/// # Errors
/// When the request itself is malformed, such as one in a layout before 1.10.
pub(crate) fn read(
    encoding: Encoding,
    body: &[u8],
    budget: &mut Budget,
    now: UnixNanos,
) -> Result<Batch, IngestError> {
    budget.spend(body.len())?;
    let request = match encoding {
        Encoding::Protobuf => otlp::parse_protobuf(body),
        Encoding::Json => otlp::parse_json(body),
    };
    let request = request.map_err(unreadable)?;
    check_count(&request)?;
    let mut batch = Batch::new(now);
    for (i, decoded) in otlp::decode(&request).enumerate() {
        let mut notes = Vec::new();
        let draft = decoded.map_err(unreadable).and_then(|profile| draft(profile, &mut notes));
        batch.note(notes);
        batch.add(|| format!("profile {i}"), draft);
    }
    Ok(batch)
}

fn unreadable(error: OtlpError) -> IngestError {
    match error {
        OtlpError::TooMuch(_) => IngestError::TooLarge(error.to_string()),
        other => IngestError::BadProfile(other.to_string()),
    }
}

fn check_count(request: &ExportProfilesServiceRequest) -> Result<(), IngestError> {
    let scopes = request.resource_profiles.iter().flat_map(|r| &r.scope_profiles);
    if scopes.map(|s| s.profiles.len()).sum::<usize>() > MAX_PROFILES {
        return Err(IngestError::TooLarge(format!(
            "more than {MAX_PROFILES} profiles in one request; split it"
        )));
    }
    Ok(())
}

fn draft(of: OtlpProfile, notes: &mut Vec<String>) -> Result<Draft, IngestError> {
    notes.extend(of.notes.lines());
    let labels = labels(&of, notes)?;
    Ok(Draft { name: of.name.clone(), labels, profile: with_cpu_time(of.name == "process_cpu", of.profile) })
}

fn labels(of: &OtlpProfile, notes: &mut Vec<String>) -> Result<SeriesLabels, IngestError> {
    let service = match of.labels.get(OTEL_SERVICE_NAME).or(of.labels.get(SERVICE_NAME)) {
        Some(service) => service.to_owned(),
        None => match of.labels.get("process.executable.name") {
            Some(executable) => format!("{UNKNOWN_SERVICE}:{executable}"),
            None => UNKNOWN_SERVICE.to_owned(),
        },
    };
    let scope = [("otel.scope.name", &*of.scope_name), ("otel.scope.version", &*of.scope_version)];
    let attributes = of.labels.iter().filter(|(name, _)| {
        *name != OTEL_SERVICE_NAME && *name != SERVICE_NAME && scope.iter().all(|(own, _)| own != name)
    });
    let service = [(SERVICE_NAME, service.as_str())];
    series_labels::check(attributes.chain(scope).chain(service), notes)
}

/// Adds CPU time (samples × period) to a CPU profile that counts samples, so that it can be shown in cores and compared with
/// profiles of other clients.
fn with_cpu_time(is_cpu: bool, mut profile: Profile) -> Profile {
    let counts_samples = profile.sample_types.len() == 1
        && profile.str(profile.sample_types[0].kind) == "samples"
        && profile.str(profile.period_type.unit) == "nanoseconds";
    if !(is_cpu && counts_samples && profile.period > 0) {
        return profile;
    }
    let kind = profile.strings.intern("cpu");
    profile.sample_types.push(ValueType { kind, unit: profile.period_type.unit });
    let mut samples = Samples::new(2);
    for i in 0..profile.samples.len() {
        let count = profile.samples.values(i)[0];
        let values = [count, count.saturating_mul(profile.period)];
        let (stack, labels) = (profile.samples.stack(i), profile.samples.labels(i));
        match profile.samples.timestamp(i) {
            Some(time) => samples.push_at(time, stack, &values, labels),
            None => samples.push(stack, &values, labels),
        }
    }
    profile.samples = samples;
    profile
}
