//! Translation of labels, profile types and queries. Pure.
//!
//! **Labels.** The label that is configured to name the service ([`Names`]) and our `service_name` change places, in selectors as
//! in answers. Nothing is lost where Parca has a label `service_name` as well: it is shown under the configured label's name.
//!
//! **Profile types.** Parca writes a type with a sixth part, `:delta`, where profiles have a duration; ours have five parts, and
//! [`StoredTypes`] knows which of both there are. Values of `samples:count` are multiplied by the period of their profile before
//! they leave Parca, so that they are in the period's unit, mostly nanoseconds. Our type says so: Parca's
//! `parca_agent:samples:count:cpu:nanoseconds:delta` is our `parca_agent:samples:nanoseconds:cpu:nanoseconds`, in lists of types,
//! totals and trees alike. Without a duration they are multiplied in trees only, so that there is no tree in the unit of the
//! totals: [`StoredForm::has_trees`].
//!
//! **Queries.** `type{label="value", …}`, as PromQL writes a vector selector.

use super::matchers::{Part, Wanted, is_internal};
use super::messages::{LabelSet, StoredType};
use flarepath_profile::labels::{Labels, SERVICE_NAME};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::{Name, Quoted};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Names of labels, theirs and ours.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// The label of Parca that names the service.
    service_label: String,
}

impl Names {
    pub(super) fn new(service_label: &str) -> Names {
        Names { service_label: service_label.to_owned() }
    }

    /// The other name of a label: ours of one of theirs, and theirs of one of ours.
    pub(super) fn other<'a>(&'a self, name: &'a str) -> &'a str {
        if name == SERVICE_NAME {
            &self.service_label
        } else if name == self.service_label {
            SERVICE_NAME
        } else {
            name
        }
    }

    /// The labels of a series, without internal ones.
    pub(super) fn labels(&self, set: Option<&LabelSet>) -> Labels {
        let shown = set.into_iter().flat_map(|set| &set.labels).filter(|label| !is_internal(&label.name));
        shown.map(|label| (self.other(&label.name), label.value.as_str())).collect()
    }

    /// The query for the profiles of a stored type that are in a part.
    pub(super) fn query(&self, form: &StoredForm, part: &Part) -> String {
        let mut text = String::new();
        let mut conditions: Vec<String> = Vec::new();
        match form.is_plain() {
            true => text.push_str(&form.name),
            false => conditions.push(format!("__name__={}", Quoted(&form.name))),
        }
        conditions.extend(part.iter().map(|(label, wanted)| condition(self.other(label), wanted)));
        let _ = write!(text, "{{{}}}", conditions.join(", "));
        text
    }
}

fn condition(label: &str, wanted: &Wanted) -> String {
    let name = Name(label);
    match wanted {
        Wanted::Absent => format!(r#"{name}="""#),
        Wanted::Present => format!(r#"{name}!="""#),
        Wanted::OneOf(values) => match &values[..] {
            [value] => format!("{name}={}", Quoted(value)),
            values => format!("{name}=~{}", Quoted(&any_of(values))),
        },
    }
}

/// A pattern that matches these texts and nothing else, in RE2's syntax. Parca does not anchor patterns, so this one does.
fn any_of(values: &[String]) -> String {
    let escaped = values.iter().map(|value| {
        let mut text = String::with_capacity(value.len());
        for c in value.chars() {
            if r"\.+*?()|[]{}^$".contains(c) {
                text.push('\\');
            }
            text.push(c);
        }
        text
    });
    format!("^(?:{})$", escaped.collect::<Vec<_>>().join("|"))
}

/// A type as Parca has stored it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StoredForm {
    /// As a query names it: five parts, or six with `delta`.
    pub(super) name: String,
    /// Whether its profiles have a duration.
    pub(super) has_duration: bool,
    /// Whether trees are in the unit of the totals.
    pub(super) has_trees: bool,
}

impl StoredForm {
    fn of(stored: &StoredType) -> StoredForm {
        let StoredType { name, sample_type, sample_unit, period_type, period_unit, delta } = stored;
        let suffix = if *delta { ":delta" } else { "" };
        StoredForm {
            name: format!("{name}:{sample_type}:{sample_unit}:{period_type}:{period_unit}{suffix}"),
            has_duration: *delta,
            has_trees: *delta || !counts_samples(stored),
        }
    }

    /// Whether PromQL takes the name without quotes.
    fn is_plain(&self) -> bool {
        let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_' || c == ':';
        self.name.starts_with(is_letter) && self.name.chars().all(|c| is_letter(c) || c.is_ascii_digit())
    }
}

fn counts_samples(stored: &StoredType) -> bool {
    stored.sample_type == "samples" && stored.sample_unit == "count"
}

/// Our profile types, each with the forms in which Parca has it.
#[derive(Clone, Debug, Default)]
pub(super) struct StoredTypes(pub(super) BTreeMap<ProfileType, Vec<StoredForm>>);

impl StoredTypes {
    /// Those of an answer. A type whose parts hold colons, or no name, cannot be asked for and is left out.
    pub(super) fn of(types: &[StoredType]) -> StoredTypes {
        let mut found: BTreeMap<ProfileType, Vec<StoredForm>> = BTreeMap::new();
        for stored in types {
            let form = StoredForm::of(stored);
            let Ok(mut ours) = form.name.parse::<ProfileType>() else { continue };
            if counts_samples(stored) && stored.delta && !stored.period_unit.is_empty() {
                ours.sample_unit.clone_from(&stored.period_unit);
            }
            let forms = found.entry(ours).or_default();
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
        StoredTypes(found)
    }

    /// The forms of a type; none if there are no such profiles.
    pub(super) fn forms(&self, wanted: &ProfileType) -> &[StoredForm] {
        self.0.get(wanted).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::parca::messages::Label;

    fn stored(text: &str) -> StoredType {
        let parts: Vec<&str> = text.split(':').collect();
        StoredType {
            name: parts[0].to_owned(),
            sample_type: parts[1].to_owned(),
            sample_unit: parts[2].to_owned(),
            period_type: parts[3].to_owned(),
            period_unit: parts[4].to_owned(),
            delta: parts.len() == 6,
        }
    }

    fn one_of(values: &[&str]) -> Wanted {
        Wanted::OneOf(values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[test]
    fn the_service_label_changes_places_with_ours() {
        let names = Names::new("job");
        for (theirs, ours) in [("job", "service_name"), ("service_name", "job"), ("pod", "pod")] {
            assert_eq!((names.other(theirs), names.other(ours)), (ours, theirs));
        }
        assert_eq!(Names::new("service_name").other("service_name"), "service_name");
        let label = |name: &str, value: &str| Label { name: name.to_owned(), value: value.to_owned() };
        let set = LabelSet {
            labels: vec![
                label("job", "shop"),
                label("service_name", "x"),
                label("__meta", "y"),
                label("pod", ""),
            ],
        };
        assert_eq!(names.labels(Some(&set)).to_string(), r#"{job="x", service_name="shop"}"#);
        assert_eq!(names.labels(None), Labels::new());
    }

    #[test]
    fn queries_are_promql() {
        let form = StoredForm::of(&stored("process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta"));
        let part: Part = vec![
            ("service_name".to_owned(), one_of(&["a\"b"])),
            ("pod".to_owned(), one_of(&["p.1", "p+2"])),
            ("region".to_owned(), Wanted::Absent),
            ("otel.scope".to_owned(), Wanted::Present),
        ];
        let expected = r#"process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta{job="a\"b", pod=~"^(?:p\\.1|p\\+2)$", region="", "otel.scope"!=""}"#;
        assert_eq!(Names::new("job").query(&form, &part), expected);
        let odd = StoredForm::of(&stored("my-app:cpu:nanoseconds:cpu:nanoseconds"));
        let expected = r#"{__name__="my-app:cpu:nanoseconds:cpu:nanoseconds"}"#;
        assert_eq!(Names::new("job").query(&odd, &Vec::new()), expected);
    }

    #[test]
    fn sample_counts_are_in_the_unit_of_the_period() {
        let types = StoredTypes::of(
            &[
                "agent:samples:count:cpu:nanoseconds:delta",
                "process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta",
                "process_cpu:cpu:nanoseconds:cpu:nanoseconds",
                "memory:inuse_space:bytes:space:bytes",
                "odd:samples:count:cpu:nanoseconds",
                ":cpu:nanoseconds:cpu:nanoseconds",
            ]
            .map(stored),
        );
        let names: Vec<String> = types.0.keys().map(ProfileType::to_string).collect();
        assert_eq!(
            names,
            [
                "agent:samples:nanoseconds:cpu:nanoseconds",
                "memory:inuse_space:bytes:space:bytes",
                "odd:samples:count:cpu:nanoseconds",
                "process_cpu:cpu:nanoseconds:cpu:nanoseconds",
            ]
        );
        let forms = |name: &str| types.forms(&name.parse().unwrap()).to_vec();
        assert_eq!(
            forms("agent:samples:nanoseconds:cpu:nanoseconds")[0].name,
            "agent:samples:count:cpu:nanoseconds:delta"
        );
        let both: Vec<bool> = forms("process_cpu:cpu:nanoseconds:cpu:nanoseconds")
            .iter()
            .map(|form| form.has_duration)
            .collect();
        assert_eq!(both, [true, false]);
        assert!(!forms("odd:samples:count:cpu:nanoseconds")[0].has_trees);
        assert!(forms("agent:samples:count:cpu:nanoseconds").is_empty(), "nothing is in that unit");
    }
}
