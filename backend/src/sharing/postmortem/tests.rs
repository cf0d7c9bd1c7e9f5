//! Postmortems with every kind of name, hostile ones above all.

use super::*;
use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};
use flarepath_profile::call_tree::{CallTree, NodeId, TreeBuilder};
use flarepath_profile::diff::{Scale, diff};
use flarepath_profile::frame_table::FrameText;
use proptest::prelude::*;

const LINK: &str = "https://fp.example/s/0123456789abcdefghjkmnpqrstvwxyz";
const PICTURE: &str = "https://fp.example/og/0123456789abcdefghjkmnpqrstvwxyz.png?sig=a1&v=2";
const HOUR: i64 = 3_600_000_000_000;
const START: i64 = 1_795_266_000_000_000_000;

pub(super) fn cpu() -> Unit {
    Unit::of("cpu", "nanoseconds")
}

pub(super) fn tree(lines: &[(&str, i64)]) -> CallTree {
    let mut builder = TreeBuilder::new();
    for (path, value) in lines {
        let mut at = NodeId::ROOT;
        for name in path.split(';') {
            let frame = builder.frame(FrameText { name, symbolized: true, ..FrameText::default() });
            at = builder.child(at, frame);
        }
        builder.add(at, *value);
    }
    builder.finish()
}

/// What a test changes in the facts.
struct Words<'a> {
    title: &'a str,
    name: &'a str,
    two: bool,
}

fn with<T>(words: &Words<'_>, then: impl FnOnce(&Facts<'_>) -> T) -> T {
    let Words { title, name, two } = *words;
    let (before, after) = (tree(&[(name, 200), ("main;b", 800)]), tree(&[(name, 500), ("main;b", 500)]));
    let unit = cpu();
    let movers = match two {
        true => {
            let both = diff(&before, &after);
            Movers::of_diff(&both, &Scale::share(both.total(NodeId::ROOT)))
        }
        false => Movers::of_tree(&after),
    };
    let gaps = [START..START + HOUR / 60, START + HOUR / 2..START + HOUR / 2 + HOUR / 30];
    let side = |label, from| Side {
        label,
        service: Some(name),
        version: Some(name),
        selector: name,
        from_ns: Some(from),
        until_ns: Some(from + HOUR),
        total: 1_000,
        profiles: Some(240),
        samples: Some(208_800),
        period: Some((10_000_000, &unit)),
        instances: Some(Instances { covered: 18, known: Some(20) }),
        gaps: Some(&gaps),
        retention: Retention::For(14 * 24 * HOUR),
    };
    let sides = [side("baseline", START - 168 * HOUR), side("comparison", START)];
    let verdict = verdict(&movers, "cpu", &unit);
    then(&Facts {
        title,
        verdict: &verdict,
        link: LINK,
        picture: Some(PICTURE),
        sides: if two { &sides } else { &sides[1..] },
        profile_type: "process_cpu:cpu:nanoseconds:cpu:nanoseconds",
        unit: &unit,
        movers: &movers,
        sanitised: name,
        snapshot: "blake3:9f2a",
        creator: name,
        created_ns: START + HOUR,
        link_ends_ns: None,
    })
}

const PLAIN: Words<'static> = Words { title: "Checkout v2.14", name: "encoding/json.Marshal", two: true };

#[test]
fn markdown_says_it_all() {
    insta::assert_snapshot!(with(&PLAIN, markdown));
}

#[test]
fn html_says_it_all() {
    insta::assert_snapshot!(with(&Words { two: false, ..PLAIN }, |facts| html(facts, None)));
    let inside = with(&PLAIN, |facts| html(facts, Some(b"png")));
    assert!(inside.contains("src=\"data:image/png;base64,cG5n\"") && !inside.contains("/og/"));
}

#[test]
fn confluence_says_it_all() {
    insta::assert_snapshot!(with(&Words { two: false, ..PLAIN }, confluence));
}

#[test]
fn what_is_not_known_is_said_so() {
    let unit = cpu();
    let movers = Movers::of_tree(&CallTree::empty());
    let side = Side {
        label: "",
        service: None,
        version: None,
        selector: "",
        from_ns: None,
        until_ns: None,
        total: 0,
        profiles: None,
        samples: None,
        period: None,
        instances: None,
        gaps: None,
        retention: Retention::Unknown,
    };
    let facts = Facts {
        title: "",
        verdict: "",
        link: "not an address",
        picture: None,
        sides: &[side],
        profile_type: "",
        unit: &unit,
        movers: &movers,
        sanitised: "",
        snapshot: "",
        creator: "",
        created_ns: 0,
        link_ends_ns: Some(i64::MAX),
    };
    let text = markdown(&facts);
    assert_eq!(text.matches("not known").count(), 14, "{text}");
    assert!(!text.contains("not an address"));
    assert!(html(&facts, None).contains("not known") && confluence(&facts).contains("not known"));
}

/// What a forge makes of a Markdown text: links with their addresses, pieces of HTML, code spans, and the cells of each row.
#[derive(Debug, Default, PartialEq)]
struct Read {
    links: Vec<String>,
    others: usize,
    code: Vec<String>,
    rows: Vec<usize>,
    headings: usize,
}

fn read(markdown: &str) -> Read {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    let mut found = Read::default();
    for node in parse_document(&arena, markdown, &options).descendants() {
        match &node.data.borrow().value {
            NodeValue::Link(link) | NodeValue::Image(link) => found.links.push(link.url.clone()),
            NodeValue::Code(code) => found.code.push(code.literal.clone()),
            NodeValue::TableRow(_) => found.rows.push(node.children().count()),
            NodeValue::Heading(_) => found.headings += 1,
            NodeValue::Document
            | NodeValue::Paragraph
            | NodeValue::Text(_)
            | NodeValue::Strong
            | NodeValue::Table(_)
            | NodeValue::TableCell => {}
            _ => found.others += 1,
        }
    }
    found
}

/// Tags of a markup text, without what is in their attributes' values.
fn tags(markup: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in markup.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap();
        let names = tag.split('"').step_by(2).collect::<Vec<_>>().join("");
        found.push(names);
    }
    found
}

/// Whether every ampersand begins one of the references that we write.
fn references_are_ours(markup: &str) -> bool {
    let known = ["amp;", "lt;", "gt;", "quot;", "#39;", "#123;", "#125;", "#91;", "#93;"];
    markup.split('&').skip(1).all(|part| known.iter().any(|name| part.starts_with(name)))
}

const HOSTILE: [&str; 17] = [
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a|b|c|d\n|---|---|\n| x | y |",
    "`code` ``` <b>",
    "\\|\\`\\\\",
    "https://evil.example/ www.evil.example mail@evil.example",
    "@everyone #1 GH-1 :smile: $x$ $`x`$",
    "{html}<b>x</b>{html} {include:Secret} [link|https://evil.example]",
    "<ac:structured-macro ac:name=\"html\"><ac:plain-text-body><![CDATA[x]]></ac:plain-text-body></ac:structured-macro>",
    "]]></ac:link> --> \u{0}\u{1b}[31m",
    "\" onmouseover=\"alert(1)\" x='",
    "operator||(T, U) [clone .isra.0]",
    "# h\r\n> q\r- [ ] t\u{2028}***",
    "**bold** __x__ ~~gone~~ [^1]",
    "ftp://evil.example xmpp:a@b.example mailto:a@b.example",
];

/// Checks every target with these words, against the same with plain ones.
fn check(title: &str, name: &str, two: bool) {
    let (plain, words) = (Words { two, ..PLAIN }, Words { title, name, two });
    let text = with(&words, markdown);
    let (found, expected) = (read(&text), read(&with(&plain, markdown)));
    assert_eq!(found.links, expected.links, "{text}");
    assert_eq!((found.others, found.headings), (0, 1), "{text}");
    assert_eq!(found.rows.iter().collect::<std::collections::BTreeSet<_>>(), expected.rows.iter().collect());
    assert!(found.rows.len() <= expected.rows.len() && found.rows.len() + 2 >= expected.rows.len(), "{text}");
    let sorted = |markup: &str| {
        let mut tags = tags(markup);
        tags.sort();
        tags.dedup();
        tags
    };
    let targets: [fn(&Facts<'_>) -> String; 2] = [|facts| html(facts, None), confluence];
    for target in targets {
        let (markup, expected) = (with(&words, target), with(&plain, target));
        assert_eq!(sorted(&markup), sorted(&expected), "{markup}");
        assert!(references_are_ours(&markup), "{markup}");
        assert!(!markup.contains(['{', '}', '[', ']']), "{markup}");
    }
}

#[test]
fn hostile_names_stay_words() {
    for name in HOSTILE {
        for two in [false, true] {
            check(name, name, two);
            check("Title", name, two);
        }
    }
}

#[test]
fn names_are_shown_as_they_are() {
    for name in ["operator||(T, U) [clone .isra.0]", "`a`", "a\\b", "<lambda>", "größe & more", "*p"] {
        let found = read(&with(&Words { name, ..PLAIN }, markdown));
        assert!(found.code.iter().any(|code| code == name), "{name}: {found:?}");
        let markup = with(&Words { name, ..PLAIN }, |facts| html(facts, None));
        let escaped = name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let escaped = escaped.replace('[', "&#91;").replace(']', "&#93;");
        assert!(markup.contains(&format!("<code>{escaped}</code>")), "{name}");
    }
}

proptest! {
    #[test]
    fn no_words_leave_their_place(
        title in "([\\\\`*_{}\\[\\]()#+.!|~<>&$^=@:/\"' \n-]|www\\.|https://|[a-z]{1,4}|\\PC){0,40}",
        name in "([\\\\`*_{}\\[\\]()#+.!|~<>&$^=@:/\"' \n-]|www\\.|https://|[a-z]{1,4}|\\PC){1,40}",
        two: bool,
    ) {
        check(&title, &name, two);
    }
}
