//! The signed-in person, and the path to return to after sign-in.

/// The signed-in person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Me {
    /// Id of the user; empty for nobody.
    pub(crate) id: String,
    /// Sign-in name.
    pub(crate) name: String,
    pub(crate) display_name: String,
    /// Kind of person.
    pub(crate) who: Who,
    /// Permissions, as the route table names them.
    pub(crate) permissions: Vec<String>,
    /// Names of the teams.
    pub(crate) teams: Vec<String>,
    /// When the session ends regardless of use, in milliseconds since the epoch.
    pub(crate) session_ends_ms: Option<i64>,
    /// Whether there is a password to change.
    pub(crate) has_password: bool,
}

/// Kinds of persons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Who {
    /// Not signed in.
    #[default]
    Nobody,
    /// Anyone: sign-in is disabled.
    Local,
    User,
}

impl Me {
    /// Whether the person has a permission.
    pub(crate) fn may(&self, permission: &str) -> bool {
        self.permissions.iter().any(|p| p == permission)
    }

    /// The name to display.
    pub(crate) fn called(&self) -> &str {
        if self.display_name.is_empty() { &self.name } else { &self.display_name }
    }
}

/// The path to return to after sign-in: one of this app, or `/`.
///
/// A crafted link must not redirect to another site: browsers read `//host`, `/\host` and a path that begins with a line
/// break or tab as another host.
pub(crate) fn safe_next(wanted: &str) -> &str {
    let path = wanted.split(['?', '#']).next().unwrap_or_default();
    let ours = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.contains(|c: char| c == '\\' || c.is_control())
        && !["/login", "/claim", "/invite"].contains(&path.trim_end_matches('/'))
        && !path.starts_with("/api/");
    if ours { wanted } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_only_to_paths_of_this_app() {
        for ours in ["/", "/explore?service=a&from=now-1h", "/s/ABC/v/2", "/compare?b.from=1#x"] {
            assert_eq!(safe_next(ours), ours);
        }
        let theirs = [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            "explore",
            "/login?next=/login",
            "/claim",
            "/api/v1/oidc/start",
            "/explore?x=\\",
        ];
        for theirs in theirs {
            assert_eq!(safe_next(theirs), "/", "{theirs:?}");
        }
    }

    #[test]
    fn displays_the_display_name_first() {
        let me = Me { name: "ann".into(), permissions: vec!["people:manage".into()], ..Me::default() };
        assert_eq!(me.called(), "ann");
        assert!(me.may("people:manage") && !me.may("audit:read"));
        assert_eq!(Me { display_name: "Ann L.".into(), ..me }.called(), "Ann L.");
    }
}
