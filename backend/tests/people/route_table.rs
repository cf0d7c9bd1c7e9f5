//! Permissions of every route in the OpenAPI document, for every kind of caller.

use super::program::{Program, bind, escape, token, user_id};
use super::site::{Answer, PASSWORD, Site};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use flarepath::auth::Permission;
use flarepath::db::Records;
use flarepath::http::router::routes;
use serde_json::{Value, json};

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Let {
    /// Let in; what the handler says of it is its own affair.
    In,
    /// 401.
    SignedOut,
    /// 403.
    Forbidden,
}
use Let::{Forbidden as No, In as Yes, SignedOut as Who};

/// Who asks, in the order of the table's columns. `foreign` is a viewer of another team's profiles.
const CALLERS: [&str; 7] = ["anonymous", "viewer", "editor", "admin", "agent", "deployer", "foreign"];

/// The one table: what each permission means for each caller.
#[rustfmt::skip]
const EXPECTED: [(&str, [Let; 7]); 12] = [
    //                        anonymous viewer editor admin agent deployer foreign
    ("public",               [Yes,      Yes,   Yes,   Yes,  Yes,  Yes,     Yes]),
    ("signed-in",            [Who,      Yes,   Yes,   Yes,  No,   No,      Yes]),
    ("profiles:read",        [Who,      Yes,   Yes,   Yes,  No,   No,      Yes]),
    ("profiles:write",       [Who,      No,    Yes,   Yes,  Yes,  No,      No]),
    ("metrics:read",         [Who,      No,    No,    Yes,  No,   No,      No]),
    ("shares:create",        [Who,      Yes,   Yes,   Yes,  No,   No,      Yes]),
    ("shares:create-public", [Who,      No,    Yes,   Yes,  No,   No,      No]),
    ("shares:manage",        [Who,      No,    No,    Yes,  No,   No,      No]),
    ("services:edit",        [Who,      No,    Yes,   Yes,  No,   No,      No]),
    ("markers:write",        [Who,      No,    Yes,   Yes,  No,   Yes,     No]),
    ("people:manage",        [Who,      No,    No,    Yes,  No,   No,      No]),
    ("audit:read",           [Who,      No,    No,    Yes,  No,   No,      No]),
];

struct Callers {
    site: Site,
    agent: String,
    deployer: String,
}

impl Callers {
    async fn new() -> Callers {
        let (site, root) = Site::claimed(Records::in_memory()).await;
        for role in ["viewer", "editor", "admin"] {
            site.user(&root, role, role).await;
        }
        let foreign = site.user(&root, "foreign", "").await;
        bind(&root, ("user", &user_id(&foreign).await), "viewer", r#"{service_name="theirs"}"#).await;
        let agent = token(&root, "agent", "agent", "").await;
        let deployer = token(&root, "deployer", "deployer", "").await;
        Callers { site, agent, deployer }
    }

    /// Sends a request; people sign in first, as some routes sign them out.
    async fn ask(&self, who: &str, (method, path): (&str, &str), content_type: &str) -> StatusCode {
        let body = || if content_type == "application/json" { Body::from("{}") } else { Body::empty() };
        let token = match who {
            "agent" => Some(&self.agent),
            "deployer" => Some(&self.deployer),
            _ => None,
        };
        if let Some(token) = token {
            return status(&Program::new(&self.site, token).send(method, path, content_type, body()).await);
        }
        let browser = self.site.browser();
        if who != "anonymous" {
            assert_eq!(browser.sign_in(who, PASSWORD).await.status, StatusCode::OK);
        }
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = browser.request(method, path, Value::Null);
        *request.body_mut() = body();
        if !content_type.is_empty() {
            request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        }
        status(&browser.send(request).await)
    }
}

/// gRPC says what is wrong in a header.
fn status(answer: &Answer) -> StatusCode {
    match answer.header("grpc-status") {
        "16" => StatusCode::UNAUTHORIZED,
        "7" => StatusCode::FORBIDDEN,
        _ => answer.status,
    }
}

/// The path with something in each of its gaps, and the parameters that must be there.
fn path_of(template: &str, operation: &Value) -> String {
    let mut path = template.to_owned();
    let mut query = Vec::new();
    for parameter in operation["parameters"].as_array().unwrap() {
        let (name, example) =
            (parameter["name"].as_str().unwrap(), parameter["example"].as_str().unwrap_or(""));
        match parameter["in"].as_str() {
            Some("path") => path = path.replace(&format!("{{{name}}}"), "00000000000000000000000000"),
            _ if parameter["required"] == true => query.push(format!("{name}={}", escape(example))),
            _ => {}
        }
    }
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

fn expected(permission: &str) -> [Let; 7] {
    let line = EXPECTED.iter().find(|(name, _)| *name == permission);
    line.unwrap_or_else(|| panic!("the table says nothing of the permission {permission}")).1
}

#[tokio::test]
async fn every_route_enforces_its_permission() {
    let callers = Callers::new().await;
    let document = callers.site.browser().get("/api/openapi.json").await.json();
    let mut wrong = Vec::new();
    let mut asked = 0;
    for (template, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let permission =
                operation["x-permission"].as_str().unwrap_or_else(|| panic!("{method} {template}"));
            let path = path_of(template, operation);
            let bodies = operation["requestBody"]["content"].as_object();
            let types: Vec<&str> = match bodies {
                Some(bodies) => bodies.keys().map(String::as_str).collect(),
                None => vec![""],
            };
            for (who, expected) in CALLERS.into_iter().zip(expected(permission)) {
                for content_type in &types {
                    let status = callers.ask(who, (&method.to_uppercase(), &path), content_type).await;
                    let fits = match expected {
                        Let::In => lets_in(method, template, status),
                        Let::SignedOut => status == StatusCode::UNAUTHORIZED,
                        Let::Forbidden => status == StatusCode::FORBIDDEN,
                    };
                    asked += 1;
                    if !fits {
                        wrong.push(format!(
                            "{method} {path} ({content_type}) by {who}: {status}, not {expected:?}"
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked} requests:\n{}", wrong.len(), wrong.join("\n"));
    assert!(asked > 200, "{asked}");
}

/// A handler may say of itself that a secret in the request is wrong.
fn lets_in(method: &str, template: &str, status: StatusCode) -> bool {
    let checks_a_secret = matches!(
        (method, template),
        ("put", "/api/v1/me/password") | ("post", "/api/v1/session" | "/api/v1/invitations/accept")
    );
    let refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    !status.is_server_error() && (!refused || checks_a_secret)
}

#[tokio::test]
async fn the_openapi_document_has_the_enforced_permissions() {
    let site = Site::unclaimed(Records::in_memory());
    let document = site.browser().get("/api/openapi.json").await.json();
    let named: Vec<&str> = EXPECTED.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, Permission::ALL.map(Permission::name), "the table has a line for each permission");
    for route in routes() {
        let operation = &document["paths"][route.path][route.method.to_ascii_lowercase()];
        let place = format!("{} {}", route.method, route.path);
        assert_eq!(operation["x-permission"], route.permission.name(), "{place}");
        let is_public = route.permission == Permission::Public;
        assert_eq!(operation["security"] == json!([]), is_public, "{place}");
        for status in ["401", "403", "503"] {
            let described = operation["responses"][status].is_object();
            assert!(is_public || described, "{place} does not describe {status}");
        }
    }
    for (scheme, kind) in [("cookie", "apiKey"), ("bearer", "http"), ("basic", "http")] {
        assert_eq!(document["components"]["securitySchemes"][scheme]["type"], kind);
    }
}

/// Before there is anybody, there is nothing to be had: not even with a token.
#[tokio::test]
async fn unclaimed_servers_serve_public_routes_only() {
    let site = Site::unclaimed(Records::in_memory());
    let document = site.browser().get("/api/openapi.json").await.json();
    for (template, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation["x-permission"] == "public" {
                continue;
            }
            let path = path_of(template, operation);
            let program = Program::new(&site, "fp_pat_x_y");
            let answer = program.send(&method.to_uppercase(), &path, "", Body::empty()).await;
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{method} {path}: {}", answer.text());
        }
    }
}
