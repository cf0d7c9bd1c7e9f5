//! Ids: 128 bits of BLAKE3 over what they stand for, the same in every process, so that writers need not agree on them.
//!
//! Each kind has a key of its own, so that no function has the id of a stack. Each text goes in behind its length and each list
//! behind the number of its elements: `ab`, `c` is not `a`, `bc`. Among 10¹² stacks two have the same id with a chance of 10⁻¹⁵.

use flarepath_profile::labels::Labels;
use flarepath_profile::profile::{Function, Location, Mapping, Profile};

/// A hash in progress.
pub(super) struct Id(blake3::Hasher);

impl Id {
    /// `context` names the kind, and the version of what goes in.
    pub(super) fn of(context: &str) -> Id {
        Id(blake3::Hasher::new_derive_key(context))
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Id {
        self.bytes(text.as_bytes())
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Id {
        self.u64(bytes.len() as u64);
        self.0.update(bytes);
        self
    }

    pub(super) fn u64(&mut self, value: u64) -> &mut Id {
        self.0.update(&value.to_le_bytes());
        self
    }

    pub(super) fn i64(&mut self, value: i64) -> &mut Id {
        self.u64(value.cast_unsigned())
    }

    pub(super) fn u128(&mut self, value: u128) -> &mut Id {
        self.0.update(&value.to_le_bytes());
        self
    }

    pub(super) fn finish(&self) -> u128 {
        let hash = self.0.finalize();
        let (half, _) = hash.as_bytes().split_first_chunk::<16>().expect("a hash has 32 bytes");
        u128::from_le_bytes(*half)
    }
}

pub(super) fn series_id(labels: &Labels) -> u128 {
    let mut id = Id::of("flarepath clickhouse series 1");
    id.u64(labels.len() as u64);
    for (name, value) in labels.iter() {
        id.text(name).text(value);
    }
    id.finish()
}

pub(super) fn function_id(profile: &Profile, function: &Function) -> u128 {
    let mut id = Id::of("flarepath clickhouse function 1");
    for text in [function.name, function.system_name, function.file] {
        id.text(profile.str(text));
    }
    id.i64(function.start_line).finish()
}

/// `functions` are the ids of the functions of its lines.
pub(super) fn location_id(
    profile: &Profile,
    location: &Location<'_>,
    mapping: Option<&Mapping>,
    functions: &[u128],
) -> u128 {
    let mut id = Id::of("flarepath clickhouse location 1");
    id.u64(location.address).u64(u64::from(mapping.is_some()));
    if let Some(m) = mapping {
        id.u64(m.start).u64(m.limit).u64(m.file_offset).u64(u64::from(m.has_functions));
        id.text(profile.str(m.file)).text(profile.str(m.build_id));
    }
    id.u64(functions.len() as u64);
    for (function, line) in functions.iter().zip(location.lines) {
        id.u128(*function).i64(line.line).i64(line.column);
    }
    id.finish()
}

/// `locations` leaf first.
pub(super) fn stack_id(locations: &[u128]) -> u128 {
    let mut id = Id::of("flarepath clickhouse stack 1");
    id.u64(locations.len() as u64);
    for location in locations {
        id.u128(*location);
    }
    id.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_depend_on_where_texts_and_lists_end_and_on_their_kind() {
        let series = |pairs: &[(&str, &str)]| series_id(&pairs.iter().copied().collect());
        assert_ne!(series(&[("ab", "c")]), series(&[("a", "bc")]));
        assert_ne!(series(&[]), stack_id(&[]));
        assert_ne!(stack_id(&[1, 2]), stack_id(&[2, 1]));
        assert_ne!(stack_id(&[0]), stack_id(&[0, 0]));
    }

    #[test]
    fn ids_stay_as_they_are_stored() {
        let labels: Labels = [("service_name", "cart"), ("pod", "a")].into_iter().collect();
        assert_eq!(
            series_id(&labels),
            series_id(&[("pod", "a"), ("service_name", "cart")].into_iter().collect())
        );
        let profile = Profile::default();
        let location = Location { mapping: None, address: 7, lines: &[] };
        assert_ne!(
            location_id(&profile, &location, None, &[]),
            location_id(&profile, &location, Some(&Mapping::default()), &[])
        );
    }
}
