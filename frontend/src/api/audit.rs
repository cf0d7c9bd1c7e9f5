//! The audit log.

use super::{ApiError, get};
use crate::state::audit::AuditView;
use crate::state::people::AuditEntry;
use crate::state::url_text::write_pairs;
use flarepath_wire::audit::{AuditLine, AuditResponse};

/// Entries asked for at once.
const PAGE: &str = "100";

/// A page of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditPage {
    /// The newest first.
    pub(crate) entries: Vec<AuditEntry>,
    /// Cursor of the next page; `None` at the end.
    pub(crate) older: Option<String>,
}

fn path(resource: &str, view: &AuditView, more: &[(&'static str, &str)]) -> String {
    let pairs = view.filters().into_iter().chain(more.iter().copied());
    format!("/api/v1/{resource}?{}", write_pairs(pairs.filter(|(_, value)| !value.is_empty())))
}

/// A page of matching entries.
pub(crate) async fn entries(view: AuditView) -> Result<AuditPage, ApiError> {
    let answer: AuditResponse =
        get(&path("audit", &view, &[("limit", PAGE), ("before", &view.before)]), None).await?;
    let entry = |line: AuditLine| AuditEntry {
        id: line.id,
        at_ns: line.at_ns,
        actor_kind: line.actor_kind,
        actor_id: line.actor_id,
        actor_name: line.actor_name,
        ip: line.ip,
        user_agent: line.user_agent,
        request_id: line.request_id,
        action: line.action,
        object_kind: line.object_kind,
        object_id: line.object_id,
        object_name: line.object_name,
        before: line.before.unwrap_or_default(),
        after: line.after.unwrap_or_default(),
    };
    Ok(AuditPage { entries: answer.lines.into_iter().map(entry).collect(), older: answer.next })
}

/// Path of all matching entries as a file, one JSON object a line.
pub(crate) fn export_path(view: &AuditView) -> String {
    path("audit/export", view, &[])
}

#[cfg(test)]
mod tests {
    use crate::state::audit_words::ACTIONS;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_of_the_log_has_words() {
        let written: BTreeSet<&str> = flarepath_wire::audit::ACTIONS.into_iter().collect();
        let worded: BTreeSet<&str> = ACTIONS.iter().map(|(code, ..)| *code).collect();
        assert_eq!(written, worded);
    }
}
