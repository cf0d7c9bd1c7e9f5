//! Schemas by name: derived from the messages, refined by [`super::fields`], and those of other protocols.

use super::{fields, protocols};
use crate::http::routes::pyroscope;
use flarepath_wire::access::*;
use flarepath_wire::audit::{AuditLine, AuditResponse};
use flarepath_wire::breakdown::*;
use flarepath_wire::call_tree::CallTreeColumns;
use flarepath_wire::diff::{DiffColumns, DiffResponse, DiffSide};
use flarepath_wire::error::Problem;
use flarepath_wire::heatmap::{HeatmapResponse, HeatmapRow};
use flarepath_wire::indicators::*;
use flarepath_wire::markers::{Marker, MarkerDraft, MarkersResponse};
use flarepath_wire::messages::*;
use flarepath_wire::overview::*;
use flarepath_wire::overview_metrics::*;
use flarepath_wire::own_code::*;
use flarepath_wire::people::*;
use flarepath_wire::quotas::{QuotaRefusal, QuotaUse, QuotasResponse};
use flarepath_wire::shares::*;
use flarepath_wire::snapshot::{ReportLine, SanitizeReport};
use flarepath_wire::storage::StorageResponse;
use flarepath_wire::stores::{StoreState, StoresResponse};
use flarepath_wire::verdict::*;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// Schemas by name.
pub(crate) type Named = Vec<(String, RefOr<Schema>)>;

/// Adds the schema of a message, and of the messages in it.
pub(crate) fn add<M: ToSchema>(schemas: &mut Named) {
    schemas.push((M::name().into_owned(), M::schema()));
    M::schemas(schemas);
}

/// All schemas.
pub(super) fn all() -> Map<String, Value> {
    let mut derived = messages();
    pyroscope::schemas(&mut derived);
    let to_json = |(name, schema)| serde_json::to_value(&schema).ok().map(|value| (name, value));
    let mut schemas: Map<_, _> = derived.into_iter().filter_map(to_json).collect();
    schemas.extend(protocols::schemas());
    fields::refine(&mut schemas);
    schemas
}

/// Those of `flarepath_wire`. Every message that a route names must be listed; a test follows the references.
fn messages() -> Named {
    let mut schemas = Vec::new();
    macro_rules! add {
        ($($message:ty),*) => { $(add::<$message>(&mut schemas);)* };
    }
    add!(
        AcceptInvitationRequest,
        AuditLine,
        AuditResponse,
        Binding,
        BindingDraft,
        BindingsResponse,
        BreakdownDeviation,
        BreakdownResponse,
        BreakdownRow,
        BulkShareRequest,
        BulkShareResponse,
        BurnRateAlert,
        CallTreeColumns,
        CallTreeResponse,
        ChangePasswordRequest,
        ChangeShareRequest,
        ClaimRequest,
        CoveredBuckets,
        CreateShareRequest,
        CreateUserRequest,
        CreatedShare,
        DiffColumns,
        DiffResponse,
        DiffSide,
        Fleet,
        FunctionLine,
        HeatmapResponse,
        HeatmapRow,
        IndicatorFailure,
        IndicatorPanel,
        IndicatorSeries,
        IndicatorsResponse,
        InstanceResponse,
        InvitationResponse,
        InvitedResponse,
        LabelCount,
        LabelNamesResponse,
        LabelPair,
        LabelValuesResponse,
        LinesResponse,
        LookAtInvitationRequest,
        Marker,
        MarkerDraft,
        MarkersResponse,
        MeResponse,
        Member,
        NamedId,
        NewToken,
        OverviewResponse,
        OverviewRow,
        OwnCodeDraft,
        OwnCodePattern,
        OwnCodeResponse,
        OwnCodesResponse,
        Problem,
        ProfileTypesResponse,
        PushResponse,
        QuotaRefusal,
        QuotaUse,
        QuotasResponse,
        ReportLine,
        RetentionResponse,
        SanitizeReport,
        Series,
        SeriesResponse,
        Service,
        ServiceAccount,
        ServiceAccountChange,
        ServiceAccountDraft,
        ServiceAccountsResponse,
        ServiceMetrics,
        ServiceMetricsResponse,
        ServicesResponse,
        SessionEntry,
        SessionsResponse,
        Share,
        ShareAnnotation,
        ShareEnvelope,
        SharePreview,
        ShareView,
        SharesResponse,
        SignInRequest,
        SignedInResponse,
        SloPanel,
        StorageResponse,
        StoreState,
        StoresResponse,
        Team,
        TeamDraft,
        TeamsResponse,
        Token,
        TokenDraft,
        TokenRotation,
        TokensResponse,
        TopFunction,
        TopFunctionsResponse,
        TransferShareRequest,
        UpdateMeRequest,
        UpdateUserRequest,
        UserEntry,
        UsersResponse,
        VerdictFigure,
        VerdictFunction,
        VerdictMethod,
        VerdictMissing,
        VerdictNumber,
        VerdictResponse,
        VerdictSelection,
        VerdictSide
    );
    schemas
}
