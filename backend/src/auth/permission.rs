//! What a route needs.

/// A permission, named by each route in [`crate::http::router`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Nothing: health, the page's own files.
    Public,
    /// Read profiles.
    ReadProfiles,
    /// Add profiles.
    WriteProfiles,
    /// Read the server's own metrics.
    ReadMetrics,
}

impl Permission {
    /// The name used in the OpenAPI document (`x-permission`).
    pub fn name(self) -> &'static str {
        match self {
            Permission::Public => "public",
            Permission::ReadProfiles => "profiles:read",
            Permission::WriteProfiles => "profiles:write",
            Permission::ReadMetrics => "metrics:read",
        }
    }
}
