//! Filters of the audit log as part of the URL, and the changed fields of an entry.

use super::clock_text::Zone;
use super::time_range::NOT_AFTER;
use super::time_text::{End, MS};
use super::url_text::{parse_pairs, write_pairs};

/// Filters and position in the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditView {
    /// Name or id of the actor.
    pub(crate) actor: String,
    /// Action, such as `user.create`.
    pub(crate) action: String,
    /// Name or id of the object.
    pub(crate) object: String,
    /// Start.
    pub(crate) from: AuditTime,
    /// End.
    pub(crate) until: AuditTime,
    /// Cursor: the page begins with the first entry older than this.
    pub(crate) before: String,
}

impl AuditView {
    /// Reads a query string.
    pub(crate) fn parse(query: &str) -> AuditView {
        let mut view = AuditView::default();
        for (key, value) in parse_pairs(query) {
            if let Some((_, field)) = view.fields_mut().into_iter().find(|(name, _)| *name == key) {
                *field = value;
            }
        }
        view
    }

    fn fields_mut(&mut self) -> [(&'static str, &mut String); 6] {
        let AuditView { actor, action, object, from, until, before } = self;
        [
            ("actor", actor),
            ("action", action),
            ("object", object),
            ("from", &mut from.0),
            ("until", &mut until.0),
            ("before", before),
        ]
    }

    /// The newest entries between the times in two fields, which are optional, when it is `now_ms`.
    ///
    /// # Errors
    /// What is wrong, as a sentence for the page.
    pub(crate) fn with_times(
        &self,
        [from, until]: [&str; 2],
        zone: Zone,
        now_ms: i64,
    ) -> Result<AuditView, String> {
        let from = self.from.changed("The start", from, zone)?;
        let until = self.until.changed("The end", until, zone)?;
        let at = |time: &AuditTime| time.end().map(|end| end.resolve(now_ms));
        match at(&from).zip(at(&until)) {
            Some((from, until)) if from >= until => Err(NOT_AFTER.to_owned()),
            _ => Ok(AuditView { from, until, before: String::new(), ..self.clone() }),
        }
    }

    /// The filters, without the cursor.
    pub(crate) fn filters(&self) -> [(&'static str, &str); 5] {
        let AuditView { actor, action, object, from, until, before: _ } = self;
        [("actor", actor), ("action", action), ("object", object), ("from", &from.0), ("until", &until.0)]
    }

    /// The address of this view.
    pub(crate) fn path(&self) -> String {
        let all = self.filters().into_iter().chain([("before", self.before.as_str())]);
        let query = write_pairs(all.filter(|(_, value)| !value.is_empty()));
        if query.is_empty() { "/admin/audit".to_owned() } else { format!("/admin/audit?{query}") }
    }
}

/// A time as in the URL and for the API, in any of its notations; empty for none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditTime(String);

impl AuditTime {
    fn end(&self) -> Option<End> {
        End::parse(&self.0)
    }

    /// Milliseconds since the epoch, unless it is relative to now.
    pub(crate) fn ms(&self) -> Option<i64> {
        match self.end() {
            Some(End::At(ns)) => Some(ns.div_euclid(MS)),
            _ => None,
        }
    }

    /// As in a field. What cannot be read stays as it is; the server says what is wrong with it.
    pub(crate) fn field_text(&self, zone: Zone) -> String {
        self.end().map_or_else(|| self.0.clone(), |end| end.field_text(zone))
    }

    /// The time in its field, which may be empty. One that was not touched stays exact.
    fn changed(&self, what: &str, field: &str, zone: Zone) -> Result<AuditTime, String> {
        if field.is_empty() {
            return Ok(AuditTime::default());
        }
        if self.end().is_some() && field == self.field_text(zone) {
            return Ok(self.clone());
        }
        Ok(AuditTime(End::parse_field(what, field, zone)?.text()))
    }
}

/// A field before and after a change; `None` where it was absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChangedField {
    /// Its path, such as `scope.selector`.
    pub(crate) name: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// The fields that differ between two JSON objects; all fields if only one is given. Text that is not JSON is shown verbatim.
pub(crate) fn changes(before: &str, after: &str) -> Vec<ChangedField> {
    let (old, new) = (fields(before), fields(after));
    let mut names: Vec<&String> = old.iter().chain(&new).map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    let value = |all: &[(String, String)], name: &String| {
        all.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone())
    };
    let all = names.into_iter().map(|name| ChangedField {
        name: name.clone(),
        before: value(&old, name),
        after: value(&new, name),
    });
    all.filter(|field| field.before != field.after).collect()
}

/// What happened in one sentence, where the entry has one: counts of failed attempts, exports.
pub(crate) fn summary(after: &str) -> Option<String> {
    fields(after).into_iter().find(|(name, _)| name == "summary").map(|(_, text)| text)
}

/// The fields of a JSON object, flattened: nested ones by their path, anything but objects as JSON.
pub(super) fn fields(text: &str) -> Vec<(String, String)> {
    if text.is_empty() {
        return Vec::new();
    }
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else {
        return vec![("".to_owned(), text.to_owned())];
    };
    let mut out = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((path, value)) = open.pop() {
        match value {
            serde_json::Value::Object(members) => {
                let inside = |name: String| if path.is_empty() { name } else { format!("{path}.{name}") };
                open.extend(members.into_iter().map(|(name, value)| (inside(name), value)));
            }
            serde_json::Value::String(text) => out.push((path, text)),
            other => out.push((path, other.to_string())),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_entries_have_a_summary() {
        let text = "412 failed sign-ins of unknown users from 203.0.113.0/24";
        let after = format!(r#"{{"count":412,"summary":"{text}"}}"#);
        assert_eq!(summary(&after).as_deref(), Some(text));
        assert_eq!(summary(r#"{"name":"a"}"#), None);
    }

    #[test]
    fn filters_survive_the_url() {
        let view = AuditView {
            actor: "ann".into(),
            from: AuditTime("1795230315000".into()),
            before: "17-ABC".into(),
            ..AuditView::default()
        };
        let path = view.path();
        assert_eq!(AuditView::parse(path.split_once('?').unwrap().1), view);
        assert_eq!(AuditView::default().path(), "/admin/audit");
        assert_eq!(AuditView::parse("x=1&mode=table"), AuditView::default());
    }

    #[test]
    fn times_are_shown_on_the_clock_and_written_for_the_api() {
        let (zone, now) = (Zone(|_| 60), 1_795_234_000_000);
        let view = AuditView::parse("actor=ann&from=1795230315250&until=1795230316000000001");
        let fields = [&view.from, &view.until].map(|time| time.field_text(zone));
        assert_eq!(fields, ["2026-11-21 04:05:15.250", "2026-11-21 04:05:16.000000001"]);
        let read = |from: &str, until: &str| view.with_times([from, until], zone, now);
        assert_eq!(read(&fields[0], &fields[1]), Ok(view.clone()), "what was not touched stays exact");
        let path = read("2026-11-21 04:05", "now-5m").unwrap().path();
        assert_eq!(path, "/admin/audit?actor=ann&from=2026-11-21T03:05:00Z&until=now-5m");
        assert_eq!(read("", "").unwrap().path(), "/admin/audit?actor=ann");
        assert_eq!(read("now-1h", "now-2h"), Err(NOT_AFTER.to_owned()));
        assert!(read("", "11/21/2026 3:05 PM").unwrap_err().contains("cannot be read"));
        let unreadable = AuditView::parse("from=xyz").from;
        assert_eq!((unreadable.field_text(zone).as_str(), unreadable.ms()), ("xyz", None));
    }

    #[test]
    fn lists_changed_fields_only() {
        let field = |name: &str, before: Option<&str>, after: Option<&str>| ChangedField {
            name: name.into(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        assert_eq!(
            changes(
                r#"{"name":"a","scope":{"kind":"org"},"n":1}"#,
                r#"{"name":"a","scope":{"kind":"team"},"m":[2]}"#
            ),
            [
                field("m", None, Some("[2]")),
                field("n", Some("1"), None),
                field("scope.kind", Some("org"), Some("team")),
            ]
        );
        assert_eq!(changes("", r#"{"name":"a"}"#), [field("name", None, Some("a"))]);
        assert_eq!(changes("", ""), []);
        assert_eq!(changes("{", ""), [field("", Some("{"), None)]);
    }
}
