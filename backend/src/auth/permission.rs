//! Permissions. Each route requires one.

/// A permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// None: health, static files, opening a share by its link (which checks access itself).
    Public,
    /// A signed-in user: own sessions, tokens and profile.
    SignedIn,
    /// Read profiles.
    ReadProfiles,
    /// Write profiles.
    WriteProfiles,
    /// Read the server's own metrics.
    ReadMetrics,
    /// Share with a team or the organisation; manage own shares.
    CreateShares,
    /// Share with anyone who has the link.
    CreatePublicShares,
    /// List, revoke and transfer the shares of others.
    ManageShares,
    /// Set what counts as own code of a service.
    EditServices,
    /// Post and delete markers: what happened to a service, and when.
    WriteMarkers,
    /// Users, teams, roles, service accounts and their tokens.
    ManagePeople,
    /// Read the audit log.
    ReadAudit,
}

impl Permission {
    /// All permissions.
    pub const ALL: [Permission; 12] = [
        Permission::Public,
        Permission::SignedIn,
        Permission::ReadProfiles,
        Permission::WriteProfiles,
        Permission::ReadMetrics,
        Permission::CreateShares,
        Permission::CreatePublicShares,
        Permission::ManageShares,
        Permission::EditServices,
        Permission::WriteMarkers,
        Permission::ManagePeople,
        Permission::ReadAudit,
    ];

    /// The name used in the OpenAPI document (`x-permission`).
    pub fn name(self) -> &'static str {
        match self {
            Permission::Public => "public",
            Permission::SignedIn => "signed-in",
            Permission::ReadProfiles => "profiles:read",
            Permission::WriteProfiles => "profiles:write",
            Permission::ReadMetrics => "metrics:read",
            Permission::CreateShares => "shares:create",
            Permission::CreatePublicShares => "shares:create-public",
            Permission::ManageShares => "shares:manage",
            Permission::EditServices => "services:edit",
            Permission::WriteMarkers => "markers:write",
            Permission::ManagePeople => "people:manage",
            Permission::ReadAudit => "audit:read",
        }
    }

    /// Whether it applies to the whole organisation, so that a role over a part of the profiles does not include it.
    pub(crate) fn is_org_wide(self) -> bool {
        matches!(
            self,
            Permission::ReadMetrics
                | Permission::CreatePublicShares
                | Permission::ManageShares
                | Permission::ManagePeople
                | Permission::ReadAudit
        )
    }
}
