//! YAML documents as trees. Aliases and merge keys are replaced by what they stand for.

use saphyr_parser::{Event, Parser, ScalarStyle};
use std::collections::HashMap;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Yaml {
    /// A text, and whether it is plain: without quotes it may also mean a number, a boolean or null.
    Scalar(String, bool),
    List(Vec<Yaml>),
    /// In the order of the file.
    Map(Vec<(String, Yaml)>),
}

/// The documents of a file. Fails the test if it is not YAML, or has a key twice.
pub(crate) fn documents(text: &str) -> Vec<Yaml> {
    let mut parser = Parser::new_from_str(text);
    let mut reader = Reader::default();
    let mut events = std::iter::from_fn(move || {
        let next = parser.next_event()?;
        Some(next.unwrap_or_else(|error| panic!("{error:?} in {text}")).0)
    });
    let mut found = Vec::new();
    while let Some(event) = events.next() {
        match event {
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
            event => found.push(reader.node(event, &mut events)),
        }
    }
    found
}

#[derive(Default)]
struct Reader {
    /// Nodes by the numbers of their anchors.
    anchors: HashMap<usize, Yaml>,
}

impl Reader {
    fn node<'a>(&mut self, event: Event<'a>, rest: &mut dyn Iterator<Item = Event<'a>>) -> Yaml {
        let (anchor, node) = match event {
            Event::Scalar(text, style, anchor, _) => {
                (anchor, Yaml::Scalar(text.into_owned(), style == ScalarStyle::Plain))
            }
            Event::SequenceStart(anchor, _) => (anchor, self.list(rest)),
            Event::MappingStart(anchor, _) => (anchor, self.map(rest)),
            Event::Alias(anchor) => (0, self.anchors[&anchor].clone()),
            other => panic!("unexpected {other:?}"),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        node
    }

    fn list<'a>(&mut self, rest: &mut dyn Iterator<Item = Event<'a>>) -> Yaml {
        let mut items = Vec::new();
        loop {
            match rest.next().expect("the end of the list") {
                Event::SequenceEnd => return Yaml::List(items),
                event => items.push(self.node(event, rest)),
            }
        }
    }

    fn map<'a>(&mut self, rest: &mut dyn Iterator<Item = Event<'a>>) -> Yaml {
        let mut entries: Vec<(String, Yaml)> = Vec::new();
        let mut merged: Vec<(String, Yaml)> = Vec::new();
        loop {
            let key = match rest.next().expect("the end of the map") {
                Event::MappingEnd => break,
                event => self.node(event, rest),
            };
            let value = rest.next().expect("a value");
            match (key, self.node(value, rest)) {
                (Yaml::Scalar(key, _), Yaml::Map(inner)) if key == "<<" => merged.extend(inner),
                (Yaml::Scalar(key, _), value) => {
                    assert!(entries.iter().all(|(other, _)| *other != key), "{key} twice");
                    entries.push((key, value));
                }
                (key, _) => panic!("a key that is not text: {key:?}"),
            }
        }
        merged.retain(|(key, _)| entries.iter().all(|(other, _)| other != key));
        entries.extend(merged);
        Yaml::Map(entries)
    }
}

impl Yaml {
    /// What is at a path of keys, `a.b.c`.
    pub(crate) fn at(&self, path: &str) -> Option<&Yaml> {
        path.split('.').try_fold(self, |node, key| {
            node.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
        })
    }

    /// The text at a path of keys.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        match self.at(path) {
            Some(Yaml::Scalar(text, _)) => Some(text),
            _ => None,
        }
    }

    /// The texts of the list at a path of keys.
    pub(crate) fn texts<'a>(&'a self, path: &str) -> Vec<&'a str> {
        let Some(Yaml::List(items)) = self.at(path) else { return Vec::new() };
        let text = |item: &'a Yaml| match item {
            Yaml::Scalar(text, _) => text.as_str(),
            other => panic!("{path}: {other:?}"),
        };
        items.iter().map(text).collect()
    }

    /// The entries of a map; none of anything else.
    pub(crate) fn entries(&self) -> &[(String, Yaml)] {
        match self {
            Yaml::Map(entries) => entries,
            Yaml::Scalar(..) | Yaml::List(_) => &[],
        }
    }

    /// This map with the entries of another one, as Helm merges values: maps by key, everything else as a whole.
    pub(crate) fn overridden_by(&self, other: &Yaml) -> Yaml {
        let (Yaml::Map(entries), Yaml::Map(changes)) = (self, other) else { return other.clone() };
        let mut entries = entries.clone();
        for (key, change) in changes {
            match entries.iter_mut().find(|(name, _)| name == key) {
                Some((_, value)) => *value = value.overridden_by(change),
                None => entries.push((key.clone(), change.clone())),
            }
        }
        Yaml::Map(entries)
    }
}

#[test]
fn aliases_and_merge_keys_are_replaced() {
    let text = "x: &x { a: 1, b: [2, '3'] }\ny:\n  <<: *x\n  a: other\nz: *x\n";
    let [tree] = &documents(text)[..] else { panic!() };
    assert_eq!((tree.text("y.a"), tree.texts("y.b")), (Some("other"), vec!["2", "3"]));
    assert_eq!(tree.at("z"), tree.at("x"));
    assert_eq!(
        tree.at("x.b"),
        Some(&Yaml::List(vec![Yaml::Scalar("2".into(), true), Yaml::Scalar("3".into(), false)]))
    );
    assert_eq!((tree.at("y.c"), tree.text("y.b")), (None, None));
    let changed = tree.overridden_by(&documents("x: { a: 5 }\nnew: [1]")[0]);
    assert_eq!(
        (changed.text("x.a"), changed.texts("x.b"), changed.texts("new")),
        (Some("5"), vec!["2", "3"], vec!["1"])
    );
}
