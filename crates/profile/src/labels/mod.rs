//! Labels of a series: sorted pairs of name and value, unique by name. [`meaning()`] classifies well-known names.

mod meaning;

pub use meaning::{Meaning, meaning, pick};

use crate::selector::{Name, Quoted};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// The label that names the service.
pub const SERVICE_NAME: &str = "service_name";

/// Labels, sorted by name. Names starting with `__` are internal and never shown. A copy shares the texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Labels(Vec<(Arc<str>, Arc<str>)>);

impl Labels {
    /// No labels.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.place(name).ok().map(|at| &*self.0[at].1)
    }

    /// The service, or the empty string.
    pub fn service(&self) -> &str {
        self.get(SERVICE_NAME).unwrap_or_default()
    }

    /// Sets `name`. An empty value removes it, as in Prometheus an empty label is no label.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match (self.place(&name), value.is_empty()) {
            (Ok(at), true) => drop(self.0.remove(at)),
            (Ok(at), false) => self.0[at].1 = value.into(),
            (Err(_), true) => {}
            (Err(at), false) => self.0.insert(at, (name.into(), value.into())),
        }
    }

    /// Removes `name` and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let at = self.place(name).ok()?;
        Some(self.0.remove(at).1.as_ref().to_owned())
    }

    /// Pairs in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (&**n, &**v))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Equal labels whose texts come from `share`, which gives each text a copy that others have as well.
    #[must_use]
    pub fn sharing(&self, mut share: impl FnMut(&Arc<str>) -> Arc<str>) -> Labels {
        Labels(self.0.iter().map(|(name, value)| (share(name), share(value))).collect())
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(name))
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

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Pairs)
    }
}

/// Reads a map of names and values; of a name that is there twice, the last value.
struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Labels;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of label names and values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
        let mut labels = Labels::new();
        while let Some((Text(name), Text(value))) = map.next_entry()? {
            // Stored labels are sorted.
            match labels.place(&name) {
                Ok(at) => labels.0[at].1 = value,
                Err(at) => labels.0.insert(at, (name, value)),
            }
        }
        Ok(labels)
    }
}

/// A text that is copied once.
struct Text(Arc<str>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.into()))
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

    #[test]
    fn labels_are_sorted_and_unique() {
        let mut labels: Labels = [("b", "1"), ("a", "2"), ("b", "3"), ("c", "4")].into_iter().collect();
        labels.set("c", "");
        assert_eq!(labels.iter().collect::<Vec<_>>(), [("a", "2"), ("b", "3")]);
        assert_eq!((labels.remove("a").as_deref(), labels.get("a"), labels.len()), (Some("2"), None, 1));
        assert_eq!(labels.sharing(|_| "x".into()).get("x"), Some("x"));
    }
}
