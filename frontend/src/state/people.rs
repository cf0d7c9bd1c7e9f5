//! Users, teams, service accounts, what they may do, their sessions and tokens: as pages show them. Times are in
//! milliseconds since the epoch.

/// A user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Id.
    pub id: String,
    /// What is typed to sign in.
    pub name: String,
    /// What people call them.
    pub display_name: String,
    /// When they were added.
    pub created_ms: i64,
    /// Whether they are kept out.
    pub disabled: bool,
    /// When they last signed in.
    pub signed_in_ms: Option<i64>,
    /// Whether they have set a password.
    pub has_password: bool,
}

/// A place where a person is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionInfo {
    /// Id.
    pub id: String,
    /// Whether it is this one.
    pub current: bool,
    /// How it began: `password`, `oidc`, `claim`, `invitation`.
    pub method: String,
    /// Where it is used from.
    pub ip: String,
    /// What the browser calls itself.
    pub user_agent: String,
    /// When it began.
    pub created_ms: i64,
    /// When it was last used.
    pub used_ms: i64,
    /// When it ends even if it is used.
    pub expires_ms: i64,
}

/// An API token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token {
    /// Id.
    pub id: String,
    /// What it is for, in its owner's words.
    pub name: String,
    /// What may be shown of it: its kind and its last four characters.
    pub hint: String,
    /// At most this role.
    pub role: String,
    /// At most over these profiles; empty or `{}`: no limit of its own.
    pub selector: String,
    /// When it was made.
    pub created_ms: i64,
    /// Whether it works.
    pub state: TokenState,
    /// When it ends or ended.
    pub ends_ms: i64,
    /// When it was last used.
    pub used_ms: Option<i64>,
    /// From where it was last used.
    pub used_ip: String,
}

/// Whether a token works. In the order of lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenState {
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
    pub fn is_over(self) -> bool {
        self > TokenState::Replaced
    }
}

impl Token {
    /// Over which profiles, in words.
    pub fn scope(&self) -> String {
        match self.selector.as_str() {
            "" | "{}" => "all that its owner reaches".to_owned(),
            selector => selector.to_owned(),
        }
    }
}

/// Whose tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenOwner {
    /// The person's own.
    Me,
    /// Those of the service account of this id.
    ServiceAccount(String),
}

/// A token that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedToken {
    /// What it is for.
    pub name: String,
    /// At most this role.
    pub role: String,
    /// At most over these profiles; empty for no limit.
    pub selector: String,
    /// How long it lasts.
    pub days: u32,
}

/// A team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Which profiles are the team's.
    pub selector: String,
    /// Who is in it.
    pub members: Vec<Member>,
}

/// Somebody in a team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// Id of the user.
    pub id: String,
    /// What is typed to sign in.
    pub name: String,
    /// Whether the identity provider's groups put them there.
    pub from_groups: bool,
}

/// A service account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// When it was added.
    pub created_ms: i64,
    /// Whether it is switched off: its tokens then do not work.
    pub disabled: bool,
}

/// Who has which role over which profiles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    /// Id.
    pub id: String,
    /// `user`, `team` or `service_account`.
    pub subject_kind: String,
    /// Id of the subject.
    pub subject_id: String,
    /// Name of the subject.
    pub subject_name: String,
    /// `viewer`, `editor`, `admin` or `agent`.
    pub role: String,
    /// `org`, `team` or `selector`.
    pub scope_kind: String,
    /// Id of the team, or the selector.
    pub scope: String,
    /// Name of the team.
    pub scope_name: String,
    /// Whether the identity provider's groups give it.
    pub from_groups: bool,
}

/// One thing that was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditEntry {
    /// Id; with the time it says where a page of the log ends.
    pub id: String,
    /// When, in nanoseconds since the epoch.
    pub at_ns: i64,
    /// `user`, `service_account`, `local`, `system` …
    pub actor_kind: String,
    /// Who.
    pub actor_name: String,
    /// From where.
    pub ip: String,
    /// With what.
    pub user_agent: String,
    /// The request, as the server's log names it.
    pub request_id: String,
    /// What was done, such as `user.create`.
    pub action: String,
    /// To what kind of thing.
    pub object_kind: String,
    /// Its id.
    pub object_id: String,
    /// Its name.
    pub object_name: String,
    /// JSON of what it was.
    pub before: String,
    /// JSON of what it became.
    pub after: String,
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
