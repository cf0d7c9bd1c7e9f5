//! Names of the functions at sampled addresses.

use super::report::{Frame, Stack};
use super::sampler::Samples;
use rustc_hash::FxHashMap;

/// Stands for samples beyond the room of a window.
const NOT_RECORDED: &str = "(stack not recorded)";

/// Stacks of functions; those that differ in lines only are one. Takes long, and many times the memory of the result, until
/// `backtrace::clear_symbol_cache` is called.
pub(super) fn stacks(samples: &Samples) -> Vec<Stack> {
    let mut symbols = Symbols::default();
    let mut merged: FxHashMap<Vec<u32>, (&[u64], i64)> = FxHashMap::default();
    for (addresses, count) in samples.counts() {
        let functions = addresses.iter().flat_map(|address| symbols.at(*address).0.clone()).collect();
        merged.entry(functions).or_insert((addresses, 0)).1 += count;
    }
    let stack = |(addresses, count): (&[u64], i64)| {
        let frames = addresses.iter().flat_map(|address| symbols.at(*address).1.clone()).collect();
        Stack { frames, count }
    };
    let mut stacks: Vec<Stack> = merged.into_values().map(stack).collect();
    if samples.missed() > 0 {
        let frame = Frame { name: NOT_RECORDED.to_owned(), ..Frame::default() };
        stacks.push(Stack { frames: vec![frame], count: samples.missed() });
    }
    stacks
}

/// Functions by address. Inlined ones come before those that they are inlined into.
#[derive(Default)]
struct Symbols {
    /// Numbers of the functions at an address, and their frames.
    known: FxHashMap<u64, (Vec<u32>, Vec<Frame>)>,
    functions: FxHashMap<String, u32>,
}

impl Symbols {
    fn at(&mut self, address: u64) -> &(Vec<u32>, Vec<Frame>) {
        let Symbols { known, functions } = self;
        known.entry(address).or_insert_with(|| {
            let frames = frames_at(address);
            let number = |frame: &Frame| {
                let next = functions.len() as u32;
                *functions.entry(frame.name.clone()).or_insert(next)
            };
            (frames.iter().map(number).collect(), frames)
        })
    }
}

fn frames_at(address: u64) -> Vec<Frame> {
    let mut frames = Vec::new();
    // The crate expects return addresses and looks at the byte before them; these have been moved back already.
    let after = std::ptr::with_exposed_provenance_mut(address as usize + 1);
    backtrace::resolve(after, |symbol| {
        frames.push(Frame {
            // Without the hash of a Rust symbol.
            name: symbol.name().map_or_else(|| "unknown".to_owned(), |name| format!("{name:#}")),
            file: symbol.filename().map_or_else(String::new, |file| file.display().to_string()),
            line: symbol.lineno().unwrap_or(0),
        });
    });
    frames
}
