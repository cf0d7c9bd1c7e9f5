//! Authentication and authorization.
//!
//! [`Gate::identify`] turns the credentials of a request into a [`Principal`]; the route table names the [`Permission`] of each
//! route; `query` adds the [`Bounds`] of the principal to each query. All three deny by default.

pub(crate) mod accounts;
pub(crate) mod api_token;
pub(crate) mod attempts;
pub(crate) mod bindings;
pub(crate) mod claim;
mod client;
mod credentials;
mod error;
mod gate;
pub(crate) mod grants;
mod identify;
pub(crate) mod invitation;
pub(crate) mod issue;
pub(crate) mod known_browsers;
mod last_admin;
pub(crate) mod lifetime;
pub(crate) mod me;
mod network;
pub mod oidc;
pub(crate) mod own_code;
pub mod password;
mod permission;
mod principal;
pub(crate) mod proxy;
mod refusals;
pub(crate) mod return_path;
mod role;
mod scope;
pub mod secret;
pub(crate) mod service_accounts;
pub(crate) mod session;
mod setup;
pub(crate) mod sign_in;
pub(crate) mod teams;
pub mod token_text;
pub(crate) mod tokens;
mod used_up;
pub(crate) mod user_name;
pub(crate) mod validation;
pub(crate) mod whole_services;

pub(crate) use client::Client;
pub(crate) use credentials::Credentials;
pub(crate) use error::AuthError;
pub(crate) use gate::Identified;
pub use gate::{Gate, SignIn};
pub use permission::Permission;
pub use principal::{Kind, Principal};
pub use role::{Role, UnknownRole};
pub use scope::{Bounds, Grant, Scope};
pub(crate) use user_name::UserName;
