//! Who is asking.

use super::Permission;

/// The caller of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    name: &'static str,
}

impl Principal {
    /// The person at this machine, who may do everything: the only caller until sign-in exists.
    pub fn local() -> Principal {
        Principal { name: "local" }
    }

    /// Its name in logs.
    pub fn name(&self) -> &str {
        self.name
    }

    /// Whether it has `permission`.
    pub fn may(&self, permission: Permission) -> bool {
        match permission {
            Permission::Public => true,
            Permission::ReadProfiles | Permission::WriteProfiles | Permission::ReadMetrics => {
                self.name == "local"
            }
        }
    }
}
