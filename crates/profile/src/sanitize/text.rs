//! Cleaning of one text: applies every rule of a policy until none matches.

use super::field::Field;
use super::paths;
use super::policy::Policy;
use super::report::Report;
use super::scan::{Present, Rule, replace};
use std::borrow::Cow;
use std::ops::Range;

/// Rounds after which a text in which something is still found is given up.
const ROUNDS: usize = 8;

/// A text without what the policy takes out; what that was goes into the report. Cleaning again changes nothing.
pub(super) fn clean<'a>(policy: &Policy, report: &mut Report, text: &'a str, field: Field) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(text);
    let mut found = Vec::new();
    for _ in 0..ROUNDS {
        match round(policy, report, &text, field, &mut found) {
            Some(cleaned) => text = Cow::Owned(cleaned),
            None => return text,
        }
    }
    // What is replaced makes up something new each time, which only scans from outside bring about.
    report.found(Rule::Unclear.name(), field, 1);
    Cow::Borrowed(Rule::Unclear.placeholder())
}

/// Every rule once; `None` when none has found anything.
fn round(
    policy: &Policy,
    report: &mut Report,
    text: &str,
    field: Field,
    found: &mut Vec<Range<usize>>,
) -> Option<String> {
    let mut current = Cow::Borrowed(text);
    // Placeholders make nothing up that a rule finds; what else is made up, the next round sees.
    let present = Present::of(text);
    for &rule in policy.rules.iter().filter(|rule| rule.may_find(present) && !field.exempt(**rule, text)) {
        found.clear();
        rule.scan(&current, found);
        take_out(&mut current, report, field, found, rule.name(), rule.placeholder());
    }
    for scan in &policy.scans {
        found.clear();
        scan.scan(&current, found);
        take_out(&mut current, report, field, found, scan.name(), scan.placeholder());
    }
    if let Some(shorter) = paths::shorten(&current, field, policy.paths) {
        report.found(Rule::Path.name(), field, 1);
        current = Cow::Owned(shorter);
    }
    match current {
        Cow::Owned(cleaned) if cleaned != text => Some(cleaned),
        _ => None,
    }
}

fn take_out(
    text: &mut Cow<'_, str>,
    report: &mut Report,
    field: Field,
    found: &mut [Range<usize>],
    rule: &str,
    placeholder: &str,
) {
    if found.is_empty() {
        return;
    }
    let replaced = replace(text, found, placeholder);
    if replaced != **text {
        report.found(rule, field, found.len());
        *text = Cow::Owned(replaced);
    }
}
