//! Where a request comes from.

use crate::db::audit::Actor;
use std::net::{IpAddr, Ipv4Addr};

/// The client of a request, as far as can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// Its address: of the socket, or what trusted proxies say.
    pub(crate) ip: IpAddr,
    /// The other end of the socket: a proxy, or the client itself.
    pub(crate) peer: IpAddr,
    /// What it calls itself, shortened.
    pub(crate) user_agent: String,
    /// Id of the request.
    pub(crate) request_id: String,
}

impl Client {
    /// A program inside this process, or a test.
    pub(crate) fn this_machine() -> Client {
        let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Client { ip, peer: ip, user_agent: String::new(), request_id: String::new() }
    }

    /// Somebody at this client, as the audit log names it.
    pub(crate) fn actor_named(&self, at: i64, kind: &str, id: &str, name: &str) -> Actor {
        Actor {
            at,
            kind: kind.to_owned(),
            id: id.to_owned(),
            name: name.to_owned(),
            ip: self.ip.to_string(),
            user_agent: self.user_agent.clone(),
            request_id: self.request_id.clone(),
        }
    }
}
