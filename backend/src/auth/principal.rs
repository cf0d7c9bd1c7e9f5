//! The caller of a request.

use super::{Bounds, Grant, Permission, Role, Scope};
use crate::db::audit::Actor;
use crate::db::id::{PrincipalId, SessionId, TeamId, TokenId, UserId};
use std::net::IpAddr;
use std::sync::Arc;

/// The kind of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Not authenticated.
    Anonymous,
    /// The only caller where sign-in is disabled.
    Local,
    /// A user.
    User,
    /// A service account.
    ServiceAccount,
}

impl Kind {
    /// The name in records and messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Anonymous => "anonymous",
            Kind::Local => "local",
            Kind::User => "user",
            Kind::ServiceAccount => "service_account",
        }
    }
}

/// The caller of a request. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal(Arc<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: Kind,
    id: PrincipalId,
    name: String,
    teams: Vec<TeamId>,
    /// Teams whose profiles a service account has roles over.
    scope_teams: Vec<TeamId>,
    /// Names of the teams that it is a member of, or over whose profiles it has a role that reads them.
    reading_teams: Vec<String>,
    grants: Vec<Grant>,
    session: Option<SessionId>,
    token: Option<TokenId>,
    address: Option<IpAddr>,
}

impl Principal {
    /// The only caller where sign-in is disabled, with all permissions.
    pub fn local() -> Principal {
        let grants = vec![Grant { role: Role::Admin, scope: Scope::Everything }];
        Principal::new(Kind::Local, "local", "local", Vec::new(), grants)
    }

    /// A caller without credentials, who has public permissions only.
    pub fn anonymous() -> Principal {
        Principal::new(Kind::Anonymous, "", "", Vec::new(), Vec::new())
    }

    /// A caller with grants.
    pub fn new(
        kind: Kind,
        id: impl Into<PrincipalId>,
        name: &str,
        teams: Vec<TeamId>,
        grants: Vec<Grant>,
    ) -> Principal {
        let (id, name) = (id.into(), name.to_owned());
        Principal(Arc::new(Inner {
            kind,
            id,
            name,
            teams,
            scope_teams: Vec::new(),
            reading_teams: Vec::new(),
            grants,
            session: None,
            token: None,
            address: None,
        }))
    }

    /// The same caller, authenticated by a session.
    #[must_use]
    pub fn with_session(self, id: &SessionId) -> Principal {
        self.modified(|inner| inner.session = Some(id.clone()))
    }

    /// The same caller, authenticated by an API token that limits the grants to `grants`.
    #[must_use]
    pub(crate) fn with_token(self, id: &TokenId, grants: Vec<Grant>) -> Principal {
        self.modified(|inner| {
            inner.token = Some(id.clone());
            inner.grants = grants;
        })
    }

    /// The same caller, a service account with roles over the profiles of `teams`.
    #[must_use]
    pub(crate) fn with_scope_teams(self, teams: &[TeamId]) -> Principal {
        self.modified(|inner| inner.scope_teams = teams.to_vec())
    }

    /// The same caller, who reads profiles for these teams; by name.
    #[must_use]
    pub(crate) fn with_reading_teams(self, names: &[String]) -> Principal {
        self.modified(|inner| inner.reading_teams = names.to_vec())
    }

    /// The same caller, at `address`.
    #[must_use]
    pub(crate) fn at(self, address: IpAddr) -> Principal {
        self.modified(|inner| inner.address = Some(address))
    }

    /// Names the caller in queues: the account, or the address of a caller who did not sign in (of IPv6 its first 64 bits, as
    /// one line usually has that many).
    pub(crate) fn queue_key(&self) -> String {
        match (self.0.kind, self.0.address) {
            (Kind::User | Kind::ServiceAccount, _) | (_, None) => {
                format!("{} {}", self.0.kind.name(), self.0.id.as_str())
            }
            (_, Some(IpAddr::V4(address))) => address.to_string(),
            (_, Some(IpAddr::V6(address))) => format!("{:x}", address.to_bits() >> 64),
        }
    }

    fn modified(mut self, change: impl FnOnce(&mut Inner)) -> Principal {
        change(Arc::make_mut(&mut self.0));
        self
    }

    pub(crate) fn kind(&self) -> Kind {
        self.0.kind
    }

    pub(crate) fn id(&self) -> &PrincipalId {
        &self.0.id
    }

    /// The id as a user's. There is no such user unless the kind is [`Kind::User`].
    pub(crate) fn user_id(&self) -> UserId {
        self.0.id.as_str().into()
    }

    /// User name, or name of the service account.
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn teams(&self) -> &[TeamId] {
        &self.0.teams
    }

    /// The teams whose quotas count what it sends: those that a user is a member of, or those whose profiles a service account
    /// has roles over.
    pub(crate) fn charged_teams(&self) -> &[TeamId] {
        if self.0.kind == Kind::ServiceAccount { &self.0.scope_teams } else { &self.0.teams }
    }

    /// Roles and their scopes.
    pub fn grants(&self) -> &[Grant] {
        &self.0.grants
    }

    /// The session that authenticated it.
    pub(crate) fn session(&self) -> Option<&SessionId> {
        self.0.session.as_ref()
    }

    /// The API token that authenticated it.
    pub(crate) fn token(&self) -> Option<&TokenId> {
        self.0.token.as_ref()
    }

    /// Whether it has `permission`, for some profiles at least.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        match permission {
            Permission::Public => true,
            // A token acts for a user, but not on the user's account itself.
            Permission::SignedIn => match self.0.kind {
                Kind::Local => true,
                Kind::User => self.0.token.is_none(),
                Kind::Anonymous | Kind::ServiceAccount => false,
            },
            _ => self.grants_with(permission).next().is_some(),
        }
    }

    /// The profiles for which it has `permission`.
    pub(crate) fn bounds(&self, permission: Permission) -> Bounds {
        Bounds::of(self.grants_with(permission).map(|grant| &grant.scope))
    }

    /// Whether it may read a store that is for these teams, by name: a caller that may read all profiles, a member of one of them, and one
    /// with a role over the profiles of one of them that reads. Without teams, the store is for everyone who may read profiles.
    pub(crate) fn reads_store_of(&self, teams: &[String]) -> bool {
        teams.is_empty()
            || self.bounds(Permission::ReadProfiles) == Bounds::Everything
            || teams.iter().any(|team| self.0.reading_teams.contains(team))
    }

    /// The grants that include `permission`.
    fn grants_with(&self, permission: Permission) -> impl Iterator<Item = &Grant> {
        let counts = move |grant: &&Grant| {
            grant.role.includes(permission) && (grant.scope == Scope::Everything || !permission.is_org_wide())
        };
        self.0.grants.iter().filter(counts)
    }

    /// The actor for audit entries, without time and client.
    pub(crate) fn actor(&self) -> Actor {
        Actor {
            kind: self.0.kind.name().to_owned(),
            id: self.0.id.clone(),
            name: self.0.name.clone(),
            ..Actor::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::selector::Selector;

    fn of(role: Role, scope: &str) -> Principal {
        let selector: Selector = scope.parse().unwrap();
        let scope = if selector.matchers.is_empty() { Scope::Everything } else { Scope::Matching(selector) };
        Principal::new(Kind::User, "1", "ann", Vec::new(), vec![Grant { role, scope }])
    }

    #[test]
    fn anonymous_callers_have_no_permissions_and_the_local_one_has_all() {
        for permission in Permission::ALL {
            assert_eq!(Principal::anonymous().may(permission), permission == Permission::Public);
            assert!(Principal::local().may(permission));
        }
        assert_eq!(Principal::anonymous().bounds(Permission::ReadProfiles), Bounds::NOTHING);
        assert_eq!(Principal::local().bounds(Permission::ReadProfiles), Bounds::Everything);
    }

    #[test]
    fn callers_queue_by_account_or_else_by_address() {
        let key = |who: Principal, address: &str| who.at(address.parse().unwrap()).queue_key();
        let ann = || of(Role::Viewer, "{}");
        assert_eq!(key(ann(), "192.0.2.1"), key(ann(), "192.0.2.2"));
        assert_ne!(key(Principal::local(), "192.0.2.1"), key(Principal::local(), "192.0.2.2"));
        assert_eq!(key(Principal::local(), "2001:db8::1"), key(Principal::local(), "2001:db8::2"));
        assert_ne!(key(Principal::local(), "2001:db8::1"), key(Principal::local(), "2001:db8:0:1::1"));
    }

    #[test]
    fn scoped_roles_include_no_org_wide_permissions() {
        let team_admin = of(Role::Admin, r#"{team="pay"}"#);
        assert!(team_admin.may(Permission::ReadProfiles) && team_admin.may(Permission::WriteProfiles));
        assert!(!team_admin.may(Permission::ManagePeople) && !team_admin.may(Permission::ReadAudit));
        let bounds = team_admin.bounds(Permission::ReadProfiles);
        assert_eq!(bounds, Bounds::AnyOf(vec![r#"{team="pay"}"#.parse().unwrap()]));
        assert!(of(Role::Admin, "{}").may(Permission::ManagePeople));
    }

    #[test]
    fn stores_of_teams_are_for_their_members_and_for_those_who_read_everything() {
        let teams = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let mine = teams(&["mine", "ours"]);
        let narrow = || of(Role::Viewer, r#"{service_name="cart"}"#);
        assert!(narrow().reads_store_of(&[]) && !narrow().reads_store_of(&mine));
        assert!(narrow().with_reading_teams(&teams(&["ours"])).reads_store_of(&mine));
        assert!(!narrow().with_reading_teams(&teams(&["theirs"])).reads_store_of(&mine));
        assert!(of(Role::Viewer, "{}").reads_store_of(&mine) && Principal::local().reads_store_of(&mine));
        assert!(!of(Role::Agent, "{}").reads_store_of(&mine), "it reads no profiles");
    }

    #[test]
    fn tokens_limit_grants_and_exclude_account_access() {
        let person = of(Role::Admin, "{}").with_session(&"s".into());
        assert!(person.may(Permission::SignedIn));
        let person = of(Role::Admin, "{}");
        let narrow = Grant { role: Role::Viewer, scope: Scope::Everything };
        let grants = person.grants().iter().filter_map(|g| g.intersect(&narrow)).collect();
        let token = person.with_token(&"t".into(), grants);
        assert!(token.may(Permission::ReadProfiles) && !token.may(Permission::WriteProfiles));
        assert!(!token.may(Permission::SignedIn) && !token.may(Permission::ManagePeople));
    }
}
