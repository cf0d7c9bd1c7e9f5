//! Every route with its permission, in one table. The router, the OpenAPI test and the permission check are
//! all made from it, so a route that is not here does not exist.

use crate::app::App;
use crate::auth::Permission;
use axum::Router;
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
    /// What answers.
    pub handler: MethodRouter<Arc<App>>,
}

/// The route table.
pub fn routes() -> Vec<Route> {
    Vec::new()
}

/// The router over all routes.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for route in routes() {
        router = router.route(route.path, route.handler);
    }
    router.with_state(app)
}
