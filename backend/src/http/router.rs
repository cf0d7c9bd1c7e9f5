//! Every route with its permission, in one table. The router, the OpenAPI document and the permission check
//! are all made from it, so a route that is not here does not exist.

use crate::app::App;
use crate::auth::Permission;
use crate::http::doc::Doc;
use crate::http::middleware::authorize::authorize;
use crate::http::middleware::{compress, csrf, deadline, host_guard, observe, panicked, security_headers};
use crate::http::refusal::Protocol;
use crate::http::routes::*;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::MethodRouter;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// How large a request body may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyLimit {
    /// 64 KiB: queries.
    Small,
    /// 64 MiB: profiles.
    Profile,
}

impl BodyLimit {
    /// In bytes.
    pub(crate) fn bytes(self) -> usize {
        match self {
            BodyLimit::Small => 64 << 10,
            BodyLimit::Profile => 64 << 20,
        }
    }
}

/// A line of the route table.
pub struct Route {
    /// HTTP method, upper case.
    pub method: &'static str,
    /// Path in axum's syntax (`/labels/{name}/values`).
    pub path: &'static str,
    /// What the caller must be allowed to do.
    pub permission: Permission,
    /// How much it may send.
    pub body: BodyLimit,
    /// What answers; made by [`axum::routing::get`] or [`axum::routing::post`], as `method` says.
    pub handler: MethodRouter<Arc<App>>,
    /// What it is for.
    pub doc: Doc,
}

/// The route table.
pub fn routes() -> Vec<Route> {
    use Permission::{Public, ReadMetrics, ReadProfiles};
    let get = |path, permission, handler, doc| Route {
        method: "GET",
        path,
        permission,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    let mut all = vec![
        get("/api/v1/instance", Public, axum::routing::get(instance::instance), instance::DOC),
        get("/api/v1/services", ReadProfiles, axum::routing::get(services::services), services::DOC),
        get(
            "/api/v1/profile-types",
            ReadProfiles,
            axum::routing::get(profile_types::profile_types),
            profile_types::DOC,
        ),
        get("/api/v1/labels", ReadProfiles, axum::routing::get(labels::names), labels::NAMES),
        get("/api/v1/labels/{name}/values", ReadProfiles, axum::routing::get(labels::values), labels::VALUES),
        get("/api/v1/series", ReadProfiles, axum::routing::get(series::series), series::DOC),
        get("/api/v1/call-tree", ReadProfiles, axum::routing::get(call_tree::call_tree), call_tree::DOC),
        get("/api/v1/heatmap", ReadProfiles, axum::routing::get(heatmap::heatmap), heatmap::DOC),
        get("/api/v1/diff", ReadProfiles, axum::routing::get(diff::diff), diff::DOC),
        get(
            "/api/v1/top-functions",
            ReadProfiles,
            axum::routing::get(top_functions::top_functions),
            top_functions::DOC,
        ),
        get("/api/v1/lines", ReadProfiles, axum::routing::get(lines::lines), lines::DOC),
        get("/api/v1/export", ReadProfiles, axum::routing::get(export::export), export::DOC),
        get("/healthz", Public, axum::routing::get(health::alive), health::ALIVE),
        get("/readyz", Public, axum::routing::get(health::ready), health::READY),
        get("/metrics", ReadMetrics, axum::routing::get(health::metrics), health::METRICS),
        get("/api/openapi.json", Public, axum::routing::get(docs::document), docs::DOCUMENT),
        get("/api/docs", Public, axum::routing::get(docs::page), docs::PAGE),
        get("/api/docs/{file}", Public, axum::routing::get(docs::file), docs::FILE),
    ];
    all.extend(people::routes());
    all.extend(push::routes());
    all.extend(pyroscope::routes());
    all.extend(ingest::routes());
    all.extend(upload::routes());
    all.extend(shares::routes());
    all.extend(otlp::routes());
    all.extend(otlp_grpc::routes());
    all
}

/// The router over all routes, with all that happens around them.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let needed = route.permission;
        let name = observe::RouteName(route.path);
        let gate = app.clone();
        let check = from_fn(move |request: Request, next| {
            let app = gate.clone();
            async move {
                let protocol = Protocol::of(name.0, request.headers());
                authorize(&app, needed, request, next).await.unwrap_or_else(|error| protocol.refuse(error))
            }
        });
        let named = map_response(move |mut response: Response| async move {
            response.extensions_mut().insert(name);
            response
        });
        let handler =
            route.handler.layer(DefaultBodyLimit::max(route.body.bytes())).layer(check).layer(named);
        router = router.route(route.path, handler);
    }
    router
        .method_not_allowed_fallback(page::wrong_method)
        .fallback(page::page)
        .layer(from_fn_with_state(app.clone(), deadline::keep))
        .layer(from_fn_with_state(app.clone(), csrf::guard))
        .layer(from_fn_with_state(app.clone(), host_guard::guard))
        .layer(from_fn(compress::mark_local))
        .layer(compress::layer())
        .layer(from_fn(security_headers::add))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(observe::observe))
        .with_state(app)
}
