//! The verdict of a snapshot: sanitized by the policy of the share. Names become what they are in the trees, numbers stay.
//!
//! Sentences are those that were on screen, with each name in them replaced: nothing is put into words again.

use super::payload::{
    OwnCodePattern, VerdictFunction, VerdictNumber, VerdictResponse, VerdictSelection, VerdictSide,
};
use super::text::split_at;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::frame_table::OTHER;
use flarepath_profile::labels::{Meaning, meaning};
use flarepath_profile::sanitize::{Field, Sanitizer};
use flarepath_profile::selector::{MatchOp, Matcher, Selector};
use flarepath_profile::short_name::short_name;
use std::collections::HashSet;

/// The outcome of a comparison that could not be made.
pub(crate) const UNAVAILABLE: &str = "unavailable";

/// What is in the place of a verdict that could not be computed; `why` is the end of a sentence.
pub(crate) fn unavailable(why: &str) -> VerdictResponse {
    let headline = format!("No verdict: {why}.");
    VerdictResponse {
        sentences: vec![headline.clone()],
        headline,
        outcome: UNAVAILABLE.to_owned(),
        ..VerdictResponse::default()
    }
}

/// The verdict as it is stored. `trees` are the sanitized ones: under a policy that merges, what they do not name is not named here, as it
/// may have been merged. `sample_type` is the one of the comparison.
pub(super) fn frozen(
    verdict: &VerdictResponse,
    sample_type: &str,
    trees: &[CallTree],
    sanitizer: &mut Sanitizer<'_>,
) -> VerdictResponse {
    let mut names =
        Names { kept: sanitizer.merges().then(|| functions_in(trees)), replaced: Vec::new(), sanitizer };
    let functions = verdict.functions.iter().map(|function| names.function(function)).collect();
    let only_share = verdict.only_share.iter().map(|name| names.name(name)).collect();
    names.quote(sample_type, Field::Text);
    let unit = names.sanitizer.text(&verdict.unit, Field::Text);
    if unit != verdict.unit {
        names.replaced.push((verdict.unit.clone(), unit.clone()));
    }
    names.relation(verdict);
    let own_code = names.own_code(verdict);
    let number = verdict.number.as_ref().map(|number| VerdictNumber {
        text: names.sentence(&number.text),
        label: names.sentence(&number.label),
        grew: number.grew,
    });
    VerdictResponse {
        number,
        headline: names.sentence(&verdict.headline),
        sentences: verdict.sentences.iter().map(|text| names.sentence(text)).collect(),
        unit,
        baseline: verdict.baseline.as_ref().map(|side| names.side(side)),
        comparison: verdict.comparison.as_ref().map(|side| names.side(side)),
        confirmed_by: verdict.confirmed_by.iter().map(|one| names.selection(one)).collect(),
        functions,
        only_share,
        notes: verdict.notes.iter().map(|note| names.note(note)).collect(),
        own_code_set: own_code.is_some(),
        own_code: own_code.unwrap_or_default(),
        ..verdict.clone()
    }
}

fn functions_in(trees: &[CallTree]) -> HashSet<&str> {
    let frames = trees.iter().map(CallTree::frames);
    frames.flat_map(|frames| (1..frames.len() as u32).map(move |i| frames.name(FrameId(i)))).collect()
}

struct Names<'a, 's, 'p> {
    /// Names in the trees; `None` where nothing is merged, and each name may stay.
    kept: Option<HashSet<&'a str>>,
    /// Phrases of the sentences, and what replaces them.
    replaced: Vec<(String, String)>,
    sanitizer: &'s mut Sanitizer<'p>,
}

impl Names<'_, '_, '_> {
    fn function(&mut self, function: &VerdictFunction) -> VerdictFunction {
        VerdictFunction {
            name: self.name(&function.name),
            file: self.sanitizer.text(&function.file, Field::File),
            called_by: self.name(&function.called_by),
            deepest: self.name(&function.deepest),
            moved_from: self.name(&function.moved_from),
            ..function.clone()
        }
    }

    /// A function's name, as the trees have it.
    fn name(&mut self, raw: &str) -> String {
        if raw.is_empty() {
            return String::new();
        }
        // Functions without a symbol are called by their binary and address.
        let field = if raw.contains("+0x") { Field::Address } else { Field::Function };
        let clean = self.sanitizer.text(raw, field);
        let is_kept = self.kept.as_ref().is_none_or(|kept| kept.contains(clean.as_str()));
        let clean = if is_kept { clean } else { OTHER.to_owned() };
        // Sentences have short names, those of older snapshots whole ones.
        let short = short_name(raw);
        if short != raw {
            self.replaced.push((format!("`{raw}`"), format!("`{clean}`")));
        }
        self.replaced.push((format!("`{short}`"), format!("`{}`", short_name(&clean))));
        clean
    }

    /// What is set to be own code, if the policy leaves all of it as it is: patterns that it changes may no longer match. Which functions are
    /// own code is kept besides.
    fn own_code(&mut self, verdict: &VerdictResponse) -> Option<Vec<OwnCodePattern>> {
        let mut is_kept = |pattern: &OwnCodePattern| {
            let field = if pattern.of == "file" { Field::File } else { Field::Function };
            self.sanitizer.text(&pattern.text, field) == pattern.text
        };
        let keeps_all = verdict.own_code_set && verdict.own_code.iter().all(&mut is_kept);
        keeps_all.then(|| verdict.own_code.clone())
    }

    fn quote(&mut self, raw: &str, field: Field) {
        let clean = self.sanitizer.text(raw, field);
        self.replaced.push((format!("`{raw}`"), format!("`{clean}`")));
    }

    /// The phrases for the two sides: `version 2`, `pod cart-7`.
    fn relation(&mut self, verdict: &VerdictResponse) {
        let Some([before, after]) = differing(verdict) else { return };
        let label = before.name.clone();
        let is_version = meaning(&label) == Some(Meaning::Version);
        let shown = self.sanitizer.text(&label, Field::LabelName);
        for (number, Matcher { value, .. }) in (1..).zip([before, after]) {
            let clean = self.sanitizer.label(&label, &value);
            let (raw, clean) = match (is_version, clean) {
                (true, clean) => {
                    (format!("version {value}"), format!("version {}", clean.unwrap_or_default()))
                }
                (false, Some(clean)) => (format!("{label} {value}"), format!("{shown} {clean}")),
                (false, None) => (format!("{label} {value}"), format!("value {number}")),
            };
            // At the start of a sentence, too.
            self.replaced.push((upper_first(&raw), upper_first(&clean)));
            self.replaced.push((raw, clean));
        }
    }

    fn sentence(&mut self, text: &str) -> String {
        if let Some(appeared) = self.appeared("Version ", text) {
            return appeared;
        }
        let (text, began) = self.began(text).unwrap_or((text, String::new()));
        let wanted: Vec<String> = self.replaced.iter().map(|(raw, _)| raw.clone()).collect();
        let parts = split_at(text, &wanted).into_iter();
        let clean: String =
            parts.map(|(part, found)| found.map_or(part, |index| self.replaced[index].1.as_str())).collect();
        clean + &began
    }

    /// The end of a headline, `The change began at about 2026-11-29T08:50:00Z, 3 min after version 2 first appeared.`, with the version as
    /// it is in labels; and the text before it.
    fn began<'t>(&mut self, text: &'t str) -> Option<(&'t str, String)> {
        const BEGAN: &str = "The change began at about ";
        const APPEARED: &str = " first appeared.";
        let is_it = |(start, _): &(usize, &str)| {
            let time = text[start + BEGAN.len()..].split(',').next();
            time.is_some_and(|time| time.parse::<jiff::Timestamp>().is_ok())
        };
        let (start, _) = text.match_indices(BEGAN).find(is_it)?;
        let (when, version) = text[start..].strip_suffix(APPEARED)?.split_once(" version ")?;
        let version = self.sanitizer.label("version", version).unwrap_or_default();
        Some((&text[..start], format!("{when} version {version}{APPEARED}")))
    }

    /// `Version 2 first appeared at 2026-11-29T08:50:00Z`, which begins with `word`: a version, and a time that stays.
    fn appeared(&mut self, word: &str, text: &str) -> Option<String> {
        const APPEARED: &str = " first appeared at ";
        let (version, at) = text.strip_prefix(word)?.split_once(APPEARED)?;
        let version = self.sanitizer.label("version", version).unwrap_or_default();
        Some(format!("{word}{version}{APPEARED}{at}"))
    }

    /// A note names versions in words of its own, so that all of it is searched.
    fn note(&mut self, text: &str) -> String {
        if let Some(appeared) = self.appeared("version ", text) {
            return appeared;
        }
        let text = self.sentence(text);
        self.sanitizer.text(&text, Field::Text)
    }

    fn side(&mut self, side: &VerdictSide) -> VerdictSide {
        let selection = side.selection.as_ref().map(|selection| self.selection(selection));
        VerdictSide { selection, ..side.clone() }
    }

    fn selection(&mut self, selection: &VerdictSelection) -> VerdictSelection {
        let selector = match selection.selector.is_empty() {
            true => String::new(),
            false => self.sanitizer.selector(&selection.selector),
        };
        VerdictSelection { selector, ..selection.clone() }
    }
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The only matchers in which the selections differ, if there is one on each side and both are for values of one label.
fn differing(verdict: &VerdictResponse) -> Option<[Matcher; 2]> {
    let matchers = |side: &Option<VerdictSide>| {
        let selector: Selector = side.as_ref()?.selection.as_ref()?.selector.parse().ok()?;
        Some(selector.matchers)
    };
    let (before, after) = (matchers(&verdict.baseline)?, matchers(&verdict.comparison)?);
    let only = |own: &[Matcher], other: &[Matcher]| -> Vec<Matcher> {
        own.iter().filter(|matcher| !other.contains(matcher)).cloned().collect()
    };
    match (&only(&before, &after)[..], &only(&after, &before)[..]) {
        ([one], [other]) if one.name == other.name && [one.op, other.op] == [MatchOp::Equal; 2] => {
            Some([one.clone(), other.clone()])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::functions::tests::tree;
    use super::*;
    use flarepath_profile::sanitize::Policy;

    fn side(selector: &str) -> Option<VerdictSide> {
        let selection = VerdictSelection { selector: selector.to_owned(), ..VerdictSelection::default() };
        Some(VerdictSide { selection: Some(selection), ..VerdictSide::default() })
    }

    fn strict(verdict: &VerdictResponse, shown: &str) -> VerdictResponse {
        let policy = Policy::strict([3; 16]);
        let mut sanitizer = Sanitizer::new(&policy);
        let tree = sanitizer.tree(&tree(&[(shown, 1000)]));
        let once = frozen(verdict, "cpu", std::slice::from_ref(&tree), &mut sanitizer);
        assert_eq!(frozen(&once, "cpu", &[tree], &mut sanitizer), once, "again changes nothing");
        once
    }

    #[test]
    fn names_become_those_of_the_trees_and_numbers_stay() {
        let raw = "serve(alice@corp.example)";
        let sentence = format!(
            "CPU use is 16 % higher in customer acme than in customer bolt: 0.074 cores instead of 0.064 cores (95 % interval: \
             +8.7 % to +23 %). The largest difference is `read_token`, called by `{raw}`: 0.0395 cores (62.1 % of the total), \
             against none in customer bolt."
        );
        let verdict = VerdictResponse {
            headline: sentence.clone(),
            sentences: vec![
                sentence,
                format!("Costs moved from `{raw}` to `rare`; their caller costs what it did."),
                "Customer bolt has no profiles for 5 min of its 60 min.".to_owned(),
            ],
            relation: "values".to_owned(),
            baseline: side(r#"{service_name="checkout", customer="bolt"}"#),
            comparison: side(r#"{service_name="checkout", customer="acme"}"#),
            functions: vec![VerdictFunction {
                name: "read_token".to_owned(),
                called_by: raw.to_owned(),
                moved_from: "rare".to_owned(),
                file: "/home/alice/src/cart.rs".to_owned(),
                ..VerdictFunction::default()
            }],
            only_share: vec![raw.to_owned()],
            number: Some(VerdictNumber {
                text: "+0.0395 cores".to_owned(),
                label: format!("`{raw}`, largest difference"),
                grew: true,
            }),
            notes: vec!["no version appeared before version alice@corp.example".to_owned()],
            ..VerdictResponse::default()
        };
        let found = strict(&verdict, &format!("read_token;{raw}"));
        let expected = "CPU use is 16 % higher in value 2 than in value 1: 0.074 cores instead of 0.064 cores (95 % interval: \
             +8.7 % to +23 %). The largest difference is `read_token`, called by `serve(<e-mail>)`: 0.0395 cores (62.1 % of \
             the total), against none in value 1.";
        assert_eq!(found.headline, expected);
        let number = found.number.as_ref().map(|number| (number.text.as_str(), number.label.as_str()));
        assert_eq!(number, Some(("+0.0395 cores", "`serve(<e-mail>)`, largest difference")));
        assert_eq!(
            found.sentences[1],
            "Costs moved from `serve(<e-mail>)` to `(other)`; their caller costs what it did."
        );
        assert_eq!(found.sentences[2], "Value 1 has no profiles for 5 min of its 60 min.");
        assert_eq!(
            (found.functions[0].called_by.as_str(), found.functions[0].file.as_str()),
            ("serve(<e-mail>)", "cart.rs")
        );
        let all = format!("{found:?}");
        assert!(["alice", "acme", "bolt", "rare"].iter().all(|raw| !all.contains(raw)), "{all}");
    }

    #[test]
    fn long_names_and_own_code_are_those_of_the_trees() {
        let [raw, clean] = ["alice@corp.example", "<e-mail>"].map(|by| {
            let item = "shop::cart::Item, alloc::alloc::Global";
            format!("shop::cart::Sorted<{item}, alloc::vec::Vec<{item}>>::sort_by({by})")
        });
        let pattern = |of: &str, text: &str| OwnCodePattern { of: of.to_owned(), text: text.to_owned() };
        let verdict = |own_code: Vec<OwnCodePattern>| VerdictResponse {
            sentences: vec![format!("Another is `{}`: 1 s.", short_name(&raw)), format!("Of old: `{raw}`.")],
            functions: vec![VerdictFunction { name: raw.clone(), ..VerdictFunction::default() }],
            own_code_set: true,
            own_code,
            ..VerdictResponse::default()
        };
        let found = strict(&verdict(vec![pattern("name", "shop::")]), &raw);
        let expected = [
            "Another is `shop::cart::Sorted<…>::sort_by(<e-mail>)`: 1 s.".to_owned(),
            format!("Of old: `{clean}`."),
        ];
        assert_eq!(found.sentences, expected);
        assert_eq!((found.own_code_set, found.own_code.len()), (true, 1));
        let found =
            strict(&verdict(vec![pattern("name", "shop::"), pattern("name", "bob@corp.example")]), &raw);
        assert_eq!((found.own_code_set, found.own_code), (false, Vec::new()));
    }

    #[test]
    fn versions_and_hosts_are_as_in_the_selectors() {
        let verdict = |label: &str, text: &str| VerdictResponse {
            sentences: vec![
                text.to_owned(),
                "Version 1.2 first appeared at 2026-11-29T08:50:00Z.".to_owned(),
            ],
            baseline: side(&format!("{{{label}=\"1\"}}")),
            comparison: side(&format!("{{{label}=\"1.2\"}}")),
            notes: vec!["version 1.2 first appeared at 2026-11-29T08:50:00Z".to_owned()],
            ..VerdictResponse::default()
        };
        let versions = "CPU use is 9 times as high in version 1.2 as in version 1.";
        let found = strict(&verdict("version", versions), "main");
        assert_eq!(found.sentences, [versions, "Version 1.2 first appeared at 2026-11-29T08:50:00Z."]);
        assert_eq!(found.notes, ["version 1.2 first appeared at 2026-11-29T08:50:00Z"]);
        let found = strict(&verdict("pod", "CPU use is 2 % lower in pod 1.2 than in pod 1."), "main");
        let hashed = |side: Option<VerdictSide>| {
            let selector: Selector = side.unwrap().selection.unwrap().selector.parse().unwrap();
            selector.matchers[0].value.clone()
        };
        let expected = format!(
            "CPU use is 2 % lower in pod {} than in pod {}.",
            hashed(found.comparison.clone()),
            hashed(found.baseline.clone())
        );
        assert!(expected.contains('#') && found.sentences[0] == expected, "{found:?}");
    }

    #[test]
    fn the_version_before_a_change_is_as_in_labels() {
        let verdict = |version: &str| VerdictResponse {
            headline: format!(
                "CPU use is 16 % higher than in the hour before: 2 cores instead of 1 core. The largest cause is \
                 `serve(alice@corp.example)`: 1 core. The change began at about 2026-11-29T08:50:00Z, 3 min after version {version} \
                 first appeared."
            ),
            functions: vec![VerdictFunction {
                name: "serve(alice@corp.example)".to_owned(),
                ..VerdictFunction::default()
            }],
            ..VerdictResponse::default()
        };
        let found = strict(&verdict("1.2"), "serve(alice@corp.example)").headline;
        let end = "`serve(<e-mail>)`: 1 core. The change began at about 2026-11-29T08:50:00Z, 3 min after version 1.2 first appeared.";
        assert!(found.ends_with(end), "{found}");
        let found = strict(&verdict("bob@corp.example"), "serve(alice@corp.example)").headline;
        assert!(found.ends_with(" first appeared.") && !found.contains("bob"), "{found}");
    }

    #[test]
    fn a_verdict_that_could_not_be_computed_says_why() {
        let found = unavailable("this store does not offer totals of single profiles");
        assert_eq!(found.headline, "No verdict: this store does not offer totals of single profiles.");
        assert_eq!((found.sentences.len(), found.outcome.as_str()), (1, "unavailable"));
    }
}
