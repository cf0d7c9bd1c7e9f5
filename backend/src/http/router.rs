//! The route table and the router. The router, the OpenAPI document and the permission check are all built from
//! [`routes`], so a route that is not listed there does not exist.

use crate::app::App;
use crate::auth::Permission;
use crate::http::middleware::authorize::authorize;
use crate::http::middleware::{
    compress, csrf, deadline, host_guard, observe, panicked, request_memory, security_headers,
};
use crate::http::openapi;
use crate::http::protocol::Protocol;
use crate::http::route::Route;
use crate::http::routes::*;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use std::sync::{Arc, OnceLock};
use tower_http::catch_panic::CatchPanicLayer;

/// Every route.
pub fn routes() -> Vec<Route> {
    use Permission::{Public, ReadMetrics, ReadProfiles};
    let mut all = vec![
        Route::get("/api/v1/instance", instance::instance).needs(Public).doc(instance::DOC),
        Route::get("/api/v1/services", catalog::services).needs(ReadProfiles).doc(catalog::SERVICES),
        Route::get("/api/v1/profile-types", catalog::profile_types)
            .needs(ReadProfiles)
            .doc(catalog::PROFILE_TYPES),
        Route::get("/api/v1/labels", catalog::label_names).needs(ReadProfiles).doc(catalog::LABEL_NAMES),
        Route::get("/api/v1/labels/{name}/values", catalog::label_values)
            .needs(ReadProfiles)
            .doc(catalog::LABEL_VALUES),
        Route::get("/api/v1/series", series::series).needs(ReadProfiles).doc(series::DOC),
        Route::get("/api/v1/breakdown", breakdown::breakdown).needs(ReadProfiles).doc(breakdown::DOC),
        Route::get("/api/v1/call-tree", call_tree::call_tree).needs(ReadProfiles).doc(call_tree::DOC),
        Route::get("/api/v1/heatmap", heatmap::heatmap).needs(ReadProfiles).doc(heatmap::DOC),
        Route::get("/api/v1/indicators", indicators::indicators).needs(ReadProfiles).doc(indicators::DOC),
        Route::get("/api/v1/diff", diff::diff).needs(ReadProfiles).doc(diff::DOC),
        Route::get("/api/v1/verdict", verdict::verdict).needs(ReadProfiles).doc(verdict::DOC),
        Route::get("/api/v1/overview", overview::overview).needs(ReadProfiles).doc(overview::DOC),
        Route::get("/api/v1/overview/metrics", overview_metrics::overview_metrics)
            .needs(ReadProfiles)
            .doc(overview_metrics::DOC),
        Route::get("/api/v1/top-functions", top_functions::top_functions)
            .needs(ReadProfiles)
            .doc(top_functions::DOC),
        Route::get("/api/v1/lines", lines::lines).needs(ReadProfiles).doc(lines::DOC),
        Route::get("/api/v1/export", export::export).needs(ReadProfiles).doc(export::DOC),
        Route::get("/healthz", health::alive).needs(Public).doc(health::ALIVE),
        Route::get("/readyz", health::ready).needs(Public).doc(health::READY),
        Route::get("/metrics", health::metrics).needs(ReadMetrics).doc(health::METRICS),
    ];
    all.extend(docs::routes(openapi_text));
    all.extend(people::routes());
    all.extend(quotas::routes());
    all.extend(own_code::routes());
    all.extend(markers::routes());
    all.extend(push::routes());
    all.extend(pyroscope::routes());
    all.extend(ingest::routes());
    all.extend(upload::routes());
    all.extend(shares::routes());
    all.extend(storage::routes());
    all.extend(stores::routes());
    all.extend(otlp::routes());
    all.extend(otlp_grpc::routes());
    all
}

/// The OpenAPI document of [`routes`].
fn openapi_text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| openapi::document(&routes()).to_string())
}

/// The router: all routes, with the middleware around them.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let needed = route.permission;
        let name = observe::RouteName(route.path);
        let (gate, memory, limit) = (app.clone(), app.clone(), route.body);
        let reserve = from_fn(move |request: Request, next| {
            let app = memory.clone();
            async move {
                let protocol = Protocol::of(name.0, request.headers());
                let answered = request_memory::reserve(&app, limit, request, next).await;
                answered.unwrap_or_else(|error| protocol.refuse(error))
            }
        });
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
        let limit = DefaultBodyLimit::max(route.body.bytes());
        let handler = route.handler.layer(limit).layer(reserve).layer(check).layer(named);
        router = router.route(route.path, handler);
    }
    router
        .method_not_allowed_fallback(page::method_not_allowed)
        .fallback(page::fallback)
        .layer(from_fn_with_state(app.clone(), deadline::keep))
        .layer(from_fn_with_state(app.clone(), csrf::guard))
        .layer(from_fn_with_state(app.clone(), host_guard::guard))
        .layer(from_fn(compress::mark_local))
        .layer(compress::layer())
        .layer(from_fn_with_state(app.clone(), security_headers::add))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(observe::observe))
        .with_state(app)
}
