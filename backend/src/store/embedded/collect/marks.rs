//! Marks of the stacks that the rows of a service refer to: one bit for each stack id.

use crate::store::embedded::columns::each_stack;
use crate::store::embedded::details::Details;
use crate::store::embedded::varint::Damaged;

/// A set of stack ids.
#[derive(Debug, Default)]
pub(crate) struct Marks(Vec<u64>);

impl Marks {
    /// Adds a stack.
    pub(crate) fn add(&mut self, stack: u32) {
        let word = stack as usize / 64;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (stack % 64);
    }

    /// Adds the stacks of packed samples, and of the details if there are any.
    pub(crate) fn add_row(&mut self, samples: &[u8], details: Option<&[u8]>) -> Result<(), Damaged> {
        each_stack(samples, |stack| self.add(stack))?;
        if let Some(details) = details {
            Details::decode(details)?.samples.iter().for_each(|sample| self.add(sample.stack));
        }
        Ok(())
    }

    pub(crate) fn contains(&self, stack: u32) -> bool {
        self.0.get(stack as usize / 64).is_some_and(|word| word >> (stack % 64) & 1 == 1)
    }

    /// The stacks, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let words = self.0.iter().enumerate();
        words.flat_map(|(at, &word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at as u32 * 64 + bit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::embedded::columns::Columns;

    #[test]
    fn marks_take_a_bit_a_stack() {
        let mut marks = Marks::default();
        let packed = Columns { stacks: vec![0, 63, 64, 1000], values: vec![vec![1; 4]] }.encode().unwrap();
        marks.add_row(&packed, None).unwrap();
        marks.add(5);
        assert_eq!(marks.iter().collect::<Vec<_>>(), [0, 5, 63, 64, 1000]);
        assert!(marks.contains(64) && !marks.contains(65) && !marks.contains(100_000));
        assert_eq!(marks.0.len(), 1000 / 64 + 1);
    }
}
