//! Optional capabilities of a store; every store has series, totals and merged call trees.

/// Answers that not every store can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Restricts samples to spans.
    pub spans: bool,
    /// Knows start and total of each single profile, not only sums.
    pub profile_totals: bool,
    /// Knows how many profiles were merged.
    pub profile_counts: bool,
    /// Knows costs by source line.
    pub lines: bool,
    /// Gives merged profiles with call sites, inlined lines and mappings.
    pub call_sites: bool,
}

impl Capabilities {
    /// Everything.
    pub const ALL: Capabilities = Capabilities {
        spans: true,
        profile_totals: true,
        profile_counts: true,
        lines: true,
        call_sites: true,
    };

    /// What it does not offer, in words for people.
    pub fn missing(&self) -> Vec<&'static str> {
        let offers = [
            (self.spans, "samples by span"),
            (self.profile_totals, "totals of single profiles, which heat maps and verdicts need"),
            (self.profile_counts, "the number of profiles behind a flame graph"),
            (self.lines, "costs by source line"),
            (self.call_sites, "call sites, inlined lines and mappings in exports"),
        ];
        offers.into_iter().filter(|(is_offered, _)| !is_offered).map(|(_, what)| what).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_in_words() {
        assert!(Capabilities::ALL.missing().is_empty());
        let sums = Capabilities { spans: false, lines: false, ..Capabilities::ALL };
        assert_eq!(sums.missing(), ["samples by span", "costs by source line"]);
    }
}
