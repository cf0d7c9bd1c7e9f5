//! Networks: `10.0.0.0/8`, `fd00::/8`, or one address.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// A range of addresses that share their first bits (CIDR, RFC 4632 and RFC 4291).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The first bits, the rest zero. IPv4 is mapped into IPv6, so that there is one kind.
    bits: u128,
    /// How many bits count, of 128.
    length: u32,
}

/// How an IPv4 address begins when it is written as IPv6 (RFC 4291, 2.5.5.2).
const V4_LENGTH: u32 = 96;

fn bits(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().to_bits(),
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

impl Network {
    /// Whether `ip` lies in it; an IPv4 address written as IPv6 is the same address.
    pub fn contains(&self, ip: IpAddr) -> bool {
        bits(ip) & mask(self.length) == self.bits
    }
}

fn mask(length: u32) -> u128 {
    u128::MAX.checked_shl(128 - length).unwrap_or(0)
}

/// It is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a network such as 10.0.0.0/8, fd00::/8 or 192.0.2.7")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Network, NotANetwork> {
        let (address, length) = match text.trim().split_once('/') {
            Some((address, length)) if length.bytes().all(|b| b.is_ascii_digit()) => {
                (address, Some(length.parse::<u32>().map_err(|_| NotANetwork)?))
            }
            Some(_) => return Err(NotANetwork),
            None => (text.trim(), None),
        };
        let ip: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let (own, before) = if ip.is_ipv4() { (32, V4_LENGTH) } else { (128, 0) };
        let length = length.unwrap_or(own);
        if length > own {
            return Err(NotANetwork);
        }
        let length = before + length;
        // Bits behind the prefix are most often a slip: 10.0.0.1/8 may have been meant as one address.
        let bits = bits(ip);
        if bits & mask(length) != bits {
            return Err(NotANetwork);
        }
        Ok(Network { bits, length })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Ipv6Addr::from_bits(self.bits).to_ipv4_mapped() {
            Some(ip) if self.length >= V4_LENGTH => write!(f, "{ip}/{}", self.length - V4_LENGTH),
            _ => write!(f, "{}/{}", Ipv6Addr::from_bits(self.bits), self.length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lie_in_their_networks() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.1.2", "11.0.0.0"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "::10.1.2.3"),
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
        assert_eq!("10.0.0.0/8".parse::<Network>().unwrap().to_string(), "10.0.0.0/8");
        assert_eq!("fd00::/8".parse::<Network>().unwrap().to_string(), "fd00::/8");
    }

    #[test]
    fn slips_are_refused() {
        for bad in
            ["", "10.0.0.0/33", "10.0.0.1/8", "::/129", "10.0.0.0/", "10.0.0.0/+8", "*", "10.0.0/8", "a/8"]
        {
            assert_eq!(bad.parse::<Network>(), Err(NotANetwork), "{bad}");
        }
    }
}
