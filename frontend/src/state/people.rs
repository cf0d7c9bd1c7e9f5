//! Users, teams, service accounts, role bindings, sessions, tokens and audit entries. Times are in milliseconds since the
//! epoch.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: String,
    /// Sign-in name.
    pub(crate) name: String,
    pub(crate) display_name: String,
    /// When they were added.
    pub(crate) created_ms: i64,
    /// Whether the account is disabled.
    pub(crate) disabled: bool,
    /// When they last signed in.
    pub(crate) signed_in_ms: Option<i64>,
    /// Whether they have set a password.
    pub(crate) has_password: bool,
}

/// An active session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SessionInfo {
    pub(crate) id: String,
    /// Whether it is the current one.
    pub(crate) current: bool,
    /// Sign-in method: `password`, `oidc`, `claim`, `invitation`.
    pub(crate) method: String,
    /// Client address.
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    /// When it began.
    pub(crate) created_ms: i64,
    /// When it was last used.
    pub(crate) used_ms: i64,
    /// When it ends regardless of use.
    pub(crate) expires_ms: i64,
}

/// An API token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) id: String,
    /// Name given by its owner.
    pub(crate) name: String,
    /// The part that may be shown: prefix and last four characters.
    pub(crate) hint: String,
    /// Upper limit of its role.
    pub(crate) role: String,
    /// Upper limit of its scope; empty or `{}` for none.
    pub(crate) selector: String,
    /// When it was made.
    pub(crate) created_ms: i64,
    /// Whether it works.
    pub(crate) state: TokenState,
    /// When it ends or ended.
    pub(crate) ends_ms: i64,
    /// When it was last used.
    pub(crate) used_ms: Option<i64>,
    /// Address of its last use.
    pub(crate) used_ip: String,
}

/// State of a token, in display order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TokenState {
    /// Valid.
    #[default]
    Works,
    /// Rotated: valid until the overlap with its successor ends.
    Replaced,
    Expired,
    Revoked,
}

impl TokenState {
    /// Whether it is over.
    pub(crate) fn is_over(self) -> bool {
        self > TokenState::Replaced
    }
}

impl Token {
    /// Its scope as text.
    pub(crate) fn scope(&self) -> String {
        match self.selector.as_str() {
            "" | "{}" => "everything that its owner can access".to_owned(),
            selector => selector.to_owned(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenOwner {
    /// The caller.
    Me,
    /// The service account of this id.
    ServiceAccount(String),
}

/// A token to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WantedToken {
    pub(crate) name: String,
    /// Upper limit of its role.
    pub(crate) role: String,
    /// Upper limit of its scope; empty for none.
    pub(crate) selector: String,
    /// How long it lasts.
    pub(crate) days: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Team {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Selector of the team's profiles.
    pub(crate) selector: String,
    pub(crate) members: Vec<Member>,
}

/// A member of a team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Member {
    /// Id of the user.
    pub(crate) id: String,
    /// Sign-in name.
    pub(crate) name: String,
    /// Whether the membership comes from groups of the identity provider.
    pub(crate) from_groups: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServiceAccount {
    pub(crate) id: String,
    pub(crate) name: String,
    /// When it was added.
    pub(crate) created_ms: i64,
    /// Whether it is disabled: its tokens are then invalid.
    pub(crate) disabled: bool,
}

/// A role binding: subject, role, scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) id: String,
    /// `user`, `team` or `service_account`.
    pub(crate) subject_kind: String,
    pub(crate) subject_id: String,
    pub(crate) subject_name: String,
    /// `viewer`, `editor`, `admin` or `agent`.
    pub(crate) role: String,
    /// `org`, `team` or `selector`.
    pub(crate) scope_kind: String,
    /// Id of the team, or the selector.
    pub(crate) scope: String,
    /// Name of the team.
    pub(crate) scope_name: String,
    /// Whether it comes from groups of the identity provider.
    pub(crate) from_groups: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditEntry {
    /// Id; with the time, the cursor of a page.
    pub(crate) id: String,
    /// When, in nanoseconds since the epoch.
    pub(crate) at_ns: i64,
    /// `user`, `service_account`, `local`, `system` …
    pub(crate) actor_kind: String,
    /// May be empty.
    pub(crate) actor_id: String,
    /// Who.
    pub(crate) actor_name: String,
    /// From where.
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    /// Request id, as in the server log.
    pub(crate) request_id: String,
    /// Action, such as `user.create`.
    pub(crate) action: String,
    pub(crate) object_kind: String,
    pub(crate) object_id: String,
    pub(crate) object_name: String,
    /// The object before, as JSON.
    pub(crate) before: String,
    /// The object after, as JSON.
    pub(crate) after: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describes_token_scopes() {
        let token = Token { selector: "{}".into(), ..Token::default() };
        assert_eq!(token.scope(), "everything that its owner can access");
        assert_eq!(Token { selector: r#"{env="dev"}"#.into(), ..token }.scope(), r#"{env="dev"}"#);
        assert!(TokenState::Expired.is_over() && !TokenState::Replaced.is_over());
    }
}
