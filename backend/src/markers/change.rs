//! Posting and deleting markers.

use super::coverage::Coverage;
use super::draft::{CheckedDraft, Draft};
use super::selection::whole;
use super::{Marker, Source};
use crate::auth::{AuthError, Permission, Principal};
use crate::db::audit::{Actor, AuditEntry};
use crate::db::id::MarkerId;
use crate::db::markers::MarkerRow;
use crate::db::{DbError, Records};
use serde_json::{Value, json};
use std::time::Duration;

/// Markers of a service. Beyond, new ones are refused, as no deployment that is on record should disappear unseen.
const MAX_PER_SERVICE: i64 = 10_000;
/// Markers of all services: names of services are free.
const MAX_IN_ALL: i64 = 200_000;

/// The result of a request that posts a marker.
pub(crate) enum Posted {
    /// It is new.
    New(Marker),
    /// An earlier request with the same key posted it.
    Known(Marker),
}

/// Posts a marker. `kept` is the age at which markers are deleted; `None`: never.
///
/// # Errors
/// [`AuthError::Invalid`] for fields that cannot be; [`AuthError::Forbidden`] if the caller's role does not cover all series;
/// [`AuthError::Conflict`] if there are too many, or if its key belongs to a marker that the caller may not change.
pub(crate) async fn post(
    records: &Records,
    (who, actor): (&Principal, &Actor),
    draft: Draft,
    kept: Option<Duration>,
) -> Result<Posted, AuthError> {
    let draft = draft.check(actor.at, kept)?;
    let coverage = Coverage::of(who, Permission::WriteMarkers);
    if !coverage.includes(&draft.selector) {
        return Err(AuthError::Forbidden(
            "a marker is the same for everyone who reads the service: it takes a role over all of the profiles that it is about"
                .to_owned(),
        ));
    }
    if let Some(known) = of_key(records, &draft).await? {
        return known_to(&coverage, known);
    }
    let row = row(draft.clone(), who, actor);
    let inserted = insert(records, actor, &row).await;
    match inserted {
        Ok(()) => Ok(Posted::New(Marker::posted(row, Source::Posted, true))),
        // Another request with the same key was faster.
        Err(AuthError::Records(DbError::Conflict)) => match of_key(records, &draft).await? {
            Some(known) => known_to(&coverage, known),
            None => Err(AuthError::Conflict("the marker was deleted meanwhile; post it again".to_owned())),
        },
        Err(error) => Err(error),
    }
}

/// Deletes a marker.
///
/// # Errors
/// [`AuthError::NotFound`], also for a marker that the caller may not delete.
pub(crate) async fn delete(
    records: &Records,
    (who, actor): (&Principal, &Actor),
    id: &MarkerId,
) -> Result<(), AuthError> {
    let not_found = || AuthError::NotFound("no marker with this id that you may delete".to_owned());
    let mut change = records.change().await?;
    let row = change.marker(id).await?.ok_or_else(not_found)?;
    let selector = whole(&row.service, &row.selector)?;
    if !Coverage::of(who, Permission::WriteMarkers).includes(&selector) {
        return Err(not_found());
    }
    change.delete_marker(id).await?;
    Ok(change.commit(entry(actor, "marker.delete", &row).before(audited(&row))).await?)
}

async fn of_key(records: &Records, draft: &CheckedDraft) -> Result<Option<MarkerRow>, DbError> {
    match &draft.idempotency_key {
        Some(key) => records.marker_by_key(&draft.service, key).await,
        None => Ok(None),
    }
}

/// The marker of an earlier request, for those who may change it.
fn known_to(coverage: &Coverage, row: MarkerRow) -> Result<Posted, AuthError> {
    if !coverage.includes(&whole(&row.service, &row.selector)?) {
        let message = "`idempotency_key`: another marker of the service has it; use another one";
        return Err(AuthError::Conflict(message.to_owned()));
    }
    Ok(Posted::Known(Marker::posted(row, Source::Posted, true)))
}

async fn insert(records: &Records, actor: &Actor, row: &MarkerRow) -> Result<(), AuthError> {
    let mut change = records.change().await?;
    let (of_service, all) = change.count_markers(&row.service).await?;
    let counts = [("service", of_service, MAX_PER_SERVICE), ("server", all, MAX_IN_ALL)];
    if let Some((what, _, limit)) = counts.into_iter().find(|(_, count, limit)| count >= limit) {
        return Err(AuthError::Conflict(format!(
            "the {what} has {limit} markers, the most that it may have; delete some, or wait until retention does"
        )));
    }
    change.insert_marker(row).await?;
    Ok(change.commit(entry(actor, "marker.create", row).after(audited(row))).await?)
}

fn row(draft: CheckedDraft, who: &Principal, actor: &Actor) -> MarkerRow {
    MarkerRow {
        id: MarkerId::random(),
        at: draft.at,
        kind: draft.kind,
        service: draft.service,
        selector: draft.narrowing,
        version: draft.version,
        text: draft.text,
        url: draft.url,
        idempotency_key: draft.idempotency_key,
        created_by: who.name().to_owned(),
        created_at: actor.at,
    }
}

fn entry(actor: &Actor, action: &'static str, row: &MarkerRow) -> AuditEntry {
    AuditEntry::new(actor, action, "marker", &row.id, &row.service)
}

fn audited(row: &MarkerRow) -> Value {
    json!({
        "at": row.at,
        "kind": row.kind,
        "selector": row.selector,
        "version": row.version,
        "text": row.text,
        "url": row.url,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::unix_nanos::UnixNanos;

    const NOW: UnixNanos = UnixNanos(1_795_227_540_000_000_000);

    async fn posted(records: &Records, service: &str, key: &str) -> Result<Posted, AuthError> {
        let actor = Actor { at: NOW, ..Actor::default() };
        let draft = Draft {
            kind: "deploy".into(),
            at: NOW,
            service: service.into(),
            selector: String::new(),
            version: "2".into(),
            text: String::new(),
            url: String::new(),
            idempotency_key: key.into(),
        };
        post(records, (&Principal::local(), &actor), draft, None).await
    }

    #[tokio::test]
    async fn a_service_has_a_limit_of_its_own() {
        let records = Records::in_memory();
        let Ok(Posted::New(first)) = posted(&records, "shop", "first").await else { panic!("not posted") };
        let mut change = records.change().await.unwrap();
        for _ in 1..MAX_PER_SERVICE {
            let row = MarkerRow {
                id: MarkerId::random(),
                at: NOW,
                kind: "deploy".into(),
                service: "shop".into(),
                selector: String::new(),
                version: String::new(),
                text: String::new(),
                url: String::new(),
                idempotency_key: None,
                created_by: String::new(),
                created_at: NOW,
            };
            change.insert_marker(&row).await.unwrap();
        }
        change.commit_unaudited().await.unwrap();
        let Err(AuthError::Conflict(refusal)) = posted(&records, "shop", "").await else {
            panic!("no limit")
        };
        assert!(refusal.starts_with("the service has 10000 markers"), "{refusal}");
        assert!(matches!(posted(&records, "cart", "").await, Ok(Posted::New(_))));
        // What is there already needs no room.
        let again = posted(&records, "shop", "first").await;
        assert!(matches!(again, Ok(Posted::Known(known)) if known.id == first.id));
    }
}
