//! The sampler: what the process does, whenever its timer of CPU time expires.
//!
//! 1. [`signal`]: the timer, and the handler of its signal, which gives the registers of the interrupted thread.
//! 2. [`modules`]: unwind tables of program and libraries, where they are mapped. [`stack_reader`]: words of a stack.
//! 3. [`samples`]: the addresses on the stack, in memory that was reserved before.
//!
//! Handlers must neither allocate nor wait: they may have interrupted the allocator, or the code that holds the lock.

mod modules;
mod samples;
mod signal;
mod stack_reader;

pub(super) use samples::Samples;

use framehop::{
    CacheNative, FrameAddress, MustNotAllocateDuringUnwind, UnwindRegsNative, Unwinder, UnwinderNative,
};
use stack_reader::StackReader;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

static SAMPLER: Mutex<Option<Sampler>> = Mutex::new(None);

struct Sampler {
    unwinder: UnwinderNative<&'static [u8], MustNotAllocateDuringUnwind>,
    cache: CacheNative<MustNotAllocateDuringUnwind>,
    stack: StackReader,
    samples: Samples,
}

impl Sampler {
    fn sample(&mut self, pc: u64, registers: UnwindRegsNative) {
        let Sampler { unwinder, cache, stack, samples } = self;
        stack.forget();
        let mut read = |address| stack.read(address);
        let mut frames = unwinder.iter_frames(pc, registers, cache, &mut read);
        samples.push(|| frames.next().ok().flatten().map(FrameAddress::address_for_lookup));
    }
}

/// Takes a sample whenever the process has used `period` of CPU time, until [`stop`].
///
/// # Errors
/// When the system refuses, or when a sampler is running.
pub(super) fn start(period: Duration) -> io::Result<()> {
    let mut unwinder = UnwinderNative::new();
    modules::loaded().into_iter().for_each(|module| unwinder.add_module(module));
    let sampler = Sampler {
        unwinder,
        cache: CacheNative::default(),
        stack: StackReader::new()?,
        samples: Samples::for_a_window(),
    };
    let mut running = SAMPLER.lock().unwrap_or_else(PoisonError::into_inner);
    if running.is_some() {
        return Err(io::Error::other("a sampler is running"));
    }
    *running = Some(sampler);
    drop(running);
    signal::arm(period).inspect_err(|_| stop())
}

/// The samples since the last call.
pub(super) fn take() -> Samples {
    let mut taken = Samples::for_a_window();
    if let Some(sampler) = &mut *SAMPLER.lock().unwrap_or_else(PoisonError::into_inner) {
        std::mem::swap(&mut sampler.samples, &mut taken);
    }
    taken
}

pub(super) fn stop() {
    signal::disarm();
    *SAMPLER.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// Called by the handler. A signal that arrives while another thread is sampled, or while samples are taken out, is lost.
fn sample(pc: u64, registers: UnwindRegsNative) {
    if let Ok(mut sampler) = SAMPLER.try_lock()
        && let Some(sampler) = sampler.as_mut()
    {
        sampler.sample(pc, registers);
    }
}
