//! Summary of a share for lists: kept beside the snapshot, so that lists read no snapshots.

use super::cost_words::cost_words;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use serde::{Deserialize, Serialize};

/// Summary of a share for lists. Sanitized like the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Summary {
    /// See [`Summary::VERSION`]; 0 in rows from before it was recorded.
    pub(crate) version: u32,
    /// `explore`, `compare`, `heatmap` or `local`.
    pub(crate) kind: String,
    /// What the share shows, in one line; see [`super::headline`].
    pub(crate) verdict: String,
    /// The service; empty if several or unknown.
    pub(crate) service: String,
    /// Profile type of the comparison, or the only one.
    pub(crate) profile_type: String,
    /// Start of its range; 0 if unknown.
    pub(crate) from_ns: UnixNanos,
    /// End of its range.
    pub(crate) until_ns: UnixNanos,
    /// The kind of rows of a heat map; see [`super::evidence::GridRows::text`].
    pub(crate) rows: String,
    /// BLAKE3 of the snapshot, even after it is purged.
    pub(crate) snapshot: String,
}

impl Summary {
    /// Grows when the lines of older rows must not be shown any more. Those of version 0 name, of a comparison, the function
    /// whose share of the total changed most: often one that did not change, only the total did.
    pub(crate) const VERSION: u32 = 1;

    /// Whether the line must not be shown. Lines about a single tree say today what they said then.
    pub(crate) fn is_outdated(&self) -> bool {
        self.version < Summary::VERSION && matches!(self.kind.as_str(), "compare" | "local")
    }

    /// The same without a line that must not be shown.
    pub(crate) fn current(self) -> Summary {
        if self.is_outdated() { Summary { verdict: self.subject(), ..self } } else { self }
    }

    /// The title, where `stored` was copied from a line of version 0: shares of no one service had that line as their title.
    pub(crate) fn title_for(&self, stored: &str) -> Option<String> {
        let is_copied = matches!(self.kind.as_str(), "compare" | "local") && is_line_of_version_0(stored);
        is_copied.then(|| match self.kind.as_str() {
            // Only comparisons had such lines.
            "local" => COMPARED_FILES.to_owned(),
            _ => self.subject(),
        })
    }

    /// What it is of, without a finding: `Comparison of checkout, CPU`.
    pub(crate) fn subject(&self) -> String {
        let what = match self.kind.as_str() {
            "compare" => "Comparison",
            "heatmap" => "Heat map",
            "local" => "Local file",
            _ => "Profile",
        };
        let service = if self.service.is_empty() { String::new() } else { format!(" of {}", self.service) };
        let costs = self.profile_type.parse::<ProfileType>().map(|t| t.sample_type).unwrap_or_default();
        let costs = if costs.is_empty() { String::new() } else { format!(", {}", cost_words(&costs)) };
        format!("{what}{service}{costs}")
    }
}

/// What a share of two local files is of.
pub(crate) const COMPARED_FILES: &str = "Comparison of two files";

/// `rustc_entry: 5.35 % of CPU (self), −14.2 pp against the baseline`.
fn is_line_of_version_0(text: &str) -> bool {
    let change = text.strip_suffix(" against the baseline").and_then(|rest| rest.rsplit_once(" (self), "));
    change.and_then(|(cost, _)| cost.rsplit_once(": ")).is_some_and(|(_, share)| share.contains(" % of "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

    #[test]
    fn older_lines_about_comparisons_are_not_shown() {
        let old = r#"{"kind":"compare","verdict":"rustc_entry: 5.35 % of CPU (self), −14.2 pp against the baseline","service":"checkout","profile_type":"process_cpu:cpu:nanoseconds:cpu:nanoseconds"}"#;
        let old: Summary = serde_json::from_str(old).unwrap();
        assert!(old.is_outdated());
        assert_eq!(old.clone().current().verdict, "Comparison of checkout, CPU");
        let now = Summary { version: Summary::VERSION, ..old.clone() };
        assert_eq!(now.clone().current(), now);
        let single = Summary { kind: "explore".to_owned(), ..old };
        assert_eq!(single.clone().current(), single);
    }

    #[test]
    fn titles_copied_from_older_lines_are_not_shown() {
        let old = "hashbrown::rustc_entry: 5.35 % of CPU (self), −14.2 pp against the baseline";
        let title = |kind: &str, title: &str| {
            let summary =
                Summary { kind: kind.to_owned(), profile_type: CPU.to_owned(), ..Summary::default() };
            summary.title_for(title)
        };
        assert_eq!(title("compare", old).as_deref(), Some("Comparison, CPU"));
        assert_eq!(title("local", old).as_deref(), Some("Comparison of two files"));
        for kept in ["Checkout against the baseline", "Since v2: 14.2 % of CPU (self)", ""] {
            assert_eq!(title("compare", kept), None, "{kept}");
        }
        assert_eq!(title("explore", old), None, "a title of its own");
    }

    #[test]
    fn subjects_name_what_is_known() {
        let subject = |kind: &str, service: &str, profile_type: &str| {
            let (kind, service, profile_type) =
                (kind.to_owned(), service.to_owned(), profile_type.to_owned());
            Summary { kind, service, profile_type, ..Summary::default() }.subject()
        };
        assert_eq!(subject("explore", "checkout", CPU), "Profile of checkout, CPU");
        assert_eq!(subject("heatmap", "", CPU), "Heat map, CPU");
        assert_eq!(subject("local", "", ""), "Local file");
    }
}
