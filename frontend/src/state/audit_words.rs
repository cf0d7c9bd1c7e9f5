//! Entries of the audit log in words: what happened as a sentence, and the actions by name.

use super::audit::{fields, summary};
use super::people::AuditEntry;

/// Code of an action, its name in the filter, and what the actor did: `{}` is the name of the object, `{role}` that of a role.
#[rustfmt::skip]
pub(crate) const ACTIONS: [(&str, &str, &str); 48] = [
    ("session.start", "Signed in", "signed in"),
    ("session.end", "Session ended", "ended a session"),
    ("session.end_all", "All sessions ended", "ended all sessions of {}"),
    ("session.refuse", "Sign-in failed", "failed to sign in as {}"),
    ("session.reuse", "Replaced session cookie used", "ended a session of {}: its replaced cookie was used"),
    ("user.create", "Account created", "created the account {}"),
    ("user.update", "Account changed", "changed the account {}"),
    ("user.rename", "Display name changed", "changed the display name of {}"),
    ("user.change_password", "Password changed", "changed the password of {}"),
    ("user.disable", "Account disabled", "disabled the account {}"),
    ("user.enable", "Account enabled", "enabled the account {}"),
    ("invitation.create", "Password link created", "created a password link for {}"),
    ("invitation.accept", "Invitation accepted", "accepted an invitation"),
    ("identity.link", "Identity linked", "linked {} to an identity provider"),
    ("instance.claim", "Server claimed", "claimed the server"),
    ("team.create", "Team created", "created the team {}"),
    ("team.update", "Team changed", "changed the team {}"),
    ("team.delete", "Team deleted", "deleted the team {}"),
    ("team.add_member", "Team member added", "added a member to the team {}"),
    ("team.remove_member", "Team member removed", "removed a member from the team {}"),
    ("binding.create", "Role granted", "granted the role {role} to {}"),
    ("binding.delete", "Role revoked", "revoked the role {role} of {}"),
    ("service_account.create", "Service account created", "created the service account {}"),
    ("service_account.update", "Service account changed", "changed the service account {}"),
    ("service_account.delete", "Service account deleted", "deleted the service account {}"),
    ("token.create", "Token created", "created the token {}"),
    ("token.rotate", "Token rotated", "rotated the token {}"),
    ("token.revoke", "Token revoked", "revoked the token {}"),
    ("token.refuse", "Token refused", "used a refused token"),
    ("token.reuse", "Replaced token used", "revoked the token {}: it was used after its rotation"),
    ("own_code.set", "Own code set", "set the own code of {}"),
    ("own_code.delete", "Own code removed", "removed the own code of {}"),
    ("marker.create", "Marker posted", "posted a marker of {}"),
    ("marker.delete", "Marker deleted", "deleted a marker of {}"),
    ("share.create", "Share created", "created the share {}"),
    ("share.view", "Share opened", "opened the share {}"),
    ("share.change", "Share changed", "changed the share {}"),
    ("share.revoke", "Share revoked", "revoked the share {}"),
    ("share.revoke_all", "All shares of a user revoked", "revoked all shares of a user"),
    ("share.relink", "Share link replaced", "replaced the link of the share {}"),
    ("share.transfer", "Share transferred", "transferred the share {}"),
    ("share.transfer_all", "All shares of a user transferred", "transferred all shares of a user"),
    ("share.set_view", "View of a share saved", "saved a view of the share {}"),
    ("share.delete_view", "View of a share deleted", "deleted a view of the share {}"),
    ("share.annotate", "Note added to a share", "added a note to the share {}"),
    ("share.delete_annotation", "Note of a share deleted", "deleted a note of the share {}"),
    ("audit.export", "Audit log downloaded", "downloaded the audit log"),
    ("audit.trim", "Old audit entries moved to a file", "moved old audit entries to the file {}"),
];

/// What happened, as a sentence without a full stop: `ann created the team payments`. An action without words is told by its code.
pub(crate) fn sentence(entry: &AuditEntry) -> String {
    // Counts of failed attempts and exports tell it themselves.
    if let Some(text) = summary(&entry.after) {
        return text;
    }
    let did = ACTIONS.iter().find(|(code, ..)| *code == entry.action).map(|(.., did)| *did);
    let did = did.map_or_else(|| format!("{}: {{}}", entry.action), str::to_owned);
    format!("{} {}", actor(entry), filled(&did, entry))
}

/// The name of who acted.
fn actor(entry: &AuditEntry) -> &str {
    match (entry.actor_name.as_str(), entry.actor_kind.as_str()) {
        ("", "system") => "The server",
        ("", "anonymous") => "Somebody",
        ("", "local") => "The local user",
        ("", kind) => kind,
        (name, _) => name,
    }
}

/// The text with the names in it. Without a name of the object, the word before its place goes, too.
fn filled(did: &str, entry: &AuditEntry) -> String {
    let role = [&entry.after, &entry.before]
        .into_iter()
        .flat_map(|text| fields(text))
        .find(|(name, _)| name == "role");
    let did = did.replace("{role}", role.as_ref().map_or("", |(_, role)| role.as_str()));
    match entry.object_name.as_str() {
        "" => [": {}", " to {}", " of {}", " for {}", " {}"]
            .into_iter()
            .fold(did, |did, place| did.replace(place, "")),
        name => did.replace("{}", name),
    }
}

/// Options of the filter: any action, all actions by name, and the code of the address if it is none of them.
pub(crate) fn options(chosen: &str) -> Vec<(String, String)> {
    let named = ACTIONS.iter().map(|(code, name, _)| ((*code).to_owned(), (*name).to_owned()));
    let mut named: Vec<(String, String)> = named.collect();
    named.sort_by(|one, other| one.1.cmp(&other.1));
    let other = (!chosen.is_empty() && named.iter().all(|(code, _)| code != chosen))
        .then(|| (chosen.to_owned(), chosen.to_owned()));
    [(String::new(), "Any".to_owned())].into_iter().chain(other).chain(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(action: &str, object_name: &str) -> AuditEntry {
        AuditEntry {
            actor_name: "ann".into(),
            actor_kind: "user".into(),
            action: action.into(),
            object_name: object_name.into(),
            ..AuditEntry::default()
        }
    }

    #[test]
    fn entries_are_sentences() {
        assert_eq!(sentence(&entry("team.create", "payments")), "ann created the team payments");
        assert_eq!(sentence(&entry("session.start", "ann")), "ann signed in");
        assert_eq!(sentence(&entry("audit.export", "")), "ann downloaded the audit log");
        let granted = AuditEntry { after: r#"{"role":"viewer"}"#.into(), ..entry("binding.create", "") };
        assert_eq!(sentence(&granted), "ann granted the role viewer");
        let granted = AuditEntry { object_name: "bob".into(), ..granted };
        assert_eq!(sentence(&granted), "ann granted the role viewer to bob");
        let revoked = AuditEntry { before: r#"{"role":"admin"}"#.into(), ..entry("binding.delete", "") };
        assert_eq!(sentence(&revoked), "ann revoked the role admin");
        let reuse = AuditEntry {
            actor_kind: "system".into(),
            actor_name: String::new(),
            ..entry("session.reuse", "bob")
        };
        assert_eq!(sentence(&reuse), "The server ended a session of bob: its replaced cookie was used");
        assert_eq!(sentence(&entry("team.paint", "payments")), "ann team.paint: payments");
        assert_eq!(sentence(&entry("team.paint", "")), "ann team.paint");
        let counted = AuditEntry {
            after: r#"{"summary":"40 more failed sign-ins as ann"}"#.into(),
            ..entry("session.refuse", "ann")
        };
        assert_eq!(sentence(&counted), "40 more failed sign-ins as ann");
    }

    #[test]
    fn options_keep_the_code_of_an_address() {
        assert_eq!(options("")[0], (String::new(), "Any".to_owned()));
        assert_eq!(options("team.create").len(), ACTIONS.len() + 1);
        assert_eq!(options("team")[1], ("team".to_owned(), "team".to_owned()));
    }
}
