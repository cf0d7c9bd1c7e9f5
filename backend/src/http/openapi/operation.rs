//! One operation: parameters, body, responses.

use super::content::{bytes, json};
use super::statuses;
use crate::auth::Permission;
use crate::http::doc::{Answer, Doc, Param, ParamKind, Part, RequestBody};
use crate::http::route::Route;
use serde_json::{Map, Value, json};

type Schemas = Map<String, Value>;

/// The operation of a route.
pub(super) fn operation(route: &Route, schemas: &Schemas) -> Value {
    let Doc { group, summary, description, params, body, answer, errors: _, example } = route.doc;
    let mut responses = Map::new();
    let (status, success) = success(route.method, answer, schemas);
    if let Answer::Created(_) = answer {
        responses.insert("201".to_owned(), success.clone());
    }
    responses.insert(status.to_owned(), success);
    responses.extend(statuses::failures(route, schemas));
    let mut operation = json!({
        "tags": [group],
        "operationId": operation_id(route),
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
        let content: Map<_, _> =
            body.iter().map(|body| (body.media_type().to_owned(), sent(*body, schemas))).collect();
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    operation
}

/// `getLabelsNameValues` for `GET /api/v1/labels/{name}/values`.
fn operation_id(route: &Route) -> String {
    let path = route.path.trim_start_matches("/api/v1").trim_start_matches("/api");
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    words.fold(route.method.to_ascii_lowercase(), |id, word| id + &capital(word))
}

fn security(needed: Permission) -> Value {
    match needed {
        Permission::Public => json!([]),
        // Tokens cannot manage their owner's account.
        Permission::SignedIn => json!([{ "cookie": [] }]),
        _ => json!([{ "cookie": [] }, { "bearer": [] }, { "basic": [] }]),
    }
}

fn parameter(param: &Param) -> Value {
    let (mut schema, typed): (Value, fn(&str) -> Value) = match param.kind {
        ParamKind::Text => (json!({ "type": "string" }), |text| json!(text)),
        ParamKind::Pattern(pattern) => (json!({ "type": "string", "pattern": pattern }), |text| json!(text)),
        ParamKind::OneOf(options) => (json!({ "type": "string", "enum": options }), |text| json!(text)),
        ParamKind::Integer(least, most) => {
            (json!({ "type": "integer", "format": "int64", "minimum": least, "maximum": most }), |text| {
                json!(text.parse::<i64>().ok())
            })
        }
        ParamKind::Flag => (json!({ "type": "boolean" }), |text| json!(text == "true")),
    };
    if let Some(default) = param.default {
        schema["default"] = typed(default);
    }
    let mut example = typed(param.example);
    if param.repeated {
        schema = json!({ "type": "array", "items": schema });
        example = json!([example]);
    }
    json!({
        "name": param.name,
        "in": if param.in_path { "path" } else { "query" },
        "required": param.required,
        "description": param.description,
        "example": example,
        "schema": schema,
    })
}

/// A request body in one content type.
fn sent(body: RequestBody, schemas: &Schemas) -> Value {
    match body {
        RequestBody::Json(name) => json(name, schemas),
        RequestBody::Bytes(media_type, what) => {
            let mut content = bytes(media_type);
            content["schema"]["description"] = json!(what);
            if media_type.starts_with("text/") {
                content["example"] = json!("main;serve;encode 42\n");
            }
            content
        }
        RequestBody::Form(parts) => form(parts),
    }
}

fn form(parts: &[Part]) -> Value {
    let mut properties = Map::new();
    let mut encoding = Map::new();
    for part in parts {
        let mut schema = bytes(part.media_type)["schema"].clone();
        schema["description"] = json!(part.description);
        properties.insert(part.name.to_owned(), schema);
        encoding.insert(part.name.to_owned(), json!({ "contentType": part.media_type }));
    }
    json!({ "schema": { "type": "object", "properties": properties }, "encoding": encoding })
}

/// Status and description of a successful response.
fn success(method: &str, answer: Answer, schemas: &Schemas) -> (&'static str, Value) {
    let described = |description: &str, content: Map<String, Value>| json!({ "description": description, "content": content });
    match answer {
        Answer::Empty if method == "DELETE" => ("204", json!({ "description": "Deleted" })),
        Answer::Empty => ("200", json!({ "description": "Done" })),
        Answer::Redirect(to) => ("302", json!({ "description": to })),
        Answer::Content(types) => ("200", described("Content", others(types))),
        Answer::Message(name) | Answer::Created(name) => {
            let mut content = others(&["application/x-protobuf"]);
            content.insert("application/json".to_owned(), json(name, schemas));
            ("200", described(name, content))
        }
        Answer::Json(name, types) => {
            let mut content = others(types);
            content.insert("application/json".to_owned(), json(name, schemas));
            ("200", described(name, content))
        }
    }
}

/// Content of other types than JSON.
fn others(types: &[&str]) -> Map<String, Value> {
    types.iter().map(|name| ((*name).to_owned(), bytes(name))).collect()
}
