//! Distinct texts of many series, counted and sorted mostly without a look at the texts, which lie all over the memory.

use rustc_hash::FxHashMap;

/// Each of the texts with how often it is there, in ascending order.
pub(super) fn sorted_counts<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<(&'a str, u64)> {
    // A store keeps a text once for all series that have it, so addresses tell nearly all of them apart.
    let mut places: FxHashMap<usize, usize> = FxHashMap::default();
    let mut found: Vec<Counted<'a>> = Vec::new();
    for text in texts {
        let next = found.len();
        let place = *places.entry(text.as_ptr().addr()).or_insert(next);
        match found.get_mut(place) {
            Some(known) => known.count += 1,
            None => found.push(Counted { prefix: 0, text, count: 1 }),
        }
    }
    let common = common_prefix(found.iter().map(|counted| counted.text));
    found.iter_mut().for_each(|counted| counted.prefix = prefix(counted.text, common));
    found.sort_unstable();
    found.dedup_by(|later, earlier| {
        let same = later.prefix == earlier.prefix && later.text == earlier.text;
        earlier.count += if same { later.count } else { 0 };
        same
    });
    found.into_iter().map(|counted| (counted.text, counted.count)).collect()
}

/// Ordered by prefix, then by text, which is the order of the texts.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Counted<'a> {
    /// See [`prefix`].
    prefix: u64,
    text: &'a str,
    count: u64,
}

/// Bytes that all texts begin with.
fn common_prefix<'a>(mut texts: impl Iterator<Item = &'a str>) -> usize {
    let Some(first) = texts.next() else { return 0 };
    let shared = |most: usize, text: &str| {
        first.as_bytes()[..most].iter().zip(text.as_bytes()).take_while(|(a, b)| a == b).count()
    };
    texts.fold(first.len(), shared)
}

/// The eight bytes after the first `common` ones as a number. Texts with a smaller one come first; of equal ones it tells
/// nothing.
fn prefix(text: &str, common: usize) -> u64 {
    let rest = text.as_bytes().get(common..).unwrap_or_default();
    let mut bytes = [0; 8];
    let known = rest.len().min(bytes.len());
    bytes[..known].copy_from_slice(&rest[..known]);
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn texts_of_one_address_are_counted_as_one() {
        let (shared, copy) = ("pod-1".to_owned(), "pod-1".to_owned());
        let texts = [&*shared, "pod-10", &*copy, &*shared, "pod-1\0", "node"];
        assert_eq!(
            sorted_counts(texts.into_iter()),
            [("node", 1), ("pod-1", 3), ("pod-1\0", 1), ("pod-10", 1)]
        );
        assert!(sorted_counts(std::iter::empty()).is_empty());
    }

    proptest! {
        #[test]
        fn sorts_and_counts_as_a_map_does(
            texts in prop::collection::vec(("(service-)?", "[a-cü\\x00]{0,12}"), 0..40),
        ) {
            let texts: Vec<String> = texts.into_iter().map(|(start, rest)| start + &rest).collect();
            let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
            texts.iter().for_each(|text| *expected.entry(text.as_str()).or_default() += 1);
            let found = sorted_counts(texts.iter().map(String::as_str));
            prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
