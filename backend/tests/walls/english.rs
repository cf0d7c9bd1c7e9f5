//! Rejects wording that has slipped into the page, the log, the docs or the code before, and suggests the field's terms.

use crate::source::files;

/// Wording in lower case, and its replacement; found as whole words, in any case.
const BANNED: &[(&str, &str)] = &[
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
    ("mending", "fixing"),
    ("whoever", "the person who, anyone who, or the role"),
    ("nobody is", "no user is"),
    ("is no kind of", "unknown … kind"),
    ("leads nowhere", "does not exist"),
    ("fits nothing", "matches nothing"),
    ("nothing fits", "no matches"),
    ("one of these may be so", "possible causes"),
    ("this flarepath yours", "claim this server"),
    ("where you are signed in", "active sessions"),
    ("signed in nowhere", "no active sessions"),
    ("hand over", "transfer ownership, or pass on"),
    ("handed over", "transferred, or passed on"),
    ("type the same one twice", "passwords don't match"),
    ("small letters", "lowercase letters"),
    ("what goes and what stays", "sanitization preview"),
    ("turn it around", "invert"),
    ("fold its recursion", "collapse recursion"),
    ("not looked at", "ignored"),
    ("a query broke", "query failed"),
    ("give a role", "create a role binding"),
    ("take a role away", "delete a role binding"),
    ("the own password", "your password"),
    ("is shut", "is disabled"),
    ("mixed_up", "a name for the mismatch"),
    ("names_somebody", "a name for the condition"),
    ("at hand", "available"),
    ("own account", "your account"),
    ("contradict themselves", "are inconsistent"),
    ("layout of old", "old layout"),
    ("layouts of old", "old layouts"),
    ("we would choose again", "to be reconsidered if"),
    ("make us choose again", "to be reconsidered if"),
    ("word is taken", "is accepted"),
    ("screen's beat", "refresh interval"),
    ("lets exactly", "admits exactly"),
    ("beside what", "compared with"),
    ("who may name", "the names that … may use"),
    ("may import which", "the order of …"),
    ("line in the audit log", "audit entry"),
    ("stand beside", "be compared with, or be beside"),
    ("what it refuses", "rejected …"),
    ("set-up", "setup"),
    ("data folder", "data directory"),
    ("data folders", "data directories"),
    ("data_folder", "data_directory"),
    ("done that fits", "no matching audit entries"),
    ("as far as their time", "unexpired …"),
    ("of a group was stored", "transaction rolled back"),
    ("no share shows", "unreferenced snapshots"),
    ("the same length of time", "previous period"),
    ("open it first", "enable it first"),
    ("stored tree is not one", "stored tree is corrupt"),
    ("recursion folded", "recursion collapsed"),
    ("package folded", "package collapsed"),
    ("packages folded", "packages collapsed"),
    ("does not decode", "cannot be decoded"),
    ("is no backup", "is not a backup"),
    ("is not sound", "is damaged"),
    ("an equal binding", "this role binding already exists"),
    ("no end set", "never"),
    ("it cannot be told whether", "… cannot be detected"),
    ("guess it again", "use the guess"),
    ("of the administration", "under Administration"),
    ("while the server runs or not", "whether or not the server is running"),
    ("present hour", "current hour"),
    ("present day", "current day"),
    ("in every second hour", "in every other hour"),
];

/// Occurrences of the list's wording in a text, with their lines.
fn slips(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    for (number, line) in lower.lines().enumerate() {
        for (words, instead) in BANNED {
            if has_words(line, words) {
                found.push(format!("line {}: “{words}” (write: {instead})", number + 1));
            }
        }
    }
    found
}

fn has_words(line: &str, words: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(words).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(part_of_word);
        let after = line[at + words.len()..].chars().next().is_some_and(part_of_word);
        !before && !after
    })
}

#[test]
fn the_fields_words_are_used() {
    let mut found = Vec::new();
    for (folder, endings) in [
        ("backend", &[".rs", ".html", ".sql"][..]),
        ("frontend", &[".rs", ".html"]),
        ("crates", &[".rs", ".md", ".sh"]),
        ("e2e", &[".mjs", ".md"]),
        ("style", &[".css"]),
        ("scripts", &[".sh", ".mjs"]),
        ("docs", &[".md"]),
        ("deploy", &[".md"]),
    ] {
        for source in files(folder, endings) {
            if source.path != "backend/tests/walls/english.rs" {
                found.extend(slips(&source.text).into_iter().map(|slip| format!("{} {slip}", source.path)));
            }
        }
    }
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "Makefile"]
    {
        let text = std::fs::read_to_string(crate::source::root().join(page)).unwrap();
        found.extend(slips(&text).into_iter().map(|slip| format!("{page} {slip}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn slips_are_found_in_any_case_as_whole_words() {
    assert_eq!(slips("ok\nThe filter has a mistake; Mend it.").len(), 1);
    assert!(slips("recommended amend mender").is_empty());
    assert_eq!(slips("“Nothing fits” and signed in nowhere").len(), 2);
}
