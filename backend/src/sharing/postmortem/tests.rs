//! Postmortems with all kinds of names, hostile ones in particular.

use super::*;
use crate::sharing::functions::tests::tree;
use crate::sharing::payload::{VerdictFigure, VerdictFunction, VerdictSelection, VerdictSide};
use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};
use flarepath_profile::diff::diff;
use proptest::prelude::*;

const LINK: &str = "https://fp.example/s/0123456789abcdefghjkmnpqrstvwxyz";
const PICTURE: &str = "https://fp.example/og/0123456789abcdefghjkmnpqrstvwxyz.png?sig=a1&v=2";
const HOUR: i64 = 3_600_000_000_000;
const START: i64 = 1_795_266_000_000_000_000;

fn cpu() -> Unit {
    Unit::of("cpu", "nanoseconds")
}

/// Texts that tests vary.
struct Texts<'a> {
    title: &'a str,
    name: &'a str,
    two: bool,
}

fn side<'a>(label: &'a str, name: &'a str, from: i64, per: Per) -> Side<'a> {
    let at = UnixNanos;
    let gaps = [at(START)..at(START + HOUR / 60), at(START + HOUR / 2)..at(START + HOUR / 2 + HOUR / 30)];
    Side {
        label,
        service: Ok(name.to_owned()),
        versions: Ok(name.to_owned()),
        selector: Ok(name),
        from: Some(at(from)),
        until: Some(at(from + HOUR)),
        covered_ns: Ok(HOUR),
        total: 1_000_000_000_000,
        per: Some(per),
        profiles: Ok(240),
        samples: Ok(208_800),
        period: Ok(Period { value: 10_000_000, unit: cpu(), is_derived: false }),
        profilers: Ok(name.to_owned()),
        sample_types: Ok(name.to_owned()),
        instances: Ok(Instances { covered: 18, known: Some(20) }),
        gaps: Ok(gaps.to_vec()),
        retention: Ok(Retention::For(14 * 24 * HOUR)),
        store: Ok(name.to_owned()),
    }
}

/// A verdict that quotes the name in all places that a sentence may have.
fn verdict(name: &str) -> VerdictResponse {
    let headline = format!("CPU use is 5 % higher. The largest cause is `{name}`, called by `{name}`.");
    let function = VerdictFunction {
        name: name.to_owned(),
        called_by: name.to_owned(),
        cost: Some(VerdictFigure { before: 0.2e9, after: 0.5e9, low: 0.1e9, high: 0.4e9, p: 0.0 }),
        share: Some(VerdictFigure { before: 0.2, after: 0.5, ..VerdictFigure::default() }),
        ..VerdictFunction::default()
    };
    let moved = format!("Costs moved from `b` to `{name}`; their caller costs what it did.");
    VerdictResponse {
        sentences: vec![headline.clone(), moved],
        headline,
        unit: "nanoseconds".to_owned(),
        per: "second".to_owned(),
        functions: vec![function],
        notes: vec!["no data a day earlier to confirm it".to_owned()],
        ..VerdictResponse::default()
    }
}

fn with<T>(texts: &Texts<'_>, then: impl FnOnce(&Facts<'_>) -> T) -> T {
    let Texts { title, name, two } = *texts;
    let values = |first, second| tree(&[(name, first), ("main;b", second)]);
    let (before, after) =
        (values(200_000_000_000, 800_000_000_000), values(500_000_000_000, 500_000_000_000));
    let per = [Per::Covered(HOUR); 2];
    let top = match two {
        true => TopFunctions::of_diff(&diff(&before, &after), Some(&Per::ranking(per))),
        false => TopFunctions::of_tree(&after),
    };
    let sides = [side("baseline", name, START - 168 * HOUR, per[0]), side("comparison", name, START, per[1])];
    let verdict = verdict(name);
    then(&Facts {
        title,
        headline: if two { &verdict.headline } else { "json.Marshal: 50.0 % of CPU (self)" },
        verdict: two.then_some(&verdict),
        without_verdict: None,
        link: LINK,
        picture: Some(PICTURE),
        sides: if two { &sides } else { &sides[1..] },
        profile_type: "process_cpu:cpu:nanoseconds:cpu:nanoseconds",
        sample_type: "cpu",
        unit: &cpu(),
        top: &top,
        is_comparison: two,
        per: two.then_some(per),
        sanitised: name,
        snapshot: "blake3:9f2a",
        creator: name,
        created_at: UnixNanos(START + HOUR),
        link_ends_at: None,
    })
}

const PLAIN: Texts<'static> = Texts { title: "Checkout v2.14", name: "encoding/json.Marshal", two: true };

#[test]
fn markdown_has_all_facts() {
    insta::assert_snapshot!(with(&PLAIN, markdown));
}

#[test]
fn html_has_all_facts() {
    insta::assert_snapshot!(with(&Texts { two: false, ..PLAIN }, |facts| html(facts, None)));
    let inside = with(&PLAIN, |facts| html(facts, Some(b"png")));
    assert!(inside.contains("src=\"data:image/png;base64,cG5n\"") && !inside.contains("/og/"));
}

#[test]
fn confluence_has_all_facts() {
    insta::assert_snapshot!(with(&Texts { two: false, ..PLAIN }, confluence));
}

#[test]
fn the_verdict_above_a_profile_says_what_it_compares() {
    let side = |selector: &str, start_ns: i64| {
        let selector = selector.to_owned();
        let selection =
            VerdictSelection { selector, start_ns, end_ns: start_ns + HOUR, ..VerdictSelection::default() };
        Some(VerdictSide { selection: Some(selection), ..VerdictSide::default() })
    };
    let verdict = VerdictResponse {
        baseline: side("{version=1}", START - HOUR),
        comparison: side("{version=2}", START),
        ..verdict("Regex::new")
    };
    let text = with(&Texts { two: false, ..PLAIN }, |facts| {
        markdown(&Facts { headline: &verdict.headline, verdict: Some(&verdict), ..*facts })
    });
    let expected = "The verdict compares `{version=2}` from 2026-11-21T13:00:00Z to 2026-11-21T14:00:00Z with `{version=1}` \
                    from 2026-11-21T12:00:00Z to 2026-11-21T13:00:00Z (UTC).";
    let plain = |text: &str| text.replace('\\', "");
    assert!(plain(&text).contains(expected), "{text}");
    assert!(text.contains("Named by the verdict") && text.contains("second that profiles cover"), "{text}");
    let two = with(&PLAIN, |facts| markdown(&Facts { verdict: Some(&verdict), ..*facts }));
    assert!(!two.contains("The verdict compares"), "its sides are in the table: {two}");
}

#[test]
fn unknown_facts_are_stated() {
    let why = "the file does not say";
    let side = Side {
        label: "",
        service: Err(why),
        versions: Err(why),
        selector: Err(why),
        from: None,
        until: None,
        covered_ns: Err(why),
        total: 0,
        per: None,
        profiles: Err(why),
        samples: Err(why),
        period: Err(why),
        profilers: Err(why),
        sample_types: Err(why),
        instances: Err(why),
        gaps: Err(why),
        retention: Err(why),
        store: Err(why),
    };
    let facts = Facts {
        title: "",
        headline: "",
        verdict: None,
        without_verdict: None,
        link: "not an address",
        picture: None,
        sides: &[side],
        profile_type: "",
        sample_type: "",
        unit: &cpu(),
        top: &TopFunctions::default(),
        is_comparison: false,
        per: None,
        sanitised: "",
        snapshot: "",
        creator: "",
        created_at: UnixNanos(0),
        link_ends_at: Some(UnixNanos::MAX),
    };
    let text = markdown(&facts);
    assert_eq!(text.matches("not known: the file does not say").count(), 14, "{text}");
    assert_eq!(text.matches("not known").count(), 19, "{text}");
    assert!(!text.contains("not an address"));
    assert!(html(&facts, None).contains("not known") && confluence(&facts).contains("not known"));
}

/// A Markdown text as forges parse it: URLs of links, code spans, number of cells of each row, and nodes of other kinds.
#[derive(Debug, Default, PartialEq)]
struct Parsed {
    links: Vec<String>,
    others: usize,
    code: Vec<String>,
    rows: Vec<usize>,
    headings: usize,
}

fn parse(markdown: &str) -> Parsed {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    let mut found = Parsed::default();
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

/// Tags of a markup text, without the values of attributes.
fn tags(markup: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in markup.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap();
        let names = tag.split('"').step_by(2).collect::<Vec<_>>().join("");
        found.push(names);
    }
    found
}

/// Whether every ampersand begins a reference that the writers produce.
fn has_only_known_references(markup: &str) -> bool {
    let known = ["amp;", "lt;", "gt;", "quot;", "#x27;", "#123;", "#125;", "#91;", "#93;"];
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

/// Checks that all formats have the same structure with these texts as with plain ones.
fn check(title: &str, name: &str, two: bool) {
    let (plain, texts) = (Texts { two, ..PLAIN }, Texts { title, name, two });
    let text = with(&texts, markdown);
    let (found, expected) = (parse(&text), parse(&with(&plain, markdown)));
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
    let formats: [fn(&Facts<'_>) -> String; 2] = [|facts| html(facts, None), confluence];
    for format in formats {
        let (markup, expected) = (with(&texts, format), with(&plain, format));
        assert_eq!(sorted(&markup), sorted(&expected), "{markup}");
        assert!(has_only_known_references(&markup), "{markup}");
        assert!(!markup.contains(['{', '}', '[', ']']), "{markup}");
    }
}

#[test]
fn hostile_names_create_no_markup() {
    for name in HOSTILE {
        for two in [false, true] {
            check(name, name, two);
            check("Title", name, two);
        }
    }
}

#[test]
fn names_render_verbatim() {
    for name in ["operator||(T, U) [clone .isra.0]", "`a`", "a\\b", "<lambda>", "größe & more", "*p"] {
        let found = parse(&with(&Texts { name, ..PLAIN }, markdown));
        assert!(found.code.iter().any(|code| code == name), "{name}: {found:?}");
        let markup = with(&Texts { name, ..PLAIN }, |facts| html(facts, None));
        let escaped = name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let escaped = escaped.replace('[', "&#91;").replace(']', "&#93;");
        assert!(markup.contains(&format!("<code>{escaped}</code>")), "{name}");
    }
}

proptest! {
    #[test]
    fn arbitrary_text_creates_no_markup(
        title in "([\\\\`*_{}\\[\\]()#+.!|~<>&$^=@:/\"' \n-]|www\\.|https://|[a-z]{1,4}|\\PC){0,40}",
        name in "([\\\\`*_{}\\[\\]()#+.!|~<>&$^=@:/\"' \n-]|www\\.|https://|[a-z]{1,4}|\\PC){1,40}",
        two: bool,
    ) {
        check(&title, &name, two);
    }
}
