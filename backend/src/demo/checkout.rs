//! The service `checkout`: reads a cart from JSON, checks its vouchers, prices it, reserves stock under a lock that
//! all threads share, and answers in JSON.

use super::Version;
use super::answer::Answer;
use super::random_text::Random;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

#[derive(Serialize, Deserialize)]
struct Cart {
    customer: String,
    items: Vec<Item>,
    vouchers: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Item {
    sku: String,
    name: String,
    cents: u64,
    count: u64,
}

#[derive(Serialize)]
struct Receipt {
    customer: String,
    lines: Vec<(String, u64)>,
    discount_cents: u64,
    total_cents: u64,
    reserved: u64,
}

/// Pattern of a voucher, and its discount in percent.
const VOUCHER_RULES: [(&str, u64); 4] = [
    (r"^SPRING-\d{2}-[A-Z]{4}$", 10),
    (r"^LOYAL-[0-9A-F]{8}$", 15),
    (r"(?i)^welcome[-_ ]?\d{1,4}$", 5),
    (r"^(GIFT|CARD)-\d{3}-\d{3}$", 20),
];

/// One cart in so many has no voucher that a rule accepts; such an order is refused.
const REFUSED_ONE_IN: u64 = 50;

/// The service and its state.
pub(super) struct Checkout {
    version: Version,
    rules: Vec<(Regex, u64)>,
    stock: Mutex<HashMap<String, u64>>,
}

impl Checkout {
    /// Starts the service, which compiles its rules.
    pub(super) fn new(version: Version) -> Checkout {
        Checkout { version, rules: compile_voucher_rules(), stock: Mutex::default() }
    }

    /// Handles one order.
    #[inline(never)]
    pub(super) fn handle_order(&self, random: &mut Random) -> Answer {
        let body = receive_order(random);
        let Some(mut cart) = parse_cart(&body) else { return Answer::Refused };
        let discount = match self.version {
            Version::V1 => discount_percent(&cart.vouchers, &self.rules),
            // The bug: compiles the rules for each order.
            Version::V2 => discount_percent(&cart.vouchers, &compile_voucher_rules()),
        };
        let Some(discount) = discount else { return Answer::Refused };
        let (lines, sum) = price_cart(&mut cart);
        let reserved = self.reserve_stock(&cart);
        let discount_cents = sum * discount / 100;
        let receipt = Receipt {
            customer: cart.customer,
            lines,
            discount_cents,
            total_cents: sum - discount_cents,
            reserved,
        };
        render_receipt(&receipt).map_or(Answer::Failed, Answer::Served)
    }

    /// All threads of the process contend for this lock.
    #[inline(never)]
    fn reserve_stock(&self, cart: &Cart) -> u64 {
        let mut stock = self.stock.lock().unwrap_or_else(PoisonError::into_inner);
        let mut reserved = 0;
        for item in &cart.items {
            let left = stock.entry(item.sku.clone()).or_insert(1_000_000);
            *left = left.saturating_sub(item.count);
            reserved += item.count;
        }
        reserved
    }
}

#[inline(never)]
fn compile_voucher_rules() -> Vec<(Regex, u64)> {
    VOUCHER_RULES
        .iter()
        .filter_map(|(pattern, percent)| Some((Regex::new(pattern).ok()?, *percent)))
        .collect()
}

/// The best discount; `None` if no rule accepts a voucher.
#[inline(never)]
fn discount_percent(vouchers: &[String], rules: &[(Regex, u64)]) -> Option<u64> {
    let matching = |voucher: &String| rules.iter().find(|(rule, _)| rule.is_match(voucher));
    vouchers.iter().filter_map(matching).map(|(_, percent)| *percent).max()
}

/// Generates the body of a request.
#[inline(never)]
fn receive_order(random: &mut Random) -> Vec<u8> {
    let items = (0..60 + random.below(60)).map(|_| Item {
        sku: format!("{}-{:04}", random.word(), random.below(2_000)),
        name: random.sentence(3),
        cents: 100 + random.below(20_000),
        count: 1 + random.below(4),
    });
    let cart = Cart { items: items.collect(), customer: random.sentence(2), vouchers: vouchers(random) };
    serde_json::to_vec(&cart).unwrap_or_default()
}

fn vouchers(random: &mut Random) -> Vec<String> {
    // One that has expired begins with a word that no rule knows.
    let (loyal, gift) = match random.below(REFUSED_ONE_IN) {
        0 => ("LAPSED", "SPENT"),
        _ => ("LOYAL", "GIFT"),
    };
    vec![
        format!("{loyal}-{:08X}", random.below(u64::from(u32::MAX))),
        format!("{gift}-{:03}-{:03}", random.below(1000), random.below(1000)),
        random.sentence(6),
    ]
}

#[inline(never)]
fn parse_cart(body: &[u8]) -> Option<Cart> {
    serde_json::from_slice(body).ok()
}

#[inline(never)]
fn price_cart(cart: &mut Cart) -> (Vec<(String, u64)>, u64) {
    cart.items.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.sku.cmp(&b.sku)));
    let lines: Vec<(String, u64)> =
        cart.items.iter().map(|item| (item.name.clone(), item.cents * item.count)).collect();
    let sum = lines.iter().map(|(_, cents)| cents).sum();
    (lines, sum)
}

#[inline(never)]
fn render_receipt(receipt: &Receipt) -> Option<usize> {
    serde_json::to_string_pretty(receipt).ok().map(|text| text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_produce_the_same_receipts() {
        let (v1, v2) = (Checkout::new(Version::V1), Checkout::new(Version::V2));
        let mut refused = 0;
        for seed in 0..300 {
            let answer = v1.handle_order(&mut Random::new(seed));
            match answer {
                Answer::Served(bytes) => assert!(bytes > 1_000),
                Answer::Refused => refused += 1,
                Answer::Failed => panic!("order {seed} failed"),
            }
            assert_eq!(answer, v2.handle_order(&mut Random::new(seed)));
        }
        assert!((1..30).contains(&refused), "{refused} of 300 orders were refused");
    }

    #[test]
    fn recognises_vouchers() {
        let rules = compile_voucher_rules();
        assert_eq!(rules.len(), VOUCHER_RULES.len(), "every rule compiles");
        assert_eq!(discount_percent(&["LOYAL-0123ABCD".into(), "nothing".into()], &rules), Some(15));
        assert_eq!(discount_percent(&["nothing".into(), "LAPSED-0123ABCD".into()], &rules), None);
    }
}
