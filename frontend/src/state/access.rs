//! Roles, permissions and bindings as text.

use super::people::Binding;

/// The roles, weakest first: name, label, description.
pub(crate) const ROLES: [(&str, &str, &str); 5] = [
    ("agent", "Agent", "sends profiles and reads none"),
    ("deployer", "Deployer", "posts markers, such as deployments, and reads no profiles"),
    ("viewer", "Viewer", "reads profiles and shares them internally"),
    ("editor", "Editor", "reads and sends profiles, posts markers, and shares with anyone"),
    ("admin", "Admin", "like Editor; with the scope Everything also manages people"),
];

/// The label of a role.
pub(crate) fn role_name(role: &str) -> &str {
    ROLES.iter().find(|(name, ..)| *name == role).map_or(role, |(_, called, _)| called)
}

/// The roles to choose from, but those in `without`.
pub(crate) fn role_choices(without: &[&str]) -> Vec<(String, String)> {
    let kept = ROLES.iter().filter(|(name, ..)| !without.contains(name));
    kept.map(|(name, called, what)| ((*name).to_owned(), format!("{called}: {what}"))).collect()
}

/// The description of a permission.
pub(crate) fn permission_text(name: &str) -> Option<&'static str> {
    Some(match name {
        "profiles:read" => "read profiles",
        "profiles:write" => "send profiles",
        "metrics:read" => "read the server's own metrics",
        "shares:create" => "share with the team or the organisation",
        "shares:create-public" => "share with anyone who has the link",
        "shares:manage" => "manage what others shared",
        "services:edit" => "set what counts as own code of a service",
        "markers:write" => "post and delete markers of services",
        "people:manage" => "manage people, teams and service accounts",
        "audit:read" => "read the audit log",
        _ => return None,
    })
}

/// The scope of a binding: `everything`, `the profiles of team pay`, or a selector.
pub(crate) fn scope_text(binding: &Binding) -> String {
    match binding.scope_kind.as_str() {
        "org" => "everything".to_owned(),
        "team" if binding.scope_name.is_empty() => "the profiles of a deleted team".to_owned(),
        "team" => format!("the profiles of team {}", binding.scope_name),
        _ => format!("profiles that match {}", binding.scope),
    }
}

/// What a binding allows, as a sentence without its subject.
pub(crate) fn meaning(binding: &Binding) -> String {
    let scope = scope_text(binding);
    let whole = binding.scope_kind == "org";
    match binding.role.as_str() {
        "agent" => format!("may send {scope}").replace("send everything", "send any profile"),
        "deployer" if whole => "may post markers of any service".to_owned(),
        "deployer" => format!("may post markers about {scope}"),
        "viewer" => format!("may read {scope} and share it internally"),
        "editor" if whole => "may read and send everything, and share it with anyone".to_owned(),
        "editor" => format!("may read and send {scope} and share it internally"),
        "admin" if whole => "may do everything, including managing people".to_owned(),
        "admin" => format!("may read and send {scope} and share it internally"),
        role => format!("has the role {role} over {scope}"),
    }
}

/// The label of a kind of subject.
pub(crate) fn subject_kind_name(kind: &str) -> &str {
    match kind {
        "user" => "User",
        "team" => "Team",
        "service_account" => "Service account",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(role: &str, scope_kind: &str, scope: &str) -> Binding {
        Binding {
            role: role.into(),
            scope_kind: scope_kind.into(),
            scope: scope.into(),
            scope_name: if scope_kind == "team" { "pay".into() } else { String::new() },
            ..Binding::default()
        }
    }

    #[test]
    fn describes_bindings() {
        assert_eq!(meaning(&over("admin", "org", "")), "may do everything, including managing people");
        assert_eq!(
            meaning(&over("viewer", "team", "1")),
            "may read the profiles of team pay and share it internally"
        );
        assert_eq!(meaning(&over("agent", "org", "")), "may send any profile");
        assert_eq!(meaning(&over("deployer", "org", "")), "may post markers of any service");
        assert_eq!(
            meaning(&over("editor", "selector", r#"{env="dev"}"#)),
            r#"may read and send profiles that match {env="dev"} and share it internally"#
        );
    }

    #[test]
    fn names_roles() {
        assert_eq!(role_name("viewer"), "Viewer");
        assert_eq!(role_name("new"), "new");
        assert_eq!(role_choices(&["agent", "deployer"]).len(), 3);
    }
}
