//! Names of functions that wait, manage memory or enter the kernel, as runtimes, allocators and kernels call them.
//!
//! Paths are written with dots; a name with slashes in their place, as Java's and Go's packages have, matches, too.

use crate::frame_table::FrameText;

/// Beginnings of names of functions that lock, wait or sleep.
const WAITING: &[&str] = &[
    // Go
    "runtime.gopark",
    "runtime.park_m",
    "runtime.futex",
    "runtime.netpoll",
    "runtime.epollwait",
    "runtime.usleep",
    "runtime.notesleep",
    "runtime.notetsleep",
    "runtime.notewakeup",
    "runtime.sema",
    "runtime.findRunnable",
    "runtime.findrunnable",
    "runtime.stopm",
    "runtime.mPark",
    "runtime.lock2",
    "runtime.unlock2",
    "runtime.osyield",
    "runtime.procyield",
    "runtime.selectgo",
    "runtime.chanrecv",
    "runtime.block",
    "sync.(*Mutex)",
    "sync.(*RWMutex)",
    "sync.(*WaitGroup).Wait",
    "sync.(*Cond).Wait",
    "sync.runtime_",
    "internal.sync.(*Mutex)",
    "internal.sync.runtime_",
    "internal.poll.runtime_pollWait",
    "internal.poll.(*pollDesc).wait",
    "internal.runtime.syscall.EpollWait",
    "runtime.internal.syscall.EpollWait",
    "time.Sleep",
    // Rust
    "std::thread::park",
    "std::thread::sleep",
    "std::thread::yield_now",
    "std::sys::sync::",
    "std::sys::futex::",
    "std::sys::pal::unix::futex::",
    "std::sys_common::wait_token::",
    "std::sync::condvar::",
    "std::sync::poison::condvar::",
    "std::sync::poison::mutex::",
    "parking_lot::",
    "parking_lot_core::",
    "lock_api::",
    "mio::poll::Poll::poll",
    "mio::sys::unix::selector::",
    "polling::",
    "rayon_core::sleep::",
    "tokio::runtime::park::",
    "tokio::runtime::time::Driver::park",
    "tokio::runtime::io::driver::Driver::turn",
    "tokio::runtime::scheduler::multi_thread::park::",
    "tokio::runtime::scheduler::multi_thread::worker::Context::park",
    "tokio::park::",
    // Java
    "java.lang.Object.wait",
    "java.lang.Thread.sleep",
    "java.lang.Thread.park",
    "java.lang.Thread.yield",
    "java.lang.VirtualThread.park",
    "java.lang.ref.ReferenceQueue.remove",
    "java.lang.ref.Reference.waitForReferencePendingList",
    "java.util.concurrent.locks.",
    "java.util.concurrent.ForkJoinPool.awaitWork",
    "jdk.internal.misc.Unsafe.park",
    "sun.misc.Unsafe.park",
    "sun.nio.ch.EPoll.wait",
    "sun.nio.ch.EPollArrayWrapper.epollWait",
    "sun.nio.ch.KQueue.poll",
    "ObjectMonitor::",
    "ObjectSynchronizer::",
    "Monitor::wait",
    "Monitor::lock",
    "Parker::park",
    "PlatformEvent::park",
    "PlatformMonitor::wait",
    "Unsafe_Park",
    "WatcherThread::sleep",
    // .NET
    "System.Threading.Monitor.",
    "System.Threading.Thread.Sleep",
    "System.Threading.Thread.Join",
    "System.Threading.WaitHandle.",
    "System.Threading.ManualResetEventSlim.Wait",
    "System.Threading.SemaphoreSlim.Wait",
    "System.Threading.SpinLock.",
    "System.Threading.LowLevelLifoSemaphore.",
    "System.Threading.PortableThreadPool+WorkerThread.WaitFor",
    // Ruby
    "Kernel#sleep",
    "IO.select",
    "Thread#join",
    "Thread::Mutex#",
    "Thread::Queue#pop",
    "Thread::ConditionVariable#wait",
    "Monitor#",
    // C++
    "std::mutex::lock",
    "std::condition_variable::wait",
    "std::__condvar::wait",
    "std::this_thread::sleep",
    "absl::Mutex::",
    // Node
    "(idle)",
];

/// Names of C functions that wait, whatever program they are linked into.
const WAITING_C: &[&str] = &[
    "nanosleep",
    "clock_nanosleep",
    "usleep",
    "epoll_wait",
    "epoll_pwait",
    "epoll_pwait2",
    "ppoll",
    "pselect",
    "pselect6",
    "kevent",
    "futex",
    "futex_wait",
    "futex_abstimed_wait",
    "lll_lock_wait",
    "lll_lock_wait_private",
    "sem_wait",
    "sem_timedwait",
    "new_sem_wait",
    "new_sem_wait_slow64",
    "sigwait",
    "sigtimedwait",
    "waitpid",
    "wait4",
    "psynch_cvwait",
    "psynch_mutexwait",
    "semaphore_wait_trap",
    "mach_msg_trap",
    "mach_msg2_trap",
    "uv__io_poll",
    "uv_cond_wait",
    "uv_cond_timedwait",
    "uv_sem_wait",
    "take_gil",
    "pysleep",
    "select_epoll_poll_impl",
];

/// Beginnings of such names.
const WAITING_C_PREFIXES: &[&str] = &[
    "pthread_cond_wait",
    "pthread_cond_timedwait",
    "pthread_cond_clockwait",
    "pthread_mutex_lock",
    "pthread_mutex_timedlock",
    "pthread_rwlock_rdlock",
    "pthread_rwlock_wrlock",
    "pthread_join",
    "pthread_clockjoin",
    "pthread_timedjoin",
    "pthread_barrier_wait",
    "pthread_spin_lock",
    "futex_abstimed_wait_common",
    "PyThread_acquire_lock",
];

/// Names that a program may also give to functions of its own: they count only in a library.
const WAITING_C_IN_LIBRARY: &[&str] = &["poll", "select", "sleep", "pause", "accept", "accept4", "wait"];

/// Functions of the kernel that wait or idle.
const WAITING_IN_KERNEL: &[&str] = &[
    "futex_",
    "do_futex",
    "__futex",
    "ep_poll",
    "do_epoll_wait",
    "do_nanosleep",
    "hrtimer_nanosleep",
    "common_nsleep",
    "schedule",
    "__schedule",
    "io_schedule",
    "do_select",
    "core_sys_select",
    "do_sys_poll",
    "do_poll",
    "do_idle",
    "cpu_startup_entry",
    "cpuidle_",
    "intel_idle",
    "acpi_idle",
    "acpi_processor_ffh_cstate_enter",
    "mwait_idle",
    "default_idle",
    "arch_cpu_idle",
    "native_safe_halt",
    "pv_native_safe_halt",
    "do_wait",
    "pipe_read",
    "rwsem_down_",
    "__mutex_lock",
    "mutex_lock",
    "native_queued_spin_lock_slowpath",
    "osq_lock",
];

/// Beginnings of names of functions that allocate, free or collect garbage.
const MEMORY: &[&str] = &[
    // Go
    "runtime.mallocgc",
    "runtime.newobject",
    "runtime.newarray",
    "runtime.makeslice",
    "runtime.growslice",
    "runtime.gc",
    "gcWriteBarrier",
    "runtime.bgsweep",
    "runtime.bgscavenge",
    "runtime.sweepone",
    "runtime.scan",
    "runtime.greyobject",
    "runtime.markroot",
    "runtime.findObject",
    "runtime.wbBuf",
    "runtime.wbMove",
    "runtime.bulkBarrier",
    "runtime.heapBits",
    "runtime.memclrNoHeapPointers",
    "runtime.memclrHasPointers",
    "runtime.deductAssistCredit",
    "runtime.deductSweepCredit",
    "runtime.nextFreeFast",
    "runtime.profilealloc",
    "runtime.persistentalloc",
    "runtime.sysAlloc",
    "runtime.sysUsed",
    "runtime.sysUnused",
    "runtime.finishsweep",
    "runtime.forEachP",
    "runtime.(*mcache)",
    "runtime.(*mcentral)",
    "runtime.(*mheap)",
    "runtime.(*mspan)",
    "runtime.(*pageAlloc)",
    "runtime.(*gcWork)",
    "runtime.(*gcControllerState)",
    "runtime.(*gcBits)",
    "runtime.(*sweepLocked)",
    "runtime.(*scavengerState)",
    "runtime.(*fixalloc)",
    // Rust
    "__rust_alloc",
    "__rust_dealloc",
    "__rust_realloc",
    "__rdl_",
    "__rg_",
    "__rustc::__r",
    "alloc::alloc::",
    "<alloc::alloc::Global",
    "alloc::raw_vec::",
    "std::sys::alloc::",
    "<std::alloc::System",
    "tikv_jemalloc",
    "<tikv_jemalloc",
    "<mimalloc::",
    "mimalloc::",
    "snmalloc::",
    // Java
    "G1",
    "Shenandoah",
    "PSPromotion",
    "PSParallel",
    "PSScavenge",
    "ParMarkBitMap",
    "GCTaskThread",
    "GenCollectedHeap",
    "SerialHeap",
    "CollectedHeap::",
    "MemAllocator::",
    "ObjAllocator::",
    "ObjArrayAllocator::",
    "ThreadLocalAllocBuffer::",
    "VM_G1",
    "VM_GenCollect",
    "VM_CollectForAllocation",
    "InstanceKlass::allocate_instance",
    "OptoRuntime::new_",
    "ConcurrentGCThread::",
    "ConcurrentMark",
    "WeakProcessor::",
    // .NET
    "WKS::",
    "SVR::",
    "gc_heap::",
    "JIT_New",
    "System.GC.",
    // V8 and Node
    "(garbage collector)",
    "Garbage Collection",
    ":Garbage Collection:",
    "v8::internal::Heap",
    "v8::internal::Scaveng",
    "v8::internal::MarkCompact",
    "v8::internal::IncrementalMarking",
    "v8::internal::ConcurrentMarking",
    "v8::internal::Sweeper",
    "cppgc::",
    // Ruby
    "(garbage collection)",
    "(marking)",
    "(sweeping)",
    "GC.start",
    // C++
    "operator new",
    "operator delete",
    "tcmalloc::",
    "std::allocator",
    "std::__new_allocator",
    "__gnu_cxx::new_allocator",
];

/// First words of the classes of the JVM's Z collector. Alone, a `Z` begins other names, too.
const Z_COLLECTOR: &[&str] = &[
    "ZBarrier",
    "ZCollected",
    "ZDriver",
    "ZGeneration",
    "ZHeap",
    "ZMark",
    "ZObjectAllocator",
    "ZPage",
    "ZRelocate",
    "ZWorker",
];

/// Names of C functions that allocate, free or collect garbage.
const MEMORY_C: &[&str] = &[
    "malloc",
    "free",
    "cfree",
    "calloc",
    "realloc",
    "reallocarray",
    "memalign",
    "aligned_alloc",
    "posix_memalign",
    "valloc",
    "malloc_consolidate",
    "malloc_trim",
    "systrim",
    "sysmalloc",
    "unlink_chunk",
    "brk",
    "sbrk",
    "gc_collect_main",
    "subtract_refs",
    "visit_reachable",
    "gc_mark_children",
    "gc_sweep_step",
    "newobj_slowpath",
];

/// Beginnings of such names, without leading underscores.
const MEMORY_C_PREFIXES: &[&str] = &[
    "int_malloc",
    "int_free",
    "int_realloc",
    "int_memalign",
    "tcache_",
    "je_",
    "rjem_",
    "mi_",
    "tc_malloc",
    "tc_free",
    "tc_new",
    "tc_delete",
    "arena_malloc",
    "arena_dalloc",
    "arena_ralloc",
    "PyMem_",
    "PyObject_Malloc",
    "PyObject_Free",
    "PyObject_Realloc",
    "PyObject_Calloc",
    "PyObject_GC_",
    "pymalloc_",
    "ruby_xmalloc",
    "ruby_xfree",
    "objspace_",
    "Znw",
    "Zna",
    "Zdl",
    "Zda",
];

/// Beginnings of names with which the kernel is entered, and of its system calls.
const KERNEL: &[&str] = &[
    "entry_SYSCALL",
    "do_syscall_64",
    "__x64_sys_",
    "__ia32_sys_",
    "__arm64_sys_",
    "__se_sys_",
    "__do_sys_",
    "x64_sys_call",
    "ksys_",
    "invoke_syscall",
    "el0_svc",
    "el0t_64_sync",
    "syscall_exit_to_user_mode",
    "ret_from_fork",
    "asm_exc_",
    "asm_sysvec_",
    "asm_common_interrupt",
    "exc_page_fault",
    "do_user_addr_fault",
    "handle_mm_fault",
    "syscall.Syscall",
    "syscall.RawSyscall",
    "syscall.read",
    "syscall.write",
    "syscall.syscall",
    "internal.runtime.syscall.",
    "runtime.internal.syscall.",
    "golang.org.x.sys.unix.",
    "runtime.vdso",
    "runtime.mmap",
    "runtime.madvise",
    "<rustix::",
    "rustix::",
];

/// Wrappers of system calls, which count only in a library: a program may have functions of these names.
const SYSTEM_CALLS: &[&str] = &[
    "syscall",
    "read",
    "pread",
    "pread64",
    "readv",
    "write",
    "pwrite",
    "pwrite64",
    "writev",
    "open",
    "open64",
    "openat",
    "close",
    "fsync",
    "fdatasync",
    "recv",
    "recvfrom",
    "recvmsg",
    "send",
    "sendto",
    "sendmsg",
    "connect",
    "mmap",
    "mmap64",
    "munmap",
    "mprotect",
    "madvise",
    "ioctl",
    "fcntl",
    "lseek",
    "lseek64",
    "stat",
    "fstat",
    "clock_gettime",
    "gettimeofday",
];

/// Modules of Python that wait, and their functions that do. `Event.wait (threading.py)` is the name of a method.
const WAITING_PYTHON: [(&str, &[&str]); 4] = [
    ("threading.py", &["wait", "acquire", "join", "_wait_for_tstate_lock"]),
    ("selectors.py", &["select"]),
    ("queue.py", &["get", "put"]),
    ("connection.py", &["wait", "poll"]),
];

/// Whether a name begins with a text, in which a dot stands for a slash, too.
fn begins(name: &str, text: &str) -> bool {
    let same = |(a, b): (u8, u8)| a == b || (a == b'/' && b == b'.');
    name.len() >= text.len() && name.bytes().zip(text.bytes()).all(same)
}

fn begins_with_any(name: &str, texts: &[&str]) -> bool {
    texts.iter().any(|text| begins(name, text))
}

/// A C function's name without what marks the internal name of a public one: `__libc_malloc`, `__GI___poll`.
fn public_name(name: &str) -> &str {
    let mut name = name.trim_start_matches('_');
    for prefix in ["GI_", "libc_", "pthread_internal_"] {
        name = name.strip_prefix(prefix).unwrap_or(name).trim_start_matches('_');
    }
    name
}

pub(super) fn waits(name: &str) -> bool {
    begins_with_any(name, WAITING)
}

/// Whether a C function waits; some names count only in a library.
pub(super) fn waits_in_c(name: &str, is_library: bool) -> bool {
    let public = public_name(name);
    WAITING_C.contains(&public)
        || begins_with_any(public, WAITING_C_PREFIXES)
        || ((is_library || name.starts_with("__")) && WAITING_C_IN_LIBRARY.contains(&public))
}

pub(super) fn waits_in_kernel(name: &str) -> bool {
    begins_with_any(name, WAITING_IN_KERNEL)
}

pub(super) fn waits_in_python(name: &str, file: &str) -> bool {
    let module = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let function = name.rsplit('.').next().unwrap_or(name);
    WAITING_PYTHON.iter().any(|(of, functions)| module == *of && functions.contains(&function))
}

/// Whether a function belongs to an allocator or a garbage collector.
pub(super) fn manages_memory(name: &str, frame: FrameText<'_>) -> bool {
    let found = MEMORY.iter().find(|text| begins(name, text));
    match found {
        // These begin words of other programs.
        Some(&("G1" | "Shenandoah" | "ConcurrentMark")) => name.contains("::"),
        Some(_) => true,
        None => frame.mapping.contains("libjvm") && begins_with_any(name, Z_COLLECTOR),
    }
}

pub(super) fn allocates_in_c(name: &str) -> bool {
    let public = public_name(name);
    MEMORY_C.contains(&public) || begins_with_any(public, MEMORY_C_PREFIXES)
}

/// Whether a function is of the kernel or calls it; some names count only in a library.
pub(super) fn enters_kernel(name: &str, is_library: bool) -> bool {
    let waits = ["internal.runtime.syscall.EpollWait", "runtime.internal.syscall.EpollWait"];
    let is_entry = begins_with_any(name, KERNEL) && !begins_with_any(name, &waits);
    is_entry || (is_library && SYSTEM_CALLS.contains(&public_name(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_with_slashes_and_dots() {
        assert!(begins("java/lang/Object.wait", "java.lang.Object.wait"));
        assert!(begins("internal/sync.(*Mutex).Lock", "internal.sync.(*Mutex)"));
        assert!(!begins("java", "java.lang") && !begins("javaXlang", "java.lang"));
        assert_eq!([public_name("__GI___poll"), public_name("__libc_malloc")], ["poll", "malloc"]);
    }
}
