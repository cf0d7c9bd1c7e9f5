//! Every route with its permission, in one table. The router, the OpenAPI document and the permission check
//! are all made from it, so a route that is not here does not exist.

use crate::app::App;
use crate::auth::Permission;
use crate::http::doc::Doc;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::MethodRouter;
use std::sync::Arc;

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
    pub fn bytes(self) -> usize {
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
    let mut all = Vec::new();
    all.extend(super::routes::push::routes());
    all
}

/// The router over all routes.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let handler = route.handler.layer(DefaultBodyLimit::max(route.body.bytes()));
        router = router.route(route.path, handler);
    }
    router.with_state(app)
}
