//! Buckets of boxes by color, so that a painter sets each color once.

/// Items grouped by bucket; reused from frame to frame.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    order: Vec<u32>,
    /// One entry more than there are buckets.
    start: Vec<u32>,
    bucket: Vec<u8>,
}

impl Groups {
    /// No groups.
    pub fn new() -> Self {
        Self::default()
    }

    /// Groups `items` into `buckets` buckets by a counting sort; inside a bucket they keep their order. A
    /// bucket that does not exist is taken for the last one.
    pub fn group<T>(&mut self, items: &[T], buckets: u8, bucket_of: impl Fn(&T) -> u8) {
        let last = buckets.max(1) - 1;
        self.start.clear();
        self.start.resize(usize::from(last) + 2, 0);
        self.bucket.clear();
        for item in items {
            let bucket = bucket_of(item).min(last);
            self.bucket.push(bucket);
            self.start[usize::from(bucket) + 1] += 1;
        }
        for b in 1..self.start.len() {
            self.start[b] += self.start[b - 1];
        }
        self.order.clear();
        self.order.resize(items.len(), 0);
        for (i, &bucket) in self.bucket.iter().enumerate() {
            let slot = &mut self.start[usize::from(bucket)];
            self.order[*slot as usize] = i as u32;
            *slot += 1;
        }
        // Each start has moved to its end, which is the start of the next.
        self.start.rotate_right(1);
        self.start[0] = 0;
    }

    /// The buckets that are not empty, each with the indices of its items.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &[u32])> {
        let groups = self.start.windows(2).map(|w| &self.order[w[0] as usize..w[1] as usize]);
        (0..=u8::MAX).zip(groups).filter(|(_, items)| !items.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_within_a_bucket() {
        let mut groups = Groups::new();
        groups.group(&[3, 0, 3, 9, 1], 4, |&b| b);
        let found: Vec<_> = groups.iter().map(|(b, items)| (b, items.to_vec())).collect();
        assert_eq!(found, [(0, vec![1]), (1, vec![4]), (3, vec![0, 2, 3])]);
        groups.group(&[0u8; 0], 0, |&b| b);
        assert_eq!(groups.iter().count(), 0);
        groups.group(&[7, 8], 0, |&b| b);
        assert_eq!(groups.iter().next(), Some((0, &[0, 1][..])));
    }
}
