//! YAML documents as trees of bounded depth and size. Pure.
//!
//! An alias shares the node that it names, and counts as much as all that is in it: a small file whose aliases stand for a huge tree is
//! refused. Scalars stay text, as `target: 99.9` and `target: "99.9"` mean the same in the formats that are read here.

use saphyr_parser::{Event, Parser, ScalarStyle};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// Nodes of a file, with those that aliases stand for.
const MAX_NODES: usize = 50_000;
/// Lists and maps within each other.
const MAX_DEPTH: usize = 64;

/// A node with how many nodes it stands for, itself included.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) content: Content,
    nodes: usize,
}

#[derive(Debug)]
pub(super) enum Content {
    /// Nothing, `~` or `null`.
    Null,
    Scalar(String),
    List(Vec<Rc<Node>>),
    Map(BTreeMap<String, Rc<Node>>),
}

/// The text is not YAML, or exceeds a limit. The fault of the person who wrote the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadYaml {
    /// Number of the document, from 1.
    pub(super) document: usize,
    /// Number of the line, from 1.
    pub(super) line: usize,
    pub(super) message: String,
}

/// The documents of a file, empty ones included.
///
/// # Errors
/// [`BadYaml`].
pub(super) fn documents(text: &str) -> Result<Vec<Rc<Node>>, BadYaml> {
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (line, done) = match next {
            Ok((event, span)) => (span.start.line(), builder.event(event)),
            Err(error) => (error.marker().line(), Err(error.info().to_owned())),
        };
        done.map_err(|message| BadYaml { document: builder.documents.len() + 1, line, message })?;
    }
    Ok(builder.documents)
}

#[derive(Default)]
struct Builder {
    documents: Vec<Rc<Node>>,
    /// Collections whose end has not been read yet, the innermost last.
    open: Vec<Open>,
    /// Nodes of the present document, by the numbers of their anchors.
    anchors: HashMap<usize, Rc<Node>>,
    nodes: usize,
}

struct Open {
    anchor: usize,
    collection: Collection,
}

enum Collection {
    List(Vec<Rc<Node>>),
    /// With the key whose value comes next.
    Map(BTreeMap<String, Rc<Node>>, Option<String>),
}

impl Builder {
    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::DocumentStart(_) => self.anchors.clear(),
            Event::SequenceStart(anchor, _) => self.begin(anchor, Collection::List(Vec::new()))?,
            Event::MappingStart(anchor, _) => self.begin(anchor, Collection::Map(BTreeMap::new(), None))?,
            Event::SequenceEnd | Event::MappingEnd => self.end()?,
            Event::Scalar(text, style, anchor, _) => {
                self.count(1)?;
                self.place(anchor, Node { content: scalar(&text, style), nodes: 1 })?;
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned();
                let node = node.ok_or("an alias of what is not complete, or in another document")?;
                self.count(node.nodes)?;
                self.put(node)?;
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn begin(&mut self, anchor: usize, collection: Collection) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} lists and maps within each other"));
        }
        self.open.push(Open { anchor, collection });
        self.count(1)
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(Open { anchor, collection }) = self.open.pop() else { return Ok(()) };
        let (content, inner) = match collection {
            Collection::List(items) => {
                let inner = items.iter().map(|node| node.nodes).sum::<usize>();
                (Content::List(items), inner)
            }
            Collection::Map(entries, _) => {
                let inner = entries.values().map(|node| node.nodes).sum::<usize>();
                // The keys are nodes, too.
                let keys = entries.len();
                (Content::Map(entries), inner + keys)
            }
        };
        self.place(anchor, Node { content, nodes: 1 + inner })
    }

    /// A node that may have an anchor, whose number is 0 otherwise.
    fn place(&mut self, anchor: usize, node: Node) -> Result<(), String> {
        let node = Rc::new(node);
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        self.put(node)
    }

    fn put(&mut self, node: Rc<Node>) -> Result<(), String> {
        match self.open.last_mut().map(|open| &mut open.collection) {
            None => self.documents.push(node),
            Some(Collection::List(items)) => items.push(node),
            Some(Collection::Map(entries, next)) => match next.take() {
                None => *next = Some(key(&node, entries)?),
                Some(key) => {
                    entries.insert(key, node);
                }
            },
        }
        Ok(())
    }

    fn count(&mut self, nodes: usize) -> Result<(), String> {
        self.nodes += nodes;
        match self.nodes > MAX_NODES {
            true => Err(format!("more than {MAX_NODES} values, with those that aliases stand for")),
            false => Ok(()),
        }
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Content {
    let is_null = style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL");
    if is_null { Content::Null } else { Content::Scalar(text.to_owned()) }
}

/// The key that a node is, in a map that has these entries.
fn key(node: &Node, entries: &BTreeMap<String, Rc<Node>>) -> Result<String, String> {
    match &node.content {
        Content::Scalar(key) if key == "<<" => Err("merge keys (`<<`) are not read".to_owned()),
        Content::Scalar(key) if entries.contains_key(key) => Err(format!("the key `{key}` twice")),
        Content::Scalar(key) => Ok(key.clone()),
        Content::Null | Content::List(_) | Content::Map(_) => Err("a key that is not text".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn printed(node: &Node) -> String {
        let list = |items: Vec<String>| items.join(", ");
        match &node.content {
            Content::Null => "null".to_owned(),
            Content::Scalar(text) => format!("{text:?}"),
            Content::List(items) => format!("[{}]", list(items.iter().map(|item| printed(item)).collect())),
            Content::Map(entries) => {
                let entry = |(key, value): (&String, &Rc<Node>)| format!("{key}: {}", printed(value));
                format!("{{{}}}", list(entries.iter().map(entry).collect()))
            }
        }
    }

    #[rstest]
    #[case::none("", &[])]
    #[case::comment("# nothing\n", &[])]
    #[case::two("a: 1\n---\n- x\n- ~\n- 'null'\n", &[r#"{a: "1"}"#, r#"["x", null, "null"]"#])]
    #[case::json(r#"{"a": [1, {"b": "c"}]}"#, &[r#"{a: ["1", {b: "c"}]}"#])]
    #[case::block("q: |\n  sum(\n    a)\n", &[r#"{q: "sum(\n  a)\n"}"#])]
    #[case::alias("a: &x {b: c}\nd: *x\n", &[r#"{a: {b: "c"}, d: {b: "c"}}"#])]
    fn documents_are_trees(#[case] text: &str, #[case] expected: &[&str]) {
        let found = documents(text).unwrap();
        assert_eq!(found.iter().map(|node| printed(node)).collect::<Vec<_>>(), expected);
    }

    #[rstest]
    #[case::syntax("a: [1, 2\nb: 3\n", 1, "")]
    #[case::second_document("a: 1\n---\nb: 1\nb: 2\n", 2, "the key `b` twice")]
    #[case::merged("a: &x {b: c}\nd:\n  <<: *x\n", 1, "merge keys")]
    #[case::key("? [a]\n: b\n", 1, "a key that is not text")]
    #[case::recursive("a: &x [*x]\n", 1, "")]
    fn what_is_not_read_is_refused(#[case] text: &str, #[case] document: usize, #[case] message: &str) {
        let error = documents(text).unwrap_err();
        assert_eq!(error.document, document, "{error:?}");
        assert!(error.message.contains(message) && error.line > 0, "{error:?}");
    }

    #[test]
    fn aliases_count_as_what_they_stand_for() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..=9 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb += &format!("a{level}: &a{level} [{aliases}]\n");
        }
        let error = documents(&bomb).unwrap_err();
        assert!(error.message.contains("more than 50000 values"), "{error:?}");
        assert!(error.line <= 6, "{error:?}");
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let nested = |depth: usize| format!("{}x{}", "[".repeat(depth), "]".repeat(depth));
        assert!(documents(&nested(MAX_DEPTH)).is_ok());
        assert!(documents(&nested(MAX_DEPTH + 1)).unwrap_err().message.contains("within each other"));
        assert!(documents(&"- - ".repeat(2000)).is_err());
        assert!(documents(&"- x\n".repeat(MAX_NODES)).unwrap_err().message.contains("values"));
    }
}
