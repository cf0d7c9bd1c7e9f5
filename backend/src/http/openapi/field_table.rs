//! The table of [`super::fields`]: `field` for all messages that have it, `Message.field` or `Message` for one. `null` is for a field
//! that is not described. Limits and names come from where they are checked.

use super::field_rules::{Rules, example, examples, one_of};
use super::query_fields;
use crate::auth::oidc::groups;
use crate::auth::password::{MAX_BYTES, MIN_CHARS};
use crate::auth::token_text::TokenKind;
use crate::auth::tokens::{DEFAULT_OVERLAP, MAX_LIFETIME, MAX_OVERLAP};
use crate::auth::user_name::{MAX_CHARS, MAX_DISPLAY_CHARS};
use crate::auth::validation::{MAX_SELECTOR_BYTES, MAX_TITLE_CHARS};
use crate::auth::{Kind, Permission, Role, bindings, proxy};
use crate::config::StoreKind;
use crate::http::routes::stores::STATES;
use crate::ingest::quota::Limit;
use crate::problem::ProblemKind;
use serde_json::{Value, json};

const ID: &str = "01h455vb4pex5vsknk084sn02q";
const AT_NS: i64 = 1_795_227_540_000_000_000;

/// All rules.
pub(super) fn table() -> Rules {
    let of_people = [ids_and_times(), people(), access(), tokens(), audit(), quotas(), storage(), stores()];
    of_people.into_iter().flatten().chain(query_fields::rules()).collect()
}

fn ids_and_times() -> Rules {
    let ids = [
        "id",
        "actor_id",
        "owner_id",
        "user_id",
        "subject_id",
        "team_id",
        "object_id",
        "created_by",
        "request_id",
    ];
    let times = [
        "at_ns",
        "created_ns",
        "created_at_ns",
        "used_ns",
        "used_at_ns",
        "expires_ns",
        "expires_at_ns",
        "changed_ns",
        "signed_in_ns",
        "session_expires_ns",
        "viewed_ns",
        "until_ns",
        "from_ns",
        "start_ns",
        "end_ns",
        "first_dropped_ns",
        "all_dropped_ns",
    ];
    let times_ms = ["newest_ms", "start_ms", "end_ms", "times_ms"];
    let mut rules = examples(ID, &ids);
    rules.extend(examples(AT_NS, &times));
    rules.extend(examples(AT_NS / 1_000_000, &times_ms));
    rules.extend(examples(Value::Null, &["revoked_ns", "revoked_at_ns"]));
    rules.extend([
        ("replaced_by", example(Value::Null)),
        ("first_dropped", example("2026-11-22T00:00:00Z")),
        ("all_dropped", example("2026-11-22T00:00:00Z")),
        ("next", example(format!("{AT_NS}-{ID}"))),
        ("step_ms", example(60_000)),
    ]);
    rules
}

fn quotas() -> Rules {
    vec![
        ("key", one_of(Limit::ALL.map(Limit::name))),
        ("meaning", example(Limit::SeriesPerService.meaning())),
    ]
}

fn storage() -> Rules {
    vec![("forecast", example("full in 23 days"))]
}

fn stores() -> Rules {
    let kinds = [StoreKind::Embedded, StoreKind::Pyroscope, StoreKind::Parca, StoreKind::ClickHouse];
    vec![
        ("StoresResponse.default", example("embedded")),
        ("StoreState.name", example("embedded")),
        ("StoreState.kind", one_of(kinds.map(StoreKind::name))),
        ("StoreState.state", one_of(STATES)),
        ("StoreState.version", example("2.2.1")),
        ("StoreState.latency_p50_s", example(0.02)),
        ("StoreState.latency_p95_s", example(0.4)),
        ("StoreState.last_error", example("")),
        ("StoreState.last_error_at_ns", example(0)),
        ("Facts.store", example("prod")),
        ("Facts.store_kind", example(StoreKind::Pyroscope.name())),
        ("Facts.store_version", example("2.2.1")),
        ("StoreState.missing", json!({ "examples": [["costs by source line"]] })),
    ]
}

fn people() -> Rules {
    let password =
        json!({ "minLength": MIN_CHARS, "maxLength": MAX_BYTES, "examples": ["correct horse battery"] });
    let shown = json!({ "maxLength": MAX_DISPLAY_CHARS, "examples": ["Ann"] });
    let user_name = json!({ "minLength": 1, "maxLength": MAX_CHARS, "examples": ["ann"] });
    let mut rules = examples("ann", &["name", "actor_name", "owner_name", "author"]);
    rules.extend([
        ("display_name", shown),
        ("ClaimRequest.name", user_name.clone()),
        ("CreateUserRequest.name", user_name),
        ("ClaimRequest.password", password.clone()),
        ("AcceptInvitationRequest.password", password.clone()),
        ("ChangePasswordRequest.new_password", password),
        ("old_password", example("battery horse correct")),
        ("password", example("correct horse battery")),
        ("setup_token", example("")),
        ("token", example("V7sQ0cJx3bq1m5n8r2t4w6y9")),
        ("email", json!({ "maxLength": 254, "examples": ["ann@example.org"] })),
        (
            "CreateUserRequest.role",
            one_of(
                Role::ALL.map(Role::name).into_iter().filter(|role| !["agent", "deployer"].contains(role)),
            ),
        ),
        ("SignInRequest.next", example("/explore")),
        ("SignedInResponse.next", example("/explore")),
        ("MeResponse.kind", one_of(["user", "anonymous", "local", "service_account"])),
        ("permissions", example(Permission::ReadProfiles.name())),
        ("permissions_over_everything", example(Permission::ReadProfiles.name())),
        ("NamedId.name", example("payments")),
        ("method", example("password")),
        ("ip", example("192.0.2.1")),
        ("user_agent", example("curl/8.14.1")),
        ("link", example("http://127.0.0.1:4280/invite#token=V7sQ0cJx3bq1m5n8r2t4w6y9")),
        ("version", example(1)),
        ("InstanceResponse.version", example(env!("CARGO_PKG_VERSION"))),
        ("warnings", example("anyone on the network has full access")),
        ("oidc", example("Example")),
    ]);
    rules
}

fn access() -> Rules {
    let title = json!({ "minLength": 1, "maxLength": MAX_TITLE_CHARS, "examples": ["payments"] });
    let selector = json!({ "maxLength": MAX_SELECTOR_BYTES, "examples": ["{service_name=~\"pay-.*\"}"] });
    vec![
        ("Team.name", example("payments")),
        ("TeamDraft.name", title.clone()),
        ("ServiceAccount.name", example("ci")),
        (
            "ServiceAccountDraft.name",
            json!({ "minLength": 1, "maxLength": MAX_TITLE_CHARS, "examples": ["ci"] }),
        ),
        ("selector", example("{service_name=~\"pay-.*\"}")),
        ("TeamDraft.selector", selector.clone()),
        ("TokenDraft.selector", selector),
        ("source", one_of([bindings::MANUAL, groups::SOURCE, proxy::SOURCE])),
        ("subject_kind", one_of([Kind::User.name(), "team", Kind::ServiceAccount.name()])),
        ("role", one_of(Role::ALL.map(Role::name).into_iter().rev())),
        ("scope_kind", one_of(["org", "team", "selector"])),
        ("scope", example("")),
        ("TokenDraft.name", title),
    ]
}

fn tokens() -> Rules {
    const DAY_S: u64 = 24 * 3600;
    vec![
        ("prefix", json!({ "enum": TokenKind::ALL.map(TokenKind::prefix) })),
        ("last_four", example("x7kq")),
        ("Token.kind", one_of(TokenKind::ALL.map(TokenKind::name))),
        ("owner_kind", one_of([Kind::User.name(), Kind::ServiceAccount.name()])),
        ("Token.name", example("laptop")),
        ("Token.state", one_of(["live", "replaced", "expired", "revoked"])),
        ("used_ip", example("192.0.2.1")),
        (
            "expires_days",
            json!({ "minimum": 0, "maximum": MAX_LIFETIME.as_secs() / DAY_S, "examples": [90], "default": 0 }),
        ),
        (
            "overlap_s",
            json!({
                "minimum": 0, "maximum": MAX_OVERLAP.as_secs(), "examples": [600],
                "default": DEFAULT_OVERLAP.as_secs(),
            }),
        ),
        ("secret", example("fp_pat_0123456789abcdefghjkmnpqrstvwxyz_1a2b3c")),
        ("ServiceAccountChange.disabled", example(true)),
        ("UserEntry.disabled", example(false)),
        ("UpdateUserRequest.disabled", example(false)),
    ]
}

fn audit() -> Rules {
    vec![
        ("actor_kind", one_of(["user", "service_account", "local", "anonymous", "system"])),
        ("action", example("team.create")),
        ("object_kind", example("team")),
        ("object_name", example("payments")),
        ("before", example(Value::Null)),
        ("after", example("{\"name\":\"payments\"}")),
        ("Problem.type", one_of(ProblemKind::ALL.iter().map(|kind| kind.name()))),
        ("Problem.status", json!({ "minimum": 400, "maximum": 599 })),
        ("Problem.title", example("bad selector")),
        ("detail", example("`{service_name=`: expected a value in quotes")),
        ("position", example(14)),
    ]
}
