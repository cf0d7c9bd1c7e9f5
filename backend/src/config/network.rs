//! IP networks in CIDR notation: `10.0.0.0/8`, `fd00::/8`, or a single address.

use ipnet::IpNet;
use std::net::IpAddr;
use std::str::FromStr;

/// A range of addresses that share a prefix (RFC 4632, RFC 4291).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Whether `ip` is in the network; an IPv4 address mapped into IPv6 is the same address.
    pub(crate) fn contains(&self, ip: IpAddr) -> bool {
        match (self.0, ip.to_canonical()) {
            (IpNet::V4(network), IpAddr::V4(ip)) => network.contains(&ip),
            (IpNet::V4(_), IpAddr::V6(_)) => false,
            (IpNet::V6(network), IpAddr::V4(ip)) => network.contains(&ip.to_ipv6_mapped()),
            (IpNet::V6(network), IpAddr::V6(ip)) => network.contains(&ip),
        }
    }
}

/// The text is not a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a network such as 10.0.0.0/8, fd00::/8 or 192.0.2.7")]
pub struct InvalidNetwork;

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Network, InvalidNetwork> {
        let text = text.trim();
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Network(address.into()));
        }
        let network: IpNet = text.parse().map_err(|_| InvalidNetwork)?;
        // Set bits after the prefix are most often a slip: 10.0.0.1/8 may have been meant as one address.
        if network.trunc() != network {
            return Err(InvalidNetwork);
        }
        Ok(Network(network))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contains_its_addresses() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.1.2", "11.0.0.0"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "::10.1.2.3"),
            ("::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.0"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("0.0.0.0/0", "8.8.8.8", "2001:db8::1"),
            ("fd00::/8", "fdff::1", "fe00::1"),
            ("2001:db8::1", "2001:db8::1", "2001:db8::2"),
            ("::/0", "127.0.0.1", ""),
        ] {
            let parsed: Network = network.parse().unwrap();
            assert!(parsed.contains(inside.parse().unwrap()), "{inside} in {network}");
            if !outside.is_empty() {
                assert!(!parsed.contains(outside.parse().unwrap()), "{outside} in {network}");
            }
        }
    }

    #[test]
    fn rejects_invalid_networks() {
        for bad in
            ["", "10.0.0.0/33", "10.0.0.1/8", "::/129", "10.0.0.0/", "10.0.0.0/+8", "*", "10.0.0/8", "a/8"]
        {
            assert_eq!(bad.parse::<Network>(), Err(InvalidNetwork), "{bad}");
        }
    }
}
