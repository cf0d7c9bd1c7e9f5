//! Validates the labels of a series.
//!
//! - Names starting with `__` are internal: `__name__` is the profile's name, the others (`__delta__`, `__session_id__`, …)
//!   are dropped.
//! - Labels with an empty value are dropped. Duplicate pairs are merged; one name with two values is rejected.
//! - Bytes that are not UTF-8 become U+FFFD; control characters in names become `_`. Other characters are kept: dots
//!   and slashes are common in names and values.
//! - Without `service_name` the service is [`UNKNOWN_SERVICE`].
//! - More than [`MAX_LABELS`] labels, or a name or value that is too long, are rejected.

use super::error::IngestError;
use flarepath_profile::labels::{Labels, SERVICE_NAME};
use flarepath_profile::limits::{MAX_LABEL_NAME_BYTES, MAX_LABEL_VALUE_BYTES, MAX_LABELS};

/// The service of a profile without one.
pub(crate) const UNKNOWN_SERVICE: &str = "unknown_service";
/// OpenTelemetry's name of the service label. On a sample it becomes the service of the series.
pub(crate) const OTEL_SERVICE_NAME: &str = "service.name";
/// The label with the first part of the profile type.
pub(crate) const NAME_LABEL: &str = "__name__";

/// Validated labels of a series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SeriesLabels {
    /// Value of `__name__`, if sent.
    pub(crate) name: Option<String>,
    /// The other labels, always including a service.
    pub(crate) labels: Labels,
}

/// Validates the labels of a series. Changes are added to `notes`.
///
/// # Errors
/// [`IngestError::Refused`] and [`IngestError::Labels`], see the module documentation.
pub(crate) fn check<N, V>(
    pairs: impl IntoIterator<Item = (N, V)>,
    notes: &mut Vec<String>,
) -> Result<SeriesLabels, IngestError>
where
    N: AsRef<[u8]>,
    V: AsRef<[u8]>,
{
    let mut checked = SeriesLabels::default();
    for (i, (name, value)) in pairs.into_iter().enumerate() {
        let name = clean_name(&utf8(name.as_ref(), notes), notes);
        let value = utf8(value.as_ref(), notes);
        if name.is_empty() {
            return Err(IngestError::Refused(format!("label {} has no name", i + 1)));
        }
        check_lengths(&name, &value)?;
        if name == NAME_LABEL {
            checked.name = Some(value);
        } else if !is_internal(&name) {
            if let Some(before) = checked.labels.get(&name).filter(|before| *before != value) {
                return Err(IngestError::Refused(format!(
                    "label {name} has two values, {before:?} and {value:?}"
                )));
            }
            checked.labels.set(name, value);
            check_count(&checked.labels)?;
        }
    }
    if checked.labels.service().is_empty() {
        checked.labels.set(SERVICE_NAME, UNKNOWN_SERVICE);
        notes.push(format!("no {SERVICE_NAME} label: kept as {UNKNOWN_SERVICE}"));
        check_count(&checked.labels)?;
    }
    Ok(checked)
}

/// Adds a sample label to `labels`; it overrides one of the series. Long values are truncated, as one of them must not cause
/// the rejection of the whole profile.
///
/// # Errors
/// [`IngestError::Labels`] when there are too many labels, or the name is too long.
pub(crate) fn add_sample_label(
    labels: &mut Labels,
    name: &str,
    value: &str,
    notes: &mut Vec<String>,
) -> Result<(), IngestError> {
    let name = if name == OTEL_SERVICE_NAME { SERVICE_NAME } else { name };
    let name = clean_name(name, notes);
    if name.is_empty() || is_internal(&name) {
        return Ok(());
    }
    let cut = value.floor_char_boundary(MAX_LABEL_VALUE_BYTES);
    if cut < value.len() {
        notes.push(format!(
            "value of sample label {name} truncated from {} to {cut} bytes: the limit is {MAX_LABEL_VALUE_BYTES}",
            value.len()
        ));
    }
    check_lengths(&name, "")?;
    labels.set(name, &value[..cut]);
    check_count(labels)
}

/// Whether a label is internal.
pub(crate) fn is_internal(name: &str) -> bool {
    name.starts_with("__")
}

fn utf8(bytes: &[u8], notes: &mut Vec<String>) -> String {
    match String::from_utf8_lossy(bytes) {
        std::borrow::Cow::Borrowed(text) => text.to_owned(),
        std::borrow::Cow::Owned(text) => {
            notes.push(format!("label text was not UTF-8; kept as {text:?}"));
            text
        }
    }
}

fn clean_name(name: &str, notes: &mut Vec<String>) -> String {
    if !name.contains(char::is_control) {
        return name.to_owned();
    }
    let clean = name.replace(char::is_control, "_");
    notes.push(format!("label name {name:?} has control characters; kept as {clean:?}"));
    clean
}

fn check_lengths(name: &str, value: &str) -> Result<(), IngestError> {
    if name.len() > MAX_LABEL_NAME_BYTES {
        let start = &name[..name.floor_char_boundary(40)];
        return Err(IngestError::Labels(format!(
            "label name {start:?}… has {} bytes; at most {MAX_LABEL_NAME_BYTES} are allowed",
            name.len()
        )));
    }
    if value.len() > MAX_LABEL_VALUE_BYTES {
        return Err(IngestError::Labels(format!(
            "the value of label {name} has {} bytes; at most {MAX_LABEL_VALUE_BYTES} are allowed",
            value.len()
        )));
    }
    Ok(())
}

fn check_count(labels: &Labels) -> Result<(), IngestError> {
    if labels.len() > MAX_LABELS {
        return Err(IngestError::Labels(format!("more than {MAX_LABELS} labels; remove some")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(pairs: &[(&str, &str)]) -> (SeriesLabels, Vec<String>) {
        let mut notes = Vec::new();
        let checked = check(pairs.iter().copied(), &mut notes).unwrap();
        (checked, notes)
    }

    fn refused(pairs: impl IntoIterator<Item = (String, String)>) -> String {
        check(pairs, &mut Vec::new()).unwrap_err().to_string()
    }

    #[test]
    fn drops_internal_labels_and_keeps_dots() {
        let (checked, notes) = ok(&[
            ("__name__", "memory"),
            ("__session_id__", "77e4"),
            ("__delta__", "false"),
            ("service_name", "go.shop"),
            ("otel.scope.name", "com.example/go"),
            ("empty", ""),
        ]);
        assert_eq!(checked.name.as_deref(), Some("memory"));
        assert_eq!(
            checked.labels.to_string(),
            r#"{"otel.scope.name"="com.example/go", service_name="go.shop"}"#
        );
        assert_eq!(notes, Vec::<String>::new());
    }

    #[test]
    fn sets_a_missing_service_and_notes_it() {
        let (checked, notes) = ok(&[("pod", "a")]);
        assert_eq!(checked.labels.service(), "unknown_service");
        assert_eq!(notes, ["no service_name label: kept as unknown_service"]);
    }

    #[test]
    fn rejects_conflicting_labels() {
        assert_eq!(ok(&[("pod", "a"), ("pod", "a")]).0.labels.get("pod"), Some("a"));
        let twice = [("pod", "a"), ("pod", "b")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(refused(twice), r#"label pod has two values, "a" and "b""#);
    }

    #[test]
    fn replaces_invalid_utf8() {
        let mut notes = Vec::new();
        let checked = check([(&b"po\xffd"[..], &b"\xfe"[..]), (b"a\nb", b"c")], &mut notes).unwrap();
        assert_eq!(checked.labels.get("po\u{fffd}d"), Some("\u{fffd}"));
        assert_eq!(checked.labels.get("a_b"), Some("c"));
        assert_eq!(notes.len(), 4, "{notes:?}");
    }

    #[test]
    fn enforces_limits() {
        let many = |n: usize| (0..n).map(|i| (format!("l{i}"), "v".to_owned()));
        assert!(check(many(63), &mut Vec::new()).is_ok(), "63 and the service");
        assert!(refused(many(64)).starts_with("more than 64 labels"));
        assert!(refused(many(200)).starts_with("more than 64 labels"));
        assert!(refused([("x".repeat(1025), "v".to_owned())]).contains("has 1025 bytes"));
        assert!(refused([("x".to_owned(), "é".repeat(1025))]).contains("has 2050 bytes"));
        assert_eq!(refused([(String::new(), "v".to_owned())]), "label 1 has no name");
    }

    #[test]
    fn sample_labels_override_and_are_truncated() {
        let mut labels = ok(&[("pod", "a")]).0.labels;
        let mut notes = Vec::new();
        add_sample_label(&mut labels, "pod", "b", &mut notes).unwrap();
        add_sample_label(&mut labels, "__hidden__", "x", &mut notes).unwrap();
        add_sample_label(&mut labels, "sql", &"é".repeat(2000), &mut notes).unwrap();
        assert_eq!(labels.get("pod"), Some("b"));
        assert_eq!(labels.get("sql").map(str::len), Some(2048));
        assert_eq!((labels.len(), notes.len()), (3, 1));
    }
}
