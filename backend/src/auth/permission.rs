//! What a route needs.

/// A permission, named by each route in [`crate::http::router`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// Nothing: health, the page's own files, opening a share by its link (which checks by itself).
    Public,
    /// To be a person that is signed in: own sessions, own tokens, own name.
    SignedIn,
    /// Read profiles.
    ReadProfiles,
    /// Add profiles.
    WriteProfiles,
    /// Read the server's own metrics.
    ReadMetrics,
    /// Share with the team or the organisation; manage what one shared oneself.
    CreateShares,
    /// Share with anyone who has the link.
    CreatePublicShares,
    /// See, revoke and transfer what others shared.
    ManageShares,
    /// Users, teams, roles, service accounts and their tokens.
    ManagePeople,
    /// Read the audit log.
    ReadAudit,
}

impl Permission {
    /// All of them.
    pub const ALL: [Permission; 10] = [
        Permission::Public,
        Permission::SignedIn,
        Permission::ReadProfiles,
        Permission::WriteProfiles,
        Permission::ReadMetrics,
        Permission::CreateShares,
        Permission::CreatePublicShares,
        Permission::ManageShares,
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
            Permission::ManagePeople => "people:manage",
            Permission::ReadAudit => "audit:read",
        }
    }

    /// Whether it is about the whole organisation, so that a role over some profiles does not give it.
    pub(crate) fn is_of_the_whole(self) -> bool {
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
