//! Locations of addresses.

use super::mapped_files::MappedFiles;
use super::symbols::Symbols;
use crate::formats::builder::ProfileBuilder;
use crate::formats::clean_text;
use crate::profile::Line;
use crate::stack_table::LocationId;

/// Knows names and mapped files.
pub(super) struct Addresses<'a> {
    pub(super) symbols: Symbols<'a>,
    pub(super) files: MappedFiles,
    /// The profile comes from Go, which leaves out the names of its allocator and of how goroutines begin.
    pub(super) hides_ends: bool,
}

impl Addresses<'_> {
    /// Locations of a stack of return addresses, leaf first. The leaf of a CPU profile is where the processor was,
    /// and no return address. An address of 0 is none.
    pub(super) fn stack(
        &self,
        addresses: &[u64],
        leaf_returns: bool,
        builder: &mut ProfileBuilder,
    ) -> Vec<LocationId> {
        let calls: Vec<u64> = addresses
            .iter()
            .enumerate()
            .map(|(i, &address)| address.saturating_sub(u64::from(i > 0 || leaf_returns)))
            .collect();
        let named = |call: &u64| self.symbols.get(*call).is_some();
        let all = 0..calls.len();
        let shown = match (calls.iter().position(named), calls.iter().rposition(named)) {
            (Some(first), Some(last)) if self.hides_ends => first..last + 1,
            _ => all,
        };
        let shown = addresses[shown.clone()].iter().zip(&calls[shown]).filter(|(address, _)| **address != 0);
        shown.map(|(&address, &call)| self.location(address, call, builder)).collect()
    }

    fn location(&self, address: u64, call: u64, builder: &mut ProfileBuilder) -> LocationId {
        // Sections of symbols name the leaf by its own address.
        let symbols = self.symbols.get(call).or_else(|| self.symbols.get(address)).unwrap_or_default();
        let mut lines = Vec::with_capacity(symbols.len());
        for symbol in symbols {
            let name = clean_text(symbol.name, &mut builder.notes);
            let file = clean_text(symbol.file, &mut builder.notes);
            lines.push(Line { function: builder.function_at(&name, &file, 0), line: symbol.line, column: 0 });
        }
        builder.code(self.files.of(call), call, &lines)
    }
}
