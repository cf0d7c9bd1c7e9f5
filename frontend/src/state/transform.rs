//! Transforms of a call tree as part of the URL: an ordered list of steps.
//!
//! In the URL a step is a word, or a word and its argument: `focus:main.run`, `path:main!serve`, `invert`. Steps are
//! joined by `,`; inside of a name `,`, `!` and `\` have a `\` before them.

use super::origin_name::origin_name;
use flarepath_profile::origin::Origin;

/// The kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// Keep the stacks that begin with a path of functions.
    Path,
    /// Keep the stacks through a function.
    Focus,
    /// Merge a function into its callers.
    Merge,
    /// Drop the stacks through a function.
    Drop,
    /// Collapse recursion of a function; without a name, direct recursion of all functions.
    Recursion,
    /// Collapse calls within a package; without a name, those of all packages.
    Package,
    /// Invert the stacks: callers below callees.
    Invert,
    /// Keep the stacks with a function whose name contains a text.
    With,
    /// Drop them.
    Without,
    /// Keep the stacks with a function whose name matches a regular expression.
    Matching,
    /// Drop them.
    NotMatching,
    /// Keep the functions of some origins; merge all others into their callers.
    Origin,
}

/// The argument of a step.
#[derive(Clone, Copy, PartialEq)]
enum About {
    Nothing,
    Something,
    Either,
}

/// Value in the URL, argument, label of the chip.
const KINDS: [(Kind, &str, About, &str); 12] = [
    (Kind::Path, "path", About::Something, "only below"),
    (Kind::Focus, "focus", About::Something, "only through"),
    (Kind::Merge, "merge", About::Something, "merged into its caller"),
    (Kind::Drop, "drop", About::Something, "without stacks through"),
    (Kind::Recursion, "recursion", About::Either, "recursion collapsed"),
    (Kind::Package, "package", About::Either, "package collapsed"),
    (Kind::Invert, "invert", About::Nothing, "inverted"),
    (Kind::With, "with", About::Something, "stacks with"),
    (Kind::Without, "without", About::Something, "stacks without"),
    (Kind::Matching, "match", About::Something, "stacks matching"),
    (Kind::NotMatching, "nomatch", About::Something, "stacks not matching"),
    (Kind::Origin, "origin", About::Something, "only"),
];

/// A step. Its argument is the names of a path, outermost first; or the words of origins; or one name, text or pattern; or nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Transform {
    /// The kind of step.
    pub(crate) kind: Kind,
    /// Its argument.
    pub(crate) about: Vec<String>,
}

impl Transform {
    /// A step about one function, package, text or pattern.
    pub(crate) fn of(kind: Kind, about: String) -> Transform {
        Transform { kind, about: vec![about] }
    }

    /// A step about the whole tree.
    pub(crate) fn all(kind: Kind) -> Transform {
        Transform { kind, about: Vec::new() }
    }

    /// The function, package, text or pattern; the last of a path; nothing for the whole tree.
    pub(crate) fn name(&self) -> &str {
        self.about.last().map_or("", String::as_str)
    }

    /// Its label; the name follows.
    pub(crate) fn words(&self) -> &'static str {
        match (self.kind, self.about.is_empty()) {
            (Kind::Recursion, true) => "direct recursion collapsed",
            (Kind::Package, true) => "packages collapsed",
            _ => self.row().3,
        }
    }

    /// What its chip says after these words.
    pub(crate) fn subject(&self) -> String {
        match self.kind {
            Kind::Origin => {
                let origins = self.about.iter().filter_map(|word| Origin::parse(word));
                origins.map(origin_name).collect::<Vec<_>>().join(", ").to_ascii_lowercase()
            }
            _ => self.name().to_owned(),
        }
    }

    fn row(&self) -> &'static (Kind, &'static str, About, &'static str) {
        // The enum is declared in the order of the table.
        &KINDS[self.kind as usize]
    }

    fn parse(text: &str) -> Option<Transform> {
        let (word, rest) = text.split_once(':').map_or((text, None), |(word, rest)| (word, Some(rest)));
        let (kind, _, about, _) = *KINDS.iter().find(|(_, w, ..)| *w == word)?;
        let mut names = rest.map_or(Vec::new(), |rest| match kind {
            Kind::Path | Kind::Origin => split(rest, '!').iter().map(|part| unescape(part)).collect(),
            _ => vec![unescape(rest)],
        });
        names.retain(|name| !name.is_empty() && (kind != Kind::Origin || Origin::parse(name).is_some()));
        let fits = match about {
            About::Nothing => names.is_empty(),
            About::Something => !names.is_empty(),
            About::Either => true,
        };
        fits.then_some(Transform { kind, about: names })
    }

    fn write(&self, out: &mut String) {
        out.push_str(self.row().1);
        let mut before = ':';
        for name in &self.about {
            out.push(before);
            before = '!';
            for c in name.chars() {
                if matches!(c, '\\' | ',' | '!') {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
}

/// Parses steps; skips invalid ones.
pub(crate) fn parse(text: &str) -> Vec<Transform> {
    split(text, ',').iter().filter_map(|part| Transform::parse(part)).collect()
}

/// Writes steps as [`parse`] reads them.
pub(crate) fn write(transforms: &[Transform]) -> String {
    let mut out = String::new();
    for transform in transforms {
        if !out.is_empty() {
            out.push(',');
        }
        transform.write(&mut out);
    }
    out
}

/// Whether the tree is inverted after all steps.
pub(crate) fn inverts(transforms: &[Transform]) -> bool {
    transforms.iter().filter(|t| t.kind == Kind::Invert).count() % 2 == 1
}

/// Inverts the tree after all steps. A path of an inverted tree is meaningless in the original one: if there is one, a
/// second inversion is added instead of removing the first.
pub(crate) fn toggle_invert(transforms: &mut Vec<Transform>) {
    let last = transforms.iter().rposition(|t| t.kind == Kind::Invert);
    match last {
        Some(at) if transforms[at..].iter().all(|t| t.kind != Kind::Path) => drop(transforms.remove(at)),
        _ => transforms.push(Transform::all(Kind::Invert)),
    }
}

/// Whether a step shows the functions of an origin and hides those of others.
pub(crate) fn shows_origin(transforms: &[Transform], origin: Origin) -> bool {
    transforms.iter().any(|t| t.kind == Kind::Origin && t.about.iter().any(|word| word == origin.word()))
}

/// Shows the functions of an origin beside those of other origins shown, or no longer; without any, all functions are shown.
///
/// A new step comes before inversions and collapsed packages, whose callers and functions are others.
pub(crate) fn toggle_origin(transforms: &mut Vec<Transform>, origin: Origin) {
    let word = || origin.word().to_owned();
    let Some(at) = transforms.iter().position(|t| t.kind == Kind::Origin) else {
        let reshapes = |t: &Transform| matches!(t.kind, Kind::Invert | Kind::Package);
        let at = transforms.iter().position(reshapes).unwrap_or(transforms.len());
        return transforms.insert(at, Transform::of(Kind::Origin, word()));
    };
    let about = &mut transforms[at].about;
    match about.iter().position(|known| known == origin.word()) {
        Some(known) => drop(about.remove(known)),
        None => about.push(word()),
    }
    if about.is_empty() {
        transforms.remove(at);
    }
}

/// Splits at separators without a `\` before them; keeps escapes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if c == separator && !escaped {
            parts.push(&text[start..at]);
            start = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(&text[start..]);
    parts
}

fn unescape(text: &str) -> String {
    let mut chars = text.chars();
    let mut out = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_matches_the_enum() {
        assert!(KINDS.iter().enumerate().all(|(i, (kind, ..))| *kind as usize == i));
    }

    #[test]
    fn steps_survive_the_url() {
        let odd = || r"a,b!c\:d; größe".to_owned();
        let steps: Vec<Transform> = KINDS
            .iter()
            .map(|(kind, _, about, _)| match about {
                About::Nothing => Transform::all(*kind),
                _ if *kind == Kind::Origin => Transform::of(*kind, "own".to_owned()),
                _ => Transform::of(*kind, odd()),
            })
            .chain([
                Transform { kind: Kind::Path, about: vec!["main".into(), odd(), "!".into()] },
                Transform::all(Kind::Recursion),
                Transform::all(Kind::Package),
            ])
            .collect();
        assert_eq!(parse(&write(&steps)), steps);
        let plain = [Transform::of(Kind::Focus, "main.run".into()), Transform::all(Kind::Invert)];
        assert_eq!(write(&plain), "focus:main.run,invert");
    }

    #[test]
    fn skips_invalid_steps() {
        assert_eq!(parse(""), []);
        assert_eq!(parse(r"focus,focus:,path:!,invert:x,,later:f,\"), []);
        assert_eq!(parse("x,invert"), [Transform::all(Kind::Invert)]);
    }

    #[test]
    fn origins_are_shown_and_hidden_one_by_one() {
        let mut steps = parse("focus:f,invert");
        toggle_origin(&mut steps, Origin::Own);
        toggle_origin(&mut steps, Origin::Library);
        assert_eq!(write(&steps), "focus:f,origin:own!library,invert");
        assert_eq!(parse(&write(&steps)), steps);
        assert_eq!((steps[1].words(), steps[1].subject().as_str()), ("only", "own code, libraries"));
        assert!(shows_origin(&steps, Origin::Own) && !shows_origin(&steps, Origin::Kernel));
        toggle_origin(&mut steps, Origin::Own);
        toggle_origin(&mut steps, Origin::Library);
        assert_eq!(write(&steps), "focus:f,invert");
        assert_eq!(parse("origin:mine,origin:own!mine"), [Transform::of(Kind::Origin, "own".into())]);
    }

    #[test]
    fn undoes_an_inversion_unless_a_path_depends_on_it() {
        let turn = Transform::all(Kind::Invert);
        let mut steps = vec![];
        toggle_invert(&mut steps);
        assert!(inverts(&steps));
        steps.push(Transform::of(Kind::Merge, "f".into()));
        toggle_invert(&mut steps);
        assert_eq!(steps, [Transform::of(Kind::Merge, "f".into())]);
        toggle_invert(&mut steps);
        steps.push(Transform::of(Kind::Path, "g".into()));
        toggle_invert(&mut steps);
        assert_eq!(steps.last(), Some(&turn));
        assert!(!inverts(&steps));
    }
}
