//! The client of a request.

use crate::db::audit::Actor;
use crate::db::id::PrincipalId;
use flarepath_profile::unix_nanos::UnixNanos;
use std::net::{IpAddr, Ipv4Addr};

/// The client of a request, as far as can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// Client address: of the socket, or as reported by trusted proxies.
    pub(crate) ip: IpAddr,
    /// Address of the socket's peer: a proxy, or the client itself.
    pub(crate) peer: IpAddr,
    /// Truncated.
    pub(crate) user_agent: String,
    pub(crate) request_id: String,
    /// Hash of the secret in the browser's cookie, if it has one (see [`super::known_browsers`]).
    pub(crate) browser: Option<String>,
}

impl Client {
    /// A program inside this process, or a test.
    pub(crate) fn this_machine() -> Client {
        let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Client { ip, peer: ip, user_agent: String::new(), request_id: String::new(), browser: None }
    }

    /// A principal at this client, as the audit log names it.
    pub(crate) fn actor_named(&self, at: UnixNanos, kind: &str, id: PrincipalId, name: &str) -> Actor {
        Actor {
            at,
            kind: kind.to_owned(),
            id,
            name: name.to_owned(),
            ip: self.ip.to_string(),
            user_agent: self.user_agent.clone(),
            request_id: self.request_id.clone(),
        }
    }
}
