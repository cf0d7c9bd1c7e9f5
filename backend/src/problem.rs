//! [`ProblemKind`]: the kinds of problems that the API reports, each with its stable name and HTTP status.

/// Defines the enum and its table in one place.
macro_rules! kinds {
    ($($kind:ident $status:literal $name:literal)*) => {
        /// Kind of a problem. Its name is the `type` of a response in `application/problem+json` (RFC 9457); programs compare
        /// it, so that it never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ProblemKind {
            $(#[doc = concat!("`", $name, "`")] $kind,)*
        }

        impl ProblemKind {
            /// All kinds.
            pub(crate) const ALL: &[ProblemKind] = &[$(ProblemKind::$kind),*];

            /// The `type`.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(ProblemKind::$kind => $name,)*
                }
            }

            /// The HTTP status.
            pub(crate) const fn status(self) -> u16 {
                match self {
                    $(ProblemKind::$kind => $status,)*
                }
            }
        }
    };
}

kinds! {
    BadAction 400 "bad-action"
    BadAnnotation 400 "bad-annotation"
    BadBody 400 "bad-body"
    BadCompression 400 "bad-compression"
    BadCost 400 "bad-cost"
    BadDisplayName 400 "bad-display-name"
    BadEmail 400 "bad-email"
    BadExpiry 400 "bad-expiry"
    BadFocus 400 "bad-focus"
    BadFormat 400 "bad-format"
    BadJson 400 "bad-json"
    BadLimit 400 "bad-limit"
    BadLink 400 "bad-link"
    BadMessage 400 "bad-message"
    BadName 400 "bad-name"
    BadOverlap 400 "bad-overlap"
    BadOwner 400 "bad-owner"
    BadPage 400 "bad-page"
    BadParameter 400 "bad-parameter"
    BadProfile 400 "bad-profile"
    BadProfileType 400 "bad-profile-type"
    BadQuery 400 "bad-query"
    BadRequest 400 "bad-request"
    BadRole 400 "bad-role"
    BadRows 400 "bad-rows"
    BadScale 400 "bad-scale"
    BadScope 400 "bad-scope"
    BadSelector 400 "bad-selector"
    BadSide 400 "bad-side"
    BadSnapshot 400 "bad-snapshot"
    BadSort 400 "bad-sort"
    BadSource 400 "bad-source"
    BadSpan 400 "bad-span"
    BadStep 400 "bad-step"
    BadSubject 400 "bad-subject"
    BadTeam 400 "bad-team"
    BadText 400 "bad-text"
    BadTime 400 "bad-time"
    BadView 400 "bad-view"
    BadVisibility 400 "bad-visibility"
    EmptyRange 400 "empty-range"
    MissingParameter 400 "missing-parameter"
    NoSignIn 400 "no-sign-in"
    ProfileRefused 400 "profile-refused"
    RepeatedParameter 400 "repeated-parameter"
    UnknownParameter 400 "unknown-parameter"
    WeakPassword 400 "weak-password"
    SignedOut 401 "signed-out"
    WrongPassword 401 "wrong-password"
    Forbidden 403 "forbidden"
    ForeignSite 403 "foreign-site"
    NoData 404 "no-data"
    NotFound 404 "not-found"
    ShareNotFound 404 "share-not-found"
    UnknownStore 404 "unknown-store"
    MethodNotAllowed 405 "method-not-allowed"
    NotAcceptable 406 "not-acceptable"
    BodyTimeout 408 "body-timeout"
    Conflict 409 "conflict"
    Unconfirmed 409 "unconfirmed"
    ShareEnded 410 "share-ended"
    BodyTooLarge 413 "body-too-large"
    ShareTooLarge 413 "share-too-large"
    StorageLimit 413 "storage-limit"
    TooLarge 413 "too-large"
    BadContentType 415 "bad-content-type"
    UnsupportedFormat 415 "unsupported-format"
    UnsupportedMediaType 415 "unsupported-media-type"
    QuotaExceeded 429 "quota-exceeded"
    TooManyAttempts 429 "too-many-attempts"
    TooManyShares 429 "too-many-shares"
    InternalError 500 "internal-error"
    StorageDamaged 500 "storage-damaged"
    StorageFailed 500 "storage-failed"
    StorageUnusable 500 "storage-unusable"
    NotOffered 501 "not-offered"
    ReadOnlyStore 501 "read-only-store"
    BadStoreAnswer 502 "bad-store-answer"
    StorageDenied 502 "storage-denied"
    StorageUnreachable 502 "storage-unreachable"
    Busy 503 "busy"
    NotReady 503 "not-ready"
    RecordsFailed 503 "records-failed"
    Stopping 503 "stopping"
    Unclaimed 503 "unclaimed"
    StorageTimeout 504 "storage-timeout"
    Timeout 504 "timeout"
    DiskFull 507 "disk-full"
}

#[cfg(test)]
mod tests {
    use super::ProblemKind;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_distinct_and_lower_case() {
        let names: BTreeSet<&str> = ProblemKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), ProblemKind::ALL.len());
        for kind in ProblemKind::ALL {
            assert!(kind.name().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", kind.name());
            assert!((400..600).contains(&kind.status()), "{}", kind.name());
        }
    }
}
