//! Labels of a series: sorted pairs of name and value, unique by name. [`meaning()`] classifies well-known names.

mod meaning;

pub use meaning::{Meaning, meaning, pick};

use crate::selector::{Name, Quoted};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The label that names the service.
pub const SERVICE_NAME: &str = "service_name";

/// Labels, sorted by name. Names starting with `__` are internal and never shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// No labels.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The service, or the empty string.
    pub fn service(&self) -> &str {
        self.get(SERVICE_NAME).unwrap_or_default()
    }

    /// Sets `name`. An empty value removes it, as in Prometheus an empty label is no label.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        if value.is_empty() {
            self.0.remove(&name);
        } else {
            self.0.insert(name, value);
        }
    }

    /// Removes `name` and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Pairs in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Labels {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut labels = Labels::new();
        for (name, value) in pairs {
            labels.set(name, value);
        }
        labels
    }
}

/// As a selector that only these labels match would be written: `{pod="a-1", region="eu"}`.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (i, (name, value)) in self.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{}={}", Name(name), Quoted(value))?;
        }
        f.write_str("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selector::Selector;

    #[test]
    fn labels_display_as_a_matching_selector() {
        let labels: Labels =
            [("service_name", "a \"b\""), ("otel.scope", "x\n"), ("gone", "")].into_iter().collect();
        assert_eq!(labels.to_string(), r#"{"otel.scope"="x\n", service_name="a \"b\""}"#);
        let selector: Selector = labels.to_string().parse().unwrap();
        assert_eq!(selector.matchers.len(), 2);
        assert_eq!(selector.matchers[1].value, "a \"b\"");
    }
}
