//! Pyroscope's `/ingest`: name and time of the profile are query parameters, the body is one profile in one of many formats. The
//! SDKs for Go, Node, Ruby and Java use it.

use super::app_name::AppName;
use super::attime;
use super::batch::{Batch, Draft};
use super::error::IngestError;
use super::form;
use super::inflate::{Budget, with_plain};
use super::jfr_body;
use super::pprof_body;
use super::profile_kind::{self, CPU, DisplayNames, TextType};
use super::series_labels::{self, SeriesLabels};
use bytes::Bytes;
use flarepath_profile::formats::folded::SIDES;
use flarepath_profile::formats::{self, NamedProfile};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::profile::{Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};

/// Samples per second, if the client does not say.
const DEFAULT_RATE: u32 = 100;
/// Times before 1971 come from clients that send microseconds or nothing; the query's `from` is used instead.
const YEAR_1971_NS: i64 = 365 * 86_400 * SECOND_NS;

/// Format of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// pprof, gzipped or not.
    Pprof,
    /// Text: folded stacks, lines, trie, tree, speedscope.
    Text(formats::Format),
    /// A recording of Java Flight Recorder.
    Jfr,
    /// A multipart form with a pprof or a recording.
    Form,
}

/// Parameters of a request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    name: AppName,
    from: UnixNanos,
    until: UnixNanos,
    rate: u32,
    spy: String,
    format: Format,
    content_type: String,
}

impl Request {
    /// Parses the query parameters. `content_type` is the complete header. Parameters without a meaning for the data (`units`,
    /// `aggregationType`) are ignored.
    ///
    /// # Errors
    /// [`IngestError::BadRequest`] naming the parameter; [`IngestError::Unsupported`] for an unsupported format.
    pub(crate) fn parse(
        params: &[(String, String)],
        content_type: &str,
        now: UnixNanos,
    ) -> Result<Request, IngestError> {
        let get = |name: &str| {
            let found = params.iter().find(|(n, v)| n == name && !v.is_empty());
            found.map(|(_, v)| v.as_str())
        };
        let time = |name: &str| get(name).map_or(Ok(now), |text| attime::parse(name, text, now));
        let rate = match get("sampleRate") {
            None => DEFAULT_RATE,
            Some(text) => text.parse().map_err(|_| {
                IngestError::BadRequest(format!("sampleRate: `{text}` is not a number of samples per second"))
            })?,
        };
        Ok(Request {
            name: AppName::parse(get("name").unwrap_or_default())?,
            from: time("from")?,
            until: time("until")?,
            rate,
            spy: get("spyName").unwrap_or("unknown").to_owned(),
            format: format_of(get("format").unwrap_or_default(), content_type)?,
            content_type: content_type.to_owned(),
        })
    }
}

/// Values of `format`.
pub(crate) const FORMATS: [&str; 9] =
    ["groups", "folded", "collapsed", "lines", "trie", "tree", "speedscope", "pprof", "jfr"];

fn format_of(format: &str, content_type: &str) -> Result<Format, IngestError> {
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match (format, media_type.as_str()) {
        ("" | "pprof" | "jfr", "multipart/form-data") => Ok(Format::Form),
        ("jfr", _) => Ok(Format::Jfr),
        ("trie", _) | ("", "binary/octet-stream+trie") => Ok(Format::Text(formats::Format::Trie)),
        ("tree", _) | ("", "binary/octet-stream+tree") => Ok(Format::Text(formats::Format::Tree)),
        ("lines", _) => Ok(Format::Text(formats::Format::Lines)),
        ("pprof", _) => Ok(Format::Pprof),
        ("speedscope", _) => Ok(Format::Text(formats::Format::Speedscope)),
        ("" | "groups" | "folded" | "collapsed", _) => Ok(Format::Text(formats::Format::Folded)),
        (other, _) => Err(IngestError::Unsupported(format!(
            "format: `{other}` is not supported; expected pprof, jfr, groups (folded stacks), lines, trie, tree or \
             speedscope"
        ))),
    }
}

/// Decodes the body of a request into a batch.
///
/// # Errors
/// [`IngestError`] when it is malformed.
pub(crate) fn read(
    request: &Request,
    body: Bytes,
    budget: &mut Budget,
    now: UnixNanos,
) -> Result<Batch, IngestError> {
    let mut batch = Batch::of_body(&body, now)?;
    match request.format {
        Format::Form => {
            // The parts, and the headers of one, are copies.
            budget.reserve(2 * body.len())?;
            let form = form::read(&request.content_type, body)?;
            match (form.jfr, form.profile) {
                (Some(jfr), _) => add_jfr(request, &jfr, form.labels.as_deref(), budget, &mut batch)?,
                (None, Some(profile)) => add_pprof(request, &profile, &form.shown_as, budget, &mut batch),
                (None, None) => {
                    let problem = "the form has no part named profile, nor one named jfr";
                    return Err(IngestError::BadProfile(problem.to_owned()));
                }
            }
        }
        Format::Jfr => add_jfr(request, &body, None, budget, &mut batch)?,
        Format::Pprof => add_pprof(request, &body, &DisplayNames::new(), budget, &mut batch),
        Format::Text(format) => add_text(request, &body, format, budget, &mut batch)?,
    }
    Ok(batch)
}

fn add_pprof(
    request: &Request,
    body: &[u8],
    shown_as: &DisplayNames,
    budget: &mut Budget,
    batch: &mut Batch,
) {
    let mut notes = Vec::new();
    let draft = pprof_body::read(body, budget, &mut notes).and_then(|mut profile| {
        if (0..YEAR_1971_NS).contains(&profile.time_nanos) {
            profile.time_nanos = request.from.0;
        }
        adapt_to_client(&mut profile, &request.spy);
        let name = profile_kind::of_pprof(&profile, shown_as);
        let labels = labels_of(request, &request.name.app, &mut notes)?;
        Ok(Draft { name, labels, profile })
    });
    batch.note(notes);
    batch.add(String::new, draft);
}

fn add_jfr(
    request: &Request,
    recording: &[u8],
    labels: Option<&[u8]>,
    budget: &mut Budget,
    batch: &mut Batch,
) -> Result<(), IngestError> {
    let profiles = jfr_body::read(recording, labels, Some(request.rate), budget)?;
    if profiles.is_empty() {
        batch.note(["the recording has no samples".to_owned()]);
    }
    for NamedProfile { name, mut profile, notes } in profiles {
        batch.note(notes.lines());
        if profile.time_nanos < YEAR_1971_NS {
            profile.time_nanos = request.from.0;
        }
        let mut notes = Vec::new();
        let labels = labels_of(request, &request.name.app, &mut notes);
        batch.note(notes);
        let which = format!("the recording's {name} profile");
        batch.add(|| which, labels.map(|labels| Draft { name, labels, profile }));
    }
    Ok(())
}

fn add_text(
    request: &Request,
    body: &[u8],
    format: formats::Format,
    budget: &mut Budget,
    batch: &mut Batch,
) -> Result<(), IngestError> {
    if request.name.labels.iter().any(|(name, _)| name == "profile_id") {
        // Old clients send the stacks of a span again under its own name; the complete profile has them already.
        batch.note(["a profile of a single span (profile_id) is not stored".to_owned()]);
        return Ok(());
    }
    let profiles = with_plain(body, budget, |plain| formats::read(plain, Some(format)))??;
    if profiles.iter().map(|p| p.name.as_str()).eq(SIDES) {
        return Err(IngestError::BadProfile(
            "two numbers per line are a comparison of two profiles; send each side on its own".to_owned(),
        ));
    }
    batch.add_all(profiles, |named, notes| text_draft(request, named.profile, notes));
    Ok(())
}

fn text_draft(
    request: &Request,
    mut profile: Profile,
    notes: &mut Vec<String>,
) -> Result<Draft, IngestError> {
    let (service, of) = profile_kind::of_text(&request.name.app);
    profile.time_nanos = request.from.0;
    profile.duration_nanos = request.until.nanos_since(request.from).max(0);
    let labels = labels_of(request, service, notes)?;
    let name = if counts_samples(&profile) {
        count_as(&mut profile, of, request.rate);
        of.name.to_owned()
    } else {
        // A speedscope file with a unit of its own.
        profile_kind::of_pprof(&profile, &DisplayNames::new())
    };
    Ok(Draft { name, labels, profile })
}

/// Whether the profile has a single column of unspecified counts.
fn counts_samples(profile: &Profile) -> bool {
    match profile.sample_types[..] {
        [of] => profile.str(of.kind) == "samples" && profile.str(of.unit) == "count",
        _ => false,
    }
}

/// Labels of the query; the application is the service, unless a label names another.
fn labels_of(request: &Request, app: &str, notes: &mut Vec<String>) -> Result<SeriesLabels, IngestError> {
    let labels = &request.name.labels;
    let has = |name: &str| labels.iter().any(|(n, _)| n == name);
    let app_label = match (has(SERVICE_NAME), has("app_name")) {
        (false, _) => Some(SERVICE_NAME),
        (true, false) => Some("app_name"),
        (true, true) => None,
    };
    let pairs = labels.iter().map(|(n, v)| (n.as_str(), v.as_str()));
    let pairs = pairs.chain(app_label.map(|name| (name, app)));
    let spy = (request.spy != "unknown" && !has("pyroscope_spy")).then_some(("pyroscope_spy", &*request.spy));
    series_labels::check(pairs.chain(spy), notes)
}

/// Sets the type of a text format's column. CPU and wall samples become nanoseconds.
fn count_as(profile: &mut Profile, of: TextType, rate: u32) {
    let timed = of.timed.filter(|_| rate > 0);
    let strings = &mut profile.strings;
    if let Some(kind) = timed {
        let period = SECOND_NS / i64::from(rate);
        let unit = strings.intern("nanoseconds");
        profile.sample_types = vec![ValueType { kind: strings.intern(kind), unit }];
        profile.period_type = ValueType { kind: strings.intern(CPU.timed.unwrap_or_default()), unit };
        profile.period = period;
        profile.samples = scaled(&profile.samples, period);
    } else {
        let (kind, unit) = (strings.intern(of.kind), strings.intern(of.unit));
        profile.sample_types = vec![ValueType { kind, unit }];
    }
}

fn scaled(samples: &Samples, by: i64) -> Samples {
    let mut out = Samples::new(samples.width());
    for i in 0..samples.len() {
        let values: Vec<i64> = samples.values(i).iter().map(|v| v.saturating_mul(by)).collect();
        out.push(samples.stack(i), &values, samples.labels(i));
    }
    out
}

/// Adapts to conventions of some clients.
fn adapt_to_client(profile: &mut Profile, spy: &str) {
    match spy {
        // Functions of scripting languages are identified by their file.
        "pyspy" | "rbspy" | "scripting" => {
            for function in &mut profile.functions {
                let (file, name) = (profile.strings.get(function.file), profile.strings.get(function.name));
                if !file.is_empty() {
                    let with_file = format!("{file} {name}");
                    function.name = profile.strings.intern(&with_file);
                }
            }
        }
        // .NET writes `inuse-space` where others write `inuse_space`.
        "dotnetspy" => {
            for of in &mut profile.sample_types {
                let kind = profile.strings.get(of.kind).replace('-', "_");
                of.kind = profile.strings.intern(&kind);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{FORMATS, format_of};

    #[test]
    fn reads_every_format_that_is_described() {
        for format in FORMATS {
            assert!(format_of(format, "").is_ok(), "{format}");
        }
    }
}
