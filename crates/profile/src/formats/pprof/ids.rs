//! Ids of functions, locations and mappings, mapped to positions in our tables.

use super::PprofError;
use rustc_hash::FxHashMap;

/// Ids in the order in which the table lists them.
///
/// Nearly every profiler numbers 1, 2, 3 …, for which nothing is stored. The first id out of that order
/// moves everything into a hash map, which sparse ids (addresses, hashes) then cost no more than dense ones.
#[derive(Debug)]
pub(super) struct Ids {
    /// What the ids name, for errors.
    kind: &'static str,
    len: u32,
    map: Option<FxHashMap<u64, u32>>,
}

impl Ids {
    /// No ids yet of a `kind` such as "location".
    pub(super) fn new(kind: &'static str) -> Self {
        Ids { kind, len: 0, map: None }
    }

    /// Gives the next position to `id`, which was read before byte `offset`.
    ///
    /// # Errors
    /// When the id is 0, which means "none", or taken.
    pub(super) fn add(&mut self, id: u64, offset: usize) -> Result<(), PprofError> {
        if id == 0 {
            return Err(PprofError::ZeroId { kind: self.kind, offset });
        }
        let position = self.len;
        if self.map.is_none() && id != u64::from(position) + 1 {
            self.map = Some((0..position).map(|p| (u64::from(p) + 1, p)).collect());
        }
        if let Some(map) = &mut self.map
            && map.insert(id, position).is_some()
        {
            return Err(PprofError::DuplicateId { kind: self.kind, id, offset });
        }
        self.len += 1;
        Ok(())
    }

    /// The position of `id`.
    #[inline]
    pub(super) fn find(&self, id: u64) -> Option<u32> {
        match &self.map {
            None => id.checked_sub(1).filter(|&p| p < u64::from(self.len)).map(|p| p as u32),
            Some(map) => map.get(&id).copied(),
        }
    }

    /// The position of `id`, which was read before byte `offset`.
    ///
    /// # Errors
    /// When there is no such id.
    #[inline]
    pub(super) fn get(&self, id: u64, offset: usize) -> Result<u32, PprofError> {
        self.find(id).ok_or(PprofError::UnknownId { kind: self.kind, id, offset })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_back_to_a_map_for_unordered_ids() {
        let mut ids = Ids::new("location");
        let given = [1, 2, 3, 9, 4, u64::MAX, 8];
        for id in given {
            ids.add(id, 0).unwrap();
        }
        for (position, id) in given.into_iter().enumerate() {
            assert_eq!(ids.get(id, 0).unwrap() as usize, position);
        }
        assert!(ids.get(0, 0).is_err());
        assert!(ids.get(5, 0).is_err());
        assert_eq!(ids.add(4, 7), Err(PprofError::DuplicateId { kind: "location", id: 4, offset: 7 }));
        assert_eq!(ids.add(0, 7), Err(PprofError::ZeroId { kind: "location", offset: 7 }));
    }

    #[test]
    fn sequential_ids_end_at_the_table_end() {
        let mut ids = Ids::new("function");
        assert!(ids.add(1, 0).and(ids.add(2, 0)).is_ok());
        assert_eq!((ids.find(0), ids.find(1), ids.find(2), ids.find(3)), (None, Some(0), Some(1), None));
        assert_eq!(ids.add(2, 0), Err(PprofError::DuplicateId { kind: "function", id: 2, offset: 0 }));
    }
}
