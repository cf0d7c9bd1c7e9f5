//! The report of sanitization: what a snapshot leaves out and what it keeps.

/// A share as it would be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SharePreview {
    pub(crate) report: SanitizeReport,
    /// The title that the server would give it; `None` where the server was not asked.
    pub(crate) title: Option<String>,
}

/// What sanitization removes from a snapshot, and what it keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SanitizeReport {
    /// Name of the policy: `strict` or `light`.
    pub(crate) policy: String,
    /// What was removed: rule, number of matches, examples of places.
    pub(crate) removed: Vec<(String, u64, Vec<String>)>,
    /// Number of small nodes merged into `(other)`.
    pub(crate) merged: u64,
    /// Number of function names kept.
    pub(crate) functions: u64,
    /// Function names kept that deserve a look.
    pub(crate) notable: Vec<String>,
    /// Labels kept.
    pub(crate) kept: Vec<String>,
    /// Labels whose values are replaced by hashes.
    pub(crate) hashed: Vec<String>,
    /// Labels removed.
    pub(crate) dropped: Vec<String>,
}

impl SanitizeReport {
    /// What is removed, one line each; empty if nothing is.
    pub(crate) fn removed_lines(&self) -> Vec<String> {
        let found = self.removed.iter().map(|(rule, count, examples)| {
            let at = if examples.is_empty() { String::new() } else { format!(": {}", examples.join(", ")) };
            format!("{rule} × {count}{at}")
        });
        let labels = |what: &str, names: &[String]| {
            (!names.is_empty()).then(|| format!("{what}: {}", names.join(", ")))
        };
        let merged = (self.merged > 0).then(|| {
            format!("{} small nodes merged into “(other)”: rare paths can identify a customer", self.merged)
        });
        found
            .chain(labels("labels removed", &self.dropped))
            .chain(labels("labels with hashed values", &self.hashed))
            .chain(merged)
            .collect()
    }

    /// What is kept, one line each.
    pub(crate) fn kept_lines(&self) -> Vec<String> {
        let names = match self.functions {
            1 => "1 function name".to_owned(),
            count => format!("{count} function names"),
        };
        let labels = (!self.kept.is_empty()).then(|| format!("labels: {}", self.kept.join(", ")));
        [names].into_iter().chain(labels).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_what_is_removed_and_kept() {
        let report = SanitizeReport {
            removed: vec![("e-mail address".into(), 2, vec!["e-mail address in a function name".into()])],
            merged: 4,
            functions: 1,
            kept: vec!["region".into()],
            dropped: vec!["user".into()],
            ..SanitizeReport::default()
        };
        let removed = report.removed_lines();
        assert_eq!(removed[0], "e-mail address × 2: e-mail address in a function name");
        assert_eq!(removed[1], "labels removed: user");
        assert!(removed[2].starts_with("4 small nodes"));
        assert_eq!(report.kept_lines(), ["1 function name", "labels: region"]);
        assert!(SanitizeReport::default().removed_lines().is_empty());
    }
}
