//! The timer of CPU time, and the handler of its signal.

#![expect(unsafe_code, reason = "no safe wrapper exists")]

use framehop::UnwindRegsNative;
use libc::{c_int, c_void, siginfo_t, ucontext_t};
use std::io;
use std::ptr::null_mut;
use std::time::Duration;

/// Starts the timer.
pub(super) fn arm(period: Duration) -> io::Result<()> {
    handle(on_timer as *const () as libc::sighandler_t)?;
    set_timer(period)
}

/// Stops the timer. Signals on their way are ignored: unhandled, they would end the process.
pub(super) fn disarm() {
    let stopped = set_timer(Duration::ZERO).and_then(|()| handle(libc::SIG_IGN));
    if let Err(error) = stopped {
        tracing::debug!(%error, "cannot stop the sampler");
    }
}

fn handle(handler: libc::sighandler_t) -> io::Result<()> {
    // SAFETY: all-zero is a valid value: no signals are blocked, no flags are set.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = handler;
    action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
    // SAFETY: the action is valid, and the handler has the signature that its flags ask for.
    checked(unsafe { libc::sigaction(libc::SIGPROF, &raw const action, null_mut()) })
}

fn set_timer(period: Duration) -> io::Result<()> {
    let time = libc::timeval { tv_sec: period.as_secs() as _, tv_usec: period.subsec_micros() as _ };
    let timer = libc::itimerval { it_interval: time, it_value: time };
    // SAFETY: the value is valid, and the old one is not asked for.
    checked(unsafe { libc::setitimer(libc::ITIMER_PROF, &raw const timer, null_mut()) })
}

fn checked(result: c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Runs on the thread that was interrupted, between any two of its instructions.
extern "C" fn on_timer(_: c_int, _: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the address is that of this thread's own variable.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as before.
    let before = unsafe { *errno };
    // SAFETY: the system passes the interrupted context, which is valid while the handler runs.
    if let Some(context) = unsafe { context.cast::<ucontext_t>().as_ref() } {
        let (pc, registers) = registers(context);
        super::sample(pc, registers);
    }
    // SAFETY: as before.
    unsafe { *errno = before };
}

#[cfg(target_arch = "x86_64")]
fn registers(context: &ucontext_t) -> (u64, UnwindRegsNative) {
    let register = |name: c_int| context.uc_mcontext.gregs[name as usize] as u64;
    let pc = register(libc::REG_RIP);
    (pc, UnwindRegsNative::new(pc, register(libc::REG_RSP), register(libc::REG_RBP)))
}

#[cfg(target_arch = "aarch64")]
fn registers(context: &ucontext_t) -> (u64, UnwindRegsNative) {
    let machine = &context.uc_mcontext;
    (machine.pc, UnwindRegsNative::new(machine.regs[30], machine.sp, machine.regs[29]))
}
