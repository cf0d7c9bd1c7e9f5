//! Who is asking, and what they may do.
//!
//! [`Gate::identify`] turns the credentials of a request into a [`Principal`]; the route table names the [`Permission`] of each
//! route; [`crate::query`] adds the [`Bounds`] of the principal to each question. Deny is the default of all three.

pub mod accounts;
pub mod api_token;
pub mod attempts;
pub mod bindings;
pub mod claim;
mod client;
mod credentials;
mod error;
mod gate;
pub mod grants;
pub mod invitation;
pub mod issue;
pub mod last_admin;
pub mod me;
pub mod next;
pub mod oidc;
pub mod password;
mod permission;
mod principal;
mod proxy;
mod role;
mod scope;
pub mod secret;
pub mod service_accounts;
pub mod session;
pub mod sign_in;
pub mod teams;
pub mod token_text;
pub mod tokens;
pub mod user_name;
pub mod written;

pub use client::Client;
pub use credentials::Credentials;
pub use error::AuthError;
pub use gate::{Gate, Identified, SignIn};
pub use permission::Permission;
pub use principal::{Kind, Principal};
pub use role::{Role, UnknownRole};
pub use scope::{Bounds, Grant, Scope};
pub use user_name::UserName;
