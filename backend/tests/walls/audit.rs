//! The list of actions of the audit log in `crates/wire` is what the sources write, so that the page has words for each.

use crate::source::rust;
use flarepath_wire::audit::ACTIONS;
use std::collections::BTreeSet;

/// Rooms that write entries.
const FOLDERS: [&str; 5] = [
    "backend/src/audit",
    "backend/src/auth",
    "backend/src/markers",
    "backend/src/sharing",
    "backend/src/http/routes/people",
];

/// Two words with a point between: `team.create`.
fn is_action(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    text.split_once('.').is_some_and(|(group, verb)| is_word(group) && is_word(verb))
}

/// Actions that a source writes: literals of a known group, and the first one of each `AuditEntry::new`.
fn written(text: &str) -> BTreeSet<&str> {
    let groups: BTreeSet<&str> = ACTIONS.iter().filter_map(|action| action.split('.').next()).collect();
    let of_group = |part: &&str| part.split('.').next().is_some_and(|group| groups.contains(group));
    let literals = text.split('"').filter(|part| is_action(part)).filter(of_group);
    let calls = text.split("AuditEntry::new(").skip(1).filter_map(|call| {
        let arguments = call.split_once(';').map_or(call, |(arguments, _)| arguments);
        arguments.split('"').nth(1).filter(|part| is_action(part))
    });
    literals.chain(calls).collect()
}

#[test]
fn every_written_action_is_in_the_list() {
    assert_eq!(written(r#"entry(actor, "team.paint", &team)"#), BTreeSet::from(["team.paint"]));
    assert_eq!(
        written(r#"AuditEntry::new(&actor, "paint.mix", "paint", "", "");"#),
        BTreeSet::from(["paint.mix"])
    );
    let sources: Vec<_> = FOLDERS.into_iter().flat_map(rust).collect();
    let written: BTreeSet<&str> = sources.iter().flat_map(|source| written(&source.text)).collect();
    assert_eq!(written, ACTIONS.into_iter().collect::<BTreeSet<&str>>());
}
