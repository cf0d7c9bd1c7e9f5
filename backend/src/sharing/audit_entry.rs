//! Audit entries about shares.

use super::description::title;
use crate::db::audit::{Actor, AuditEntry};
use crate::db::shares::ShareRow;
use serde_json::json;

/// An audit entry about a share.
pub(super) fn audit_entry(actor: &Actor, action: &'static str, share: &ShareRow) -> AuditEntry {
    AuditEntry::new(actor, action, "share", &share.id, title(share))
}

/// A share as the audit log shows it: nothing of its content.
pub(super) fn audited(share: &ShareRow) -> serde_json::Value {
    json!({
        "visibility": share.visibility,
        "team_id": share.team_id,
        "everyone_signed_in": share.everyone_signed_in,
        "owner_id": share.owner_id,
        "expires_at": share.expires_at,
        "revoked_at": share.revoked_at,
        "policy": share.policy,
        "snapshot": share.snapshot_hash,
        "version": share.version,
    })
}
