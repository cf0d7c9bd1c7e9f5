//! Users, teams, service accounts, what they may do, their sessions and tokens: as pages show them. Times are in
//! milliseconds since the epoch.

/// A user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct User {
    /// Id.
    pub(crate) id: String,
    /// What is typed to sign in.
    pub(crate) name: String,
    /// What people call them.
    pub(crate) display_name: String,
    /// When they were added.
    pub(crate) created_ms: i64,
    /// Whether they are kept out.
    pub(crate) disabled: bool,
    /// When they last signed in.
    pub(crate) signed_in_ms: Option<i64>,
    /// Whether they have set a password.
    pub(crate) has_password: bool,
}

/// A place where a person is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SessionInfo {
    /// Id.
    pub(crate) id: String,
    /// Whether it is this one.
    pub(crate) current: bool,
    /// How it began: `password`, `oidc`, `claim`, `invitation`.
    pub(crate) method: String,
    /// Where it is used from.
    pub(crate) ip: String,
    /// What the browser calls itself.
    pub(crate) user_agent: String,
    /// When it began.
    pub(crate) created_ms: i64,
    /// When it was last used.
    pub(crate) used_ms: i64,
    /// When it ends even if it is used.
    pub(crate) expires_ms: i64,
}

/// An API token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Token {
    /// Id.
    pub(crate) id: String,
    /// What it is for, in its owner's words.
    pub(crate) name: String,
    /// What may be shown of it: its kind and its last four characters.
    pub(crate) hint: String,
    /// At most this role.
    pub(crate) role: String,
    /// At most over these profiles; empty or `{}`: no limit of its own.
    pub(crate) selector: String,
    /// When it was made.
    pub(crate) created_ms: i64,
    /// Whether it works.
    pub(crate) state: TokenState,
    /// When it ends or ended.
    pub(crate) ends_ms: i64,
    /// When it was last used.
    pub(crate) used_ms: Option<i64>,
    /// From where it was last used.
    pub(crate) used_ip: String,
}

/// Whether a token works. In the order of lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TokenState {
    /// It works.
    #[default]
    Works,
    /// It works until the newer one that takes its place is in use everywhere.
    Replaced,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

impl TokenState {
    /// Whether it is over.
    pub(crate) fn is_over(self) -> bool {
        self > TokenState::Replaced
    }
}

impl Token {
    /// Over which profiles, in words.
    pub(crate) fn scope(&self) -> String {
        match self.selector.as_str() {
            "" | "{}" => "all that its owner reaches".to_owned(),
            selector => selector.to_owned(),
        }
    }
}

/// Whose tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenOwner {
    /// The person's own.
    Me,
    /// Those of the service account of this id.
    ServiceAccount(String),
}

/// A token that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WantedToken {
    /// What it is for.
    pub(crate) name: String,
    /// At most this role.
    pub(crate) role: String,
    /// At most over these profiles; empty for no limit.
    pub(crate) selector: String,
    /// How long it lasts.
    pub(crate) days: u32,
}

/// A team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Team {
    /// Id.
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
    /// Which profiles are the team's.
    pub(crate) selector: String,
    /// Who is in it.
    pub(crate) members: Vec<Member>,
}

/// Somebody in a team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Member {
    /// Id of the user.
    pub(crate) id: String,
    /// What is typed to sign in.
    pub(crate) name: String,
    /// Whether the identity provider's groups put them there.
    pub(crate) from_groups: bool,
}

/// A service account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServiceAccount {
    /// Id.
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
    /// When it was added.
    pub(crate) created_ms: i64,
    /// Whether it is switched off: its tokens then do not work.
    pub(crate) disabled: bool,
}

/// Who has which role over which profiles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Binding {
    /// Id.
    pub(crate) id: String,
    /// `user`, `team` or `service_account`.
    pub(crate) subject_kind: String,
    /// Id of the subject.
    pub(crate) subject_id: String,
    /// Name of the subject.
    pub(crate) subject_name: String,
    /// `viewer`, `editor`, `admin` or `agent`.
    pub(crate) role: String,
    /// `org`, `team` or `selector`.
    pub(crate) scope_kind: String,
    /// Id of the team, or the selector.
    pub(crate) scope: String,
    /// Name of the team.
    pub(crate) scope_name: String,
    /// Whether the identity provider's groups give it.
    pub(crate) from_groups: bool,
}

/// One thing that was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditEntry {
    /// Id; with the time it says where a page of the log ends.
    pub(crate) id: String,
    /// When, in nanoseconds since the epoch.
    pub(crate) at_ns: i64,
    /// `user`, `service_account`, `local`, `system` …
    pub(crate) actor_kind: String,
    /// Who.
    pub(crate) actor_name: String,
    /// From where.
    pub(crate) ip: String,
    /// With what.
    pub(crate) user_agent: String,
    /// The request, as the server's log names it.
    pub(crate) request_id: String,
    /// Action, such as `user.create`.
    pub(crate) action: String,
    /// To what kind of thing.
    pub(crate) object_kind: String,
    /// Its id.
    pub(crate) object_id: String,
    /// Its name.
    pub(crate) object_name: String,
    /// JSON of what it was.
    pub(crate) before: String,
    /// JSON of what it became.
    pub(crate) after: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_say_what_they_reach() {
        let token = Token { selector: "{}".into(), ..Token::default() };
        assert_eq!(token.scope(), "all that its owner reaches");
        assert_eq!(Token { selector: r#"{env="dev"}"#.into(), ..token }.scope(), r#"{env="dev"}"#);
        assert!(TokenState::Expired.is_over() && !TokenState::Replaced.is_over());
    }
}
