//! [`Slots`]: limits on the number of connections, per address and in total.
//!
//! At a limit, the connection that has been waiting for a request the longest is evicted; connections without any request so
//! far come first. Idle connections therefore cannot keep others out, and requests in flight are not aborted. (A response counts
//! as sent when at most 192 KiB of it are left in buffers; a client that reads slowly may lose that end.)
//! The search examines at most [`SCAN`] connections, and continues where the last one ended.

use super::progress::Progress;
use crate::config::ProxyConfig;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// Connections examined in one search.
const SCAN: usize = 256;

/// The limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// `connections.per_address`
    Address,
    /// `connections.max`
    Total,
}

impl Full {
    /// The label of the metric.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Full::Address => "address",
            Full::Total => "total",
        }
    }
}

pub(super) struct Slots {
    max: usize,
    per_address: usize,
    proxy: ProxyConfig,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    /// Where the next search starts.
    hand: u64,
    by_id: BTreeMap<u64, (IpAddr, Arc<Progress>)>,
    by_address: HashMap<IpAddr, BTreeSet<u64>>,
}

impl Slots {
    pub(super) fn new(max: usize, per_address: usize, proxy: ProxyConfig) -> Slots {
        Slots { max, per_address, proxy, open: Mutex::default() }
    }

    /// A slot for a connection of `peer`.
    ///
    /// # Errors
    /// The limit that was reached, if no connection can be evicted.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr, now: Instant) -> Result<Slot, Full> {
        let peer = peer.to_canonical();
        let mut open = self.open();
        let address = network(peer);
        let is_exempt = peer.is_loopback() || self.proxy.trusts(peer);
        if !is_exempt && open.by_address.get(&address).is_some_and(|ids| ids.len() >= self.per_address) {
            let victim = open.longest_waiting_of(address).ok_or(Full::Address)?;
            open.evict(victim);
        }
        if open.by_id.len() >= self.max {
            let victim = open.longest_waiting().ok_or(Full::Total)?;
            open.evict(victim);
        }
        let id = open.next;
        open.next += 1;
        let progress = Progress::new(now);
        open.by_id.insert(id, (address, progress.clone()));
        open.by_address.entry(address).or_default().insert(id);
        Ok(Slot { slots: self.clone(), id, progress })
    }

    /// Evicts the connection that has been waiting the longest; false if none is waiting.
    pub(super) fn evict_one(&self) -> bool {
        let mut open = self.open();
        let victim = open.longest_waiting();
        victim.is_some_and(|id| {
            open.evict(id);
            true
        })
    }

    /// The number of connections.
    pub(super) fn count(&self) -> usize {
        self.open().by_id.len()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn longest_waiting(&mut self) -> Option<u64> {
        let round = self.by_id.range(self.hand..).chain(self.by_id.range(..self.hand)).take(SCAN);
        let mut last = self.hand;
        let waiting = round.filter_map(|(&id, (_, progress))| {
            last = id + 1;
            Some((progress.waiting()?, id))
        });
        let longest = waiting.min().map(|(_, id)| id);
        self.hand = last;
        longest
    }

    fn longest_waiting_of(&self, address: IpAddr) -> Option<u64> {
        let ids = self.by_address.get(&address)?.iter().take(SCAN);
        ids.filter_map(|id| Some((self.by_id.get(id)?.1.waiting()?, *id))).min().map(|(_, id)| id)
    }

    /// Frees the slot immediately; the connection closes a moment later.
    fn evict(&mut self, id: u64) {
        if let Some(progress) = self.remove(id) {
            progress.evict();
        }
    }

    fn remove(&mut self, id: u64) -> Option<Arc<Progress>> {
        let (address, progress) = self.by_id.remove(&id)?;
        if let Some(ids) = self.by_address.get_mut(&address) {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_address.remove(&address);
            }
        }
        Some(progress)
    }
}

/// An IPv4 address, or the /64 network of an IPv6 address: the smallest that providers assign to a customer.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
    }
}

/// A connection's slot. Dropping it frees the slot.
pub(super) struct Slot {
    slots: Arc<Slots>,
    id: u64,
    pub(super) progress: Arc<Progress>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        // Does nothing if the connection was evicted.
        self.slots.open().remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAR: &str = "192.0.2.1";

    fn slots(max: usize, per_address: usize) -> Arc<Slots> {
        let proxy = ProxyConfig { trusted: vec!["10.0.0.0/8".parse().unwrap()], ..ProxyConfig::default() };
        Arc::new(Slots::new(max, per_address, proxy))
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn limits_connections_per_address_except_of_proxies() {
        let slots = slots(1000, 3);
        let take = |peer: &str| slots.take(ip(peer), Instant::now());
        let busy: Vec<_> = (0..3)
            .map(|_| {
                let slot = take(FAR).unwrap();
                let request = slot.progress.begin();
                (slot, request)
            })
            .collect();
        assert_eq!(take(FAR).err(), Some(Full::Address));
        let _others: Vec<_> =
            ["192.0.2.2", "10.1.1.1", "127.0.0.1", "::1"].map(|peer| take(peer).unwrap()).into();
        let _behind_one: Vec<_> = (0..100).map(|_| take("10.1.1.1").unwrap()).collect();
        drop(busy);
        assert!(take(FAR).is_ok());
    }

    #[test]
    fn counts_ipv6_by_network() {
        let slots = slots(1000, 8);
        let open: Vec<_> =
            (0..500).map(|i| slots.take(ip(&format!("2001:db8::{i:x}")), Instant::now())).collect();
        assert_eq!(
            (slots.count(), open.iter().flatten().count()),
            (8, 500),
            "each new one replaces an idle one"
        );
        let _next = slots.take(ip("2001:db8:0:1::1"), Instant::now()).unwrap();
        assert_eq!(slots.count(), 9);
    }

    #[test]
    fn evicts_idle_connections_only() {
        let slots = slots(100, 1000);
        let busy = slots.take(ip(FAR), Instant::now()).unwrap();
        let request = busy.progress.begin();
        let idle: Vec<_> = (0..5000).map(|_| slots.take(ip(FAR), Instant::now()).unwrap()).collect();
        assert_eq!(slots.count(), 100);
        let is_open = |slot: &&Slot| slots.open().by_id.contains_key(&slot.id);
        assert!(is_open(&&busy));
        assert_eq!(idle.iter().filter(is_open).count(), 99);
        drop(idle);
        assert_eq!(slots.count(), 1);
        drop((request, busy));
        assert!(slots.open().by_address.is_empty());
    }

    #[test]
    fn refuses_if_all_connections_are_busy() {
        let slots = slots(2, 1000);
        let one = slots.take(ip(FAR), Instant::now()).unwrap();
        let other = slots.take(ip("127.0.0.1"), Instant::now()).unwrap();
        let requests = (one.progress.begin(), other.progress.begin());
        assert_eq!(slots.take(ip(FAR), Instant::now()).err(), Some(Full::Total));
        assert!(!slots.evict_one());
        drop(requests);
        assert!(slots.evict_one());
        assert_eq!(slots.count(), 1);
    }
}
