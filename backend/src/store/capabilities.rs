//! Optional capabilities of a store; every store has series, totals and merged call trees.

/// Answers that not every store can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Restricts samples to spans.
    pub spans: bool,
    /// Knows start and total of each single profile, not only sums.
    pub profile_totals: bool,
    /// Knows costs by source line.
    pub lines: bool,
    /// Gives merged profiles with call sites, inlined lines and mappings.
    pub call_sites: bool,
}

impl Capabilities {
    /// Everything.
    pub const ALL: Capabilities =
        Capabilities { spans: true, profile_totals: true, lines: true, call_sites: true };
}
