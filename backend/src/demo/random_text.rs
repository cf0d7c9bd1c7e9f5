//! Generated text for orders, products and newsletters: always the same for the same seed, so that replicas of one
//! version do the same work.

const WORDS: [&str; 40] = [
    "amber", "basket", "canvas", "denim", "ember", "felt", "garnet", "hazel", "indigo", "jasper", "kettle",
    "linen", "maple", "nutmeg", "olive", "pepper", "quartz", "rustic", "saddle", "teapot", "umber", "velvet",
    "willow", "yarrow", "zinc", "apron", "blanket", "candle", "drawer", "easel", "flask", "goblet",
    "hammock", "inkwell", "jug", "lantern", "mirror", "napkin", "pillow", "quilt",
];

/// A fast pseudo-random generator (xorshift); not for secrets.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The sequence of `seed`.
    pub(super) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number.
    pub(super) fn next_u64(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next_u64() % end
    }

    /// One of [`WORDS`].
    pub(super) fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len() as u64) as usize]
    }

    /// `count` words separated by spaces.
    pub(super) fn sentence(&mut self, count: usize) -> String {
        let mut text = String::new();
        for i in 0..count {
            if i > 0 {
                text.push(' ');
            }
            text.push_str(self.word());
        }
        text
    }
}
