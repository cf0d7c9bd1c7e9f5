//! Who is asking.

use super::{Bounds, Grant, Permission, Role, Scope};
use crate::db::audit::Actor;
use std::sync::Arc;

/// What kind of caller it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Nobody known.
    Anonymous,
    /// The person at this machine, where there is no sign-in.
    Local,
    /// A person.
    User,
    /// A program with a token of its own.
    ServiceAccount,
}

impl Kind {
    /// Its name in records and messages.
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

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    kind: Kind,
    id: String,
    name: String,
    teams: Vec<String>,
    grants: Vec<Grant>,
    session: Option<String>,
    token: Option<String>,
}

impl Principal {
    /// The person at this machine, who may do everything: the only caller where there is no sign-in.
    pub fn local() -> Principal {
        let grants = vec![Grant { role: Role::Admin, scope: Scope::Everything }];
        Principal::new(Kind::Local, "local", "local", Vec::new(), grants)
    }

    /// Nobody known, who may do what is public.
    pub fn anonymous() -> Principal {
        Principal::new(Kind::Anonymous, "", "", Vec::new(), Vec::new())
    }

    /// Somebody with grants. `teams` are ids.
    pub fn new(kind: Kind, id: &str, name: &str, teams: Vec<String>, grants: Vec<Grant>) -> Principal {
        let (id, name) = (id.to_owned(), name.to_owned());
        Principal(Arc::new(Inner { kind, id, name, teams, grants, session: None, token: None }))
    }

    /// The same, through the session of that id.
    #[must_use]
    pub fn through_session(self, id: &str) -> Principal {
        self.changed(|inner| inner.session = Some(id.to_owned()))
    }

    /// The same, through the API token of that id, which gives at most `grants`.
    #[must_use]
    pub(crate) fn through_token(self, id: &str, grants: Vec<Grant>) -> Principal {
        self.changed(|inner| {
            inner.token = Some(id.to_owned());
            inner.grants = grants;
        })
    }

    fn changed(self, change: impl FnOnce(&mut Inner)) -> Principal {
        let Inner { kind, id, name, teams, grants, session, token } = &*self.0;
        let mut inner = Inner {
            kind: *kind,
            id: id.clone(),
            name: name.clone(),
            teams: teams.clone(),
            grants: grants.clone(),
            session: session.clone(),
            token: token.clone(),
        };
        change(&mut inner);
        Principal(Arc::new(inner))
    }

    /// What kind of caller.
    pub(crate) fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Id of the user or service account; empty for nobody.
    pub(crate) fn id(&self) -> &str {
        &self.0.id
    }

    /// Its name in logs.
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    /// Ids of its teams.
    pub(crate) fn teams(&self) -> &[String] {
        &self.0.teams
    }

    /// What it may do, over what.
    pub fn grants(&self) -> &[Grant] {
        &self.0.grants
    }

    /// The session it came through.
    pub(crate) fn session(&self) -> Option<&str> {
        self.0.session.as_deref()
    }

    /// The API token it came through.
    pub(crate) fn token(&self) -> Option<&str> {
        self.0.token.as_deref()
    }

    /// Whether it has `permission`, over some profiles at least.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        match permission {
            Permission::Public => true,
            // A token acts for a person, but not on the person's own account.
            Permission::SignedIn => match self.0.kind {
                Kind::Local => true,
                Kind::User => self.0.token.is_none(),
                Kind::Anonymous | Kind::ServiceAccount => false,
            },
            _ => self.giving(permission).next().is_some(),
        }
    }

    /// The profiles over which it has `permission`.
    pub(crate) fn bounds(&self, permission: Permission) -> Bounds {
        Bounds::of(self.giving(permission).map(|grant| &grant.scope))
    }

    /// The grants that give `permission`.
    fn giving(&self, permission: Permission) -> impl Iterator<Item = &Grant> {
        let counts = move |grant: &&Grant| {
            grant.role.gives(permission)
                && (grant.scope == Scope::Everything || !permission.is_of_the_whole())
        };
        self.0.grants.iter().filter(counts)
    }

    /// It as the audit log names it, without where it came from.
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
    fn nobody_may_do_anything_and_the_local_person_everything() {
        for permission in Permission::ALL {
            assert_eq!(Principal::anonymous().may(permission), permission == Permission::Public);
            assert!(Principal::local().may(permission));
        }
        assert_eq!(Principal::anonymous().bounds(Permission::ReadProfiles), Bounds::NOTHING);
        assert_eq!(Principal::local().bounds(Permission::ReadProfiles), Bounds::Everything);
    }

    #[test]
    fn a_role_over_some_profiles_gives_nothing_of_the_whole() {
        let team_admin = of(Role::Admin, r#"{team="pay"}"#);
        assert!(team_admin.may(Permission::ReadProfiles) && team_admin.may(Permission::WriteProfiles));
        assert!(!team_admin.may(Permission::ManagePeople) && !team_admin.may(Permission::ReadAudit));
        let bounds = team_admin.bounds(Permission::ReadProfiles);
        assert_eq!(bounds, Bounds::AnyOf(vec![r#"{team="pay"}"#.parse().unwrap()]));
        assert!(of(Role::Admin, "{}").may(Permission::ManagePeople));
    }

    #[test]
    fn a_token_gives_no_more_than_it_says_and_no_account() {
        let person = of(Role::Admin, "{}").through_session("s");
        assert!(person.may(Permission::SignedIn));
        let person = of(Role::Admin, "{}");
        let narrow = Grant { role: Role::Viewer, scope: Scope::Everything };
        let grants = person.grants().iter().filter_map(|g| g.meet(&narrow)).collect();
        let token = person.through_token("t", grants);
        assert!(token.may(Permission::ReadProfiles) && !token.may(Permission::WriteProfiles));
        assert!(!token.may(Permission::SignedIn) && !token.may(Permission::ManagePeople));
    }
}
