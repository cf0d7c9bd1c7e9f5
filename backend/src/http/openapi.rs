//! The OpenAPI 3.1 document, generated from the route table and the schemas of the wire messages.

use super::doc::{Answer, Doc, Param};
use super::route::Route;
use crate::auth::Permission;
use flarepath_wire::access::*;
use flarepath_wire::audit::{AuditLine, AuditResponse};
use flarepath_wire::call_tree::CallTreeColumns;
use flarepath_wire::diff::{DiffColumns, DiffResponse, DiffSide};
use flarepath_wire::error::Problem;
use flarepath_wire::heatmap::{HeatmapResponse, HeatmapRow};
use flarepath_wire::messages::*;
use flarepath_wire::people::*;
use flarepath_wire::shares::*;
use flarepath_wire::snapshot::{ReportLine, SanitizeReport};
use flarepath_wire::verdict::*;
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

/// The document that describes `routes`.
pub(super) fn document(routes: &[Route]) -> Value {
    let mut paths = Map::new();
    for route in routes {
        let operations = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        operations[route.method.to_ascii_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Flarepath",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Responses are JSON or, with `Accept: application/x-protobuf`, protobuf with the same fields. Errors are \
                            `application/problem+json` (RFC 9457). `x-permission` is the permission that the caller must have on \
                            the profiles concerned.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": schemas(), "securitySchemes": security_schemes() },
    })
}

fn operation(route: &Route) -> Value {
    let Doc { group, summary, description, params, body, answer, errors, example } = route.doc;
    let mut responses = Map::new();
    let (status, success) = success(route.method, answer);
    responses.insert(status.to_owned(), success);
    if let Answer::Message(_) = answer {
        responses.insert("406".to_owned(), failure("The caller accepts neither JSON nor protobuf"));
    }
    if route.permission != Permission::Public {
        for (status, when) in REFUSALS {
            responses.insert(status.to_string(), failure(when));
        }
    }
    for (status, when) in errors {
        responses.insert(status.to_string(), failure(when));
    }
    let mut operation = json!({
        "tags": [group],
        "operationId": format!("{} {}", route.method.to_ascii_lowercase(), route.path),
        "summary": summary,
        "description": description,
        "parameters": params.iter().map(parameter).collect::<Vec<_>>(),
        "responses": responses,
        "security": security(route.permission),
        "x-permission": route.permission.name(),
        "x-body-limit": route.body.bytes(),
        "x-example": example,
    });
    if !body.is_empty() {
        operation["requestBody"] = json!({ "required": true, "content": content(body, json!({})) });
    }
    operation
}

/// Errors of every route that is not public.
const REFUSALS: [(u16, &str); 3] = [
    (401, "Not signed in, or the token is invalid, expired or revoked"),
    (403, "The caller lacks the permission"),
    (503, "The server has not been set up yet, or is overloaded"),
];

/// Authentication schemes.
fn security_schemes() -> Value {
    json!({
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-fp_session",
            "description": "A browser session; named `fp_session` over plain HTTP on localhost.",
        },
        "bearer": { "type": "http", "scheme": "bearer", "description": "An API token." },
        "basic": {
            "type": "http",
            "scheme": "basic",
            "description": "An API token as the password, with any user name: what profilers send.",
        },
    })
}

fn security(needed: Permission) -> Value {
    match needed {
        Permission::Public => json!([]),
        // Tokens cannot manage their owner's account.
        Permission::SignedIn => json!([{ "cookie": [] }]),
        _ => json!([{ "cookie": [] }, { "bearer": [] }, { "basic": [] }]),
    }
}

/// Status and description of a successful response.
fn success(method: &str, answer: Answer) -> (&'static str, Value) {
    let described = match answer {
        Answer::Empty if method == "DELETE" => return ("204", json!({ "description": "Deleted" })),
        Answer::Empty => json!({ "description": "Done" }),
        Answer::Message(name) => {
            let types = ["application/json", "application/x-protobuf"];
            let schema = json!({ "schema": { "$ref": format!("#/components/schemas/{name}") } });
            json!({ "description": name, "content": content(&types, schema) })
        }
        Answer::Content(types) => json!({ "description": "Content", "content": content(types, json!({})) }),
    };
    ("200", described)
}

fn failure(when: &str) -> Value {
    let schema = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    json!({ "description": when, "content": content(&["application/problem+json"], schema) })
}

fn content(types: &[&str], schema: Value) -> Value {
    types.iter().map(|name| ((*name).to_owned(), schema.clone())).collect::<Map<_, _>>().into()
}

fn parameter(param: &Param) -> Value {
    let text = json!({ "type": "string" });
    let schema = if param.repeated { json!({ "type": "array", "items": text }) } else { text };
    json!({
        "name": param.name,
        "in": if param.in_path { "path" } else { "query" },
        "required": param.required,
        "description": param.description,
        "example": if param.repeated { json!([param.example]) } else { json!(param.example) },
        "schema": schema,
    })
}

/// Schemas by name. Every message that a response refers to must be listed; a test follows the references.
fn schemas() -> Map<String, Value> {
    let mut schemas = Vec::new();
    macro_rules! add {
        ($($message:ty),*) => {$(
            schemas.push((<$message as ToSchema>::name().into_owned(), <$message as PartialSchema>::schema()));
        )*};
    }
    add!(
        AuditLine,
        AuditResponse,
        Binding,
        BindingDraft,
        BindingsResponse,
        CallTreeColumns,
        CallTreeResponse,
        DiffColumns,
        DiffResponse,
        DiffSide,
        HeatmapResponse,
        HeatmapRow,
        FunctionLine,
        InstanceResponse,
        InvitationResponse,
        InvitedResponse,
        LabelCount,
        LabelNamesResponse,
        LabelPair,
        LabelValuesResponse,
        LinesResponse,
        BulkShareResponse,
        CreatedShare,
        RetentionResponse,
        ReportLine,
        SanitizeReport,
        Share,
        ShareAnnotation,
        ShareEnvelope,
        SharePreview,
        ShareView,
        SharesResponse,
        MeResponse,
        NamedId,
        Problem,
        ProfileTypesResponse,
        PushResponse,
        Series,
        SeriesResponse,
        Service,
        ServicesResponse,
        SessionEntry,
        SessionsResponse,
        SignedInResponse,
        Member,
        NewToken,
        ServiceAccount,
        ServiceAccountChange,
        ServiceAccountDraft,
        ServiceAccountsResponse,
        Team,
        TeamDraft,
        TeamsResponse,
        Token,
        TokenDraft,
        TokenRotation,
        TokensResponse,
        TopFunction,
        TopFunctionsResponse,
        UserEntry,
        UsersResponse,
        VerdictFigure,
        VerdictFunction,
        VerdictMethod,
        VerdictMissing,
        VerdictResponse,
        VerdictSelection,
        VerdictSide
    );
    let named = |(name, schema)| serde_json::to_value(&schema).ok().map(|value| (name, value));
    schemas.into_iter().filter_map(named).collect()
}
