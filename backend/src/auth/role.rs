//! Roles: fixed sets of permissions.

use super::Permission;
use std::str::FromStr;

/// What somebody may do over a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Adds profiles and reads none: what a profiler gets.
    Agent,
    /// Reads profiles, shares within the organisation.
    Viewer,
    /// Adds profiles too, and shares with anyone who has the link.
    Editor,
    /// Everything.
    Admin,
}

impl Role {
    /// All of them, weakest first.
    pub(crate) const ALL: [Role; 4] = [Role::Agent, Role::Viewer, Role::Editor, Role::Admin];

    /// Its name in records, messages and settings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::Viewer => "viewer",
            Role::Editor => "editor",
            Role::Admin => "admin",
        }
    }

    /// Whether it gives `permission`. Nobody gets `SignedIn` by a role: it is about being a person.
    pub(crate) fn gives(self, permission: Permission) -> bool {
        match permission {
            Permission::Public => true,
            Permission::SignedIn => false,
            Permission::WriteProfiles => self != Role::Viewer,
            Permission::ReadProfiles | Permission::CreateShares => self >= Role::Viewer,
            Permission::CreatePublicShares => self >= Role::Editor,
            Permission::ReadMetrics
            | Permission::ManageShares
            | Permission::ManagePeople
            | Permission::ReadAudit => self == Role::Admin,
        }
    }

    /// The strongest role that gives no more than either.
    pub(crate) fn meet(self, other: Role) -> Option<Role> {
        let fits = |role: &Role| {
            Permission::ALL.iter().all(|&p| !role.gives(p) || (self.gives(p) && other.gives(p)))
        };
        Role::ALL.into_iter().rev().find(fits)
    }
}

/// No role has that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a role; there are viewer, editor, admin and agent")]
pub struct UnknownRole(pub(crate) String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Role, UnknownRole> {
        Role::ALL.into_iter().find(|role| role.name() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meet_of_roles_gives_what_both_give() {
        assert_eq!(Role::Admin.meet(Role::Viewer), Some(Role::Viewer));
        assert_eq!(Role::Editor.meet(Role::Editor), Some(Role::Editor));
        assert_eq!(Role::Agent.meet(Role::Editor), Some(Role::Agent));
        assert_eq!(Role::Agent.meet(Role::Viewer), None);
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(role));
            assert_eq!(role.meet(role), Some(role));
        }
    }
}
