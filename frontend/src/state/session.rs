//! Who is at the page, and where a person goes on to after signing in.

/// Who is at the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Me {
    /// Id of the user; empty for nobody.
    pub(crate) id: String,
    /// What is typed to sign in.
    pub(crate) name: String,
    /// What people call them.
    pub(crate) display_name: String,
    /// Nobody, the person at this machine where there is no sign-in, or a user.
    pub(crate) who: Who,
    /// What may be done, by the names that the route table uses.
    pub(crate) permissions: Vec<String>,
    /// Names of the teams.
    pub(crate) teams: Vec<String>,
    /// When the session ends even if it is used, in milliseconds since the epoch.
    pub(crate) session_ends_ms: Option<i64>,
    /// Whether there is a password to change.
    pub(crate) has_password: bool,
}

/// What kind of person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Who {
    /// Nobody that the server knows.
    #[default]
    Nobody,
    /// Anyone, as there is no sign-in.
    Local,
    /// A user.
    User,
}

impl Me {
    /// Whether a permission of this name is there.
    pub(crate) fn may(&self, permission: &str) -> bool {
        self.permissions.iter().any(|p| p == permission)
    }

    /// What to call the person.
    pub(crate) fn called(&self) -> &str {
        if self.display_name.is_empty() { &self.name } else { &self.display_name }
    }
}

/// Where a person goes on to after signing in: a path of ours, or the start.
///
/// An address that someone else wrote must not lead away: browsers read `//host`, `/\host` and a path with a line break
/// or tab in its beginning as another host.
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
    fn signing_in_leads_to_paths_of_ours_only() {
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
    fn people_are_called_by_their_names() {
        let me = Me { name: "ann".into(), permissions: vec!["people:manage".into()], ..Me::default() };
        assert_eq!(me.called(), "ann");
        assert!(me.may("people:manage") && !me.may("audit:read"));
        assert_eq!(Me { display_name: "Ann L.".into(), ..me }.called(), "Ann L.");
    }
}
