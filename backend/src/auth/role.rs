//! Roles: fixed sets of permissions.

use super::Permission;
use std::str::FromStr;

/// What a principal may do within a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Writes profiles and reads none: for profilers.
    Agent,
    /// Posts and deletes markers and reads no profiles: for pipelines that deploy.
    Deployer,
    /// Reads profiles, creates shares within the organisation.
    Viewer,
    /// Also writes profiles, creates public shares, sets what counts as own code of services and posts markers.
    Editor,
    /// Everything.
    Admin,
}

impl Role {
    /// All roles, weakest first.
    pub(crate) const ALL: [Role; 5] = [Role::Agent, Role::Deployer, Role::Viewer, Role::Editor, Role::Admin];

    /// The name in records, messages and configuration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::Deployer => "deployer",
            Role::Viewer => "viewer",
            Role::Editor => "editor",
            Role::Admin => "admin",
        }
    }

    /// Whether the role includes `permission`. No role includes `SignedIn`, which is about being a user.
    pub(crate) fn includes(self, permission: Permission) -> bool {
        match permission {
            Permission::Public => true,
            Permission::SignedIn => false,
            Permission::WriteProfiles => !matches!(self, Role::Deployer | Role::Viewer),
            Permission::WriteMarkers => self == Role::Deployer || self >= Role::Editor,
            Permission::ReadProfiles | Permission::CreateShares => self >= Role::Viewer,
            Permission::CreatePublicShares | Permission::EditServices => self >= Role::Editor,
            Permission::ReadMetrics
            | Permission::ManageShares
            | Permission::ManagePeople
            | Permission::ReadAudit => self == Role::Admin,
        }
    }

    /// The strongest role that includes no more than either.
    pub(crate) fn intersect(self, other: Role) -> Option<Role> {
        let within = |role: &Role| {
            Permission::ALL.iter().all(|&p| !role.includes(p) || (self.includes(p) && other.includes(p)))
        };
        Role::ALL.into_iter().rev().find(within)
    }
}

/// No role has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown role `{0}`; use viewer, editor, admin, agent or deployer")]
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
    fn intersection_includes_what_both_roles_include() {
        assert_eq!(Role::Admin.intersect(Role::Viewer), Some(Role::Viewer));
        assert_eq!(Role::Editor.intersect(Role::Editor), Some(Role::Editor));
        assert_eq!(Role::Agent.intersect(Role::Editor), Some(Role::Agent));
        assert_eq!(Role::Agent.intersect(Role::Viewer), None);
        assert_eq!(Role::Deployer.intersect(Role::Admin), Some(Role::Deployer));
        assert_eq!(Role::Deployer.intersect(Role::Viewer), None);
        assert_eq!(Role::Deployer.intersect(Role::Agent), None);
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(role));
            assert_eq!(role.intersect(role), Some(role));
        }
    }
}
