//! [`Route`]: one line of the route table, and the builder that writes it.
//!
//! ```ignore
//! Route::post("/api/v1/teams", create).needs(Permission::ManagePeople).doc(CREATE)
//! ```
//!
//! The method is said once. Without [`Endpoint::needs`] there is no `Route`, so that no route can be served without a
//! permission.

use super::doc::Doc;
use crate::app::App;
use crate::auth::Permission;
use axum::handler::Handler;
use axum::routing::{self, MethodRouter};
use std::sync::Arc;

/// Maximum size of a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyLimit {
    /// 64 KiB: queries and JSON.
    Small,
    /// 64 MiB: profiles.
    Profile,
}

impl BodyLimit {
    pub(crate) const fn bytes(self) -> usize {
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
    /// Permission that the caller must have.
    pub permission: Permission,
    /// Maximum size of the request body.
    pub body: BodyLimit,
    /// Description for the OpenAPI document.
    pub doc: Doc,
    pub(super) handler: MethodRouter<Arc<App>>,
}

/// A handler at a path, which becomes a [`Route`] once its permission is named.
pub(crate) struct Endpoint {
    method: &'static str,
    path: &'static str,
    handler: MethodRouter<Arc<App>>,
}

impl Endpoint {
    /// Requires `permission` of the caller.
    pub(crate) fn needs(self, permission: Permission) -> Route {
        let Endpoint { method, path, handler } = self;
        Route { method, path, permission, body: BodyLimit::Small, doc: Doc::new("", ""), handler }
    }
}

macro_rules! constructors {
    ($($name:ident $method:literal),*) => {
        impl Route {
            $(
                #[doc = concat!("Answers `", $method, "` at `path`.")]
                pub(crate) fn $name<H, T>(path: &'static str, handler: H) -> Endpoint
                where
                    H: Handler<T, Arc<App>>,
                    T: 'static,
                {
                    Endpoint { method: $method, path, handler: routing::$name(handler) }
                }
            )*
        }
    };
}

constructors!(get "GET", post "POST", put "PUT", patch "PATCH", delete "DELETE");

impl Route {
    /// Accepts bodies up to `limit`; [`BodyLimit::Small`] unless set.
    pub(crate) fn body(self, limit: BodyLimit) -> Route {
        Route { body: limit, ..self }
    }

    /// Describes the route in the OpenAPI document.
    pub(crate) fn doc(self, doc: Doc) -> Route {
        Route { doc, ..self }
    }
}
