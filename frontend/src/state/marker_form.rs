//! The form of a new marker: its fields, and what is wrong with them.

use super::clock_text::Zone;
use super::markers::safe_link;
use super::time_text::End;

/// Fields in which something can be wrong, by their names in the API.
const FIELDS: [&str; 4] = ["time", "version", "text", "url"];

/// As it was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MarkerForm {
    /// Word of its kind.
    pub(crate) kind: String,
    pub(crate) time: String,
    pub(crate) version: String,
    pub(crate) text: String,
    pub(crate) url: String,
}

/// A new marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewMarker {
    pub(crate) service: String,
    /// Word of its kind.
    pub(crate) kind: String,
    /// Nanoseconds since the epoch.
    pub(crate) at_ns: i64,
    pub(crate) version: String,
    pub(crate) text: String,
    pub(crate) url: String,
}

/// What is wrong: name of the field, sentence.
pub(crate) type Problem = (&'static str, String);

impl MarkerForm {
    /// The marker of a service. A time without an offset is on the clock of `zone`.
    ///
    /// # Errors
    /// What is wrong with the fields; all of it at once.
    pub(crate) fn checked(self, service: String, zone: Zone, now_ms: i64) -> Result<NewMarker, Vec<Problem>> {
        let mut problems = Vec::new();
        let at = End::parse_field("The time", &self.time, zone).map(|end| end.resolve(now_ms));
        if let Err(text) = &at {
            problems.push(("time", text.clone()));
        }
        if !self.url.is_empty() && safe_link(&self.url).is_empty() {
            problems.push(("url", "The link must begin with http:// or https://.".to_owned()));
        }
        let MarkerForm { kind, version, text, url, .. } = self;
        match at {
            Ok(at_ns) if problems.is_empty() => Ok(NewMarker { service, kind, at_ns, version, text, url }),
            _ => Err(problems),
        }
    }
}

/// The field that an error of the server is about: the one that its text names first as a word of its own.
pub(crate) fn field_of(detail: &str) -> Option<&'static str> {
    let mut words = detail.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.find_map(|word| FIELDS.into_iter().find(|field| *field == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(time: &str, url: &str) -> MarkerForm {
        MarkerForm { kind: "deploy".into(), time: time.into(), url: url.into(), ..MarkerForm::default() }
    }

    #[test]
    fn every_field_is_checked() {
        let at = 1_795_230_315_000_000_000;
        let checked =
            |time: &str, url: &str, now_ms| form(time, url).checked("shop".into(), Zone::UTC, now_ms);
        let good = checked("2026-11-21 03:05:15", "https://ci.example/7", 0).unwrap();
        assert_eq!((good.at_ns, good.service.as_str(), good.kind.as_str()), (at, "shop", "deploy"));
        assert_eq!(checked("now-5s", "", 10_000).unwrap().at_ns, 5_000_000_000);
        let problems = checked("soon", "javascript:alert(1)", 0).unwrap_err();
        assert_eq!(problems.iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["time", "url"]);
        assert_eq!(checked("", "", 0).unwrap_err()[0].1, "The time is missing.");
    }

    #[test]
    fn errors_of_the_server_belong_to_the_field_that_they_name() {
        assert_eq!(field_of("`version` is longer than 200 characters"), Some("version"));
        assert_eq!(field_of("the url must be http"), Some("url"));
        assert_eq!(field_of("timeout, without context"), None);
    }
}
