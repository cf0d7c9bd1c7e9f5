//! Names as profilers of each language write them.

use super::*;
use crate::call_tree::oracle::tree;
use crate::own_code::OwnPattern;
use proptest::prelude::*;
use rstest::rstest;

const LIBC: &str = "/usr/lib/x86_64-linux-gnu/libc.so.6";

fn frame<'a>(name: &'a str, file: &'a str, mapping: &'a str) -> FrameText<'a> {
    FrameText { name, file, mapping, symbolized: true, line: 0 }
}

fn guessed(name: &str, file: &str, mapping: &str) -> Origin {
    origin(frame(name, file, mapping), &OwnCode::default())
}

#[rstest]
#[case("main.compress", "sdkgo/main.go", Origin::Own)]
#[case("shop/cart.(*Cart).Total", "cart.go", Origin::Own)]
#[case(
    "github.com/grafana/pyroscope-go.TagWrapper",
    "github.com/grafana/pyroscope-go@v1.4.3/api.go",
    Origin::Library
)]
#[case("golang.org/x/net/http2.(*Framer).ReadFrame", "", Origin::Library)]
#[case("compress/flate.NewWriter", "compress/flate/deflate.go", Origin::Runtime)]
#[case("runtime.main", "runtime/proc.go", Origin::Runtime)]
#[case("encoding/json.Marshal", "", Origin::Runtime)]
#[case("runtime.mallocgc", "runtime/malloc.go", Origin::Memory)]
#[case("runtime.gcBgMarkWorker", "runtime/mgc.go", Origin::Memory)]
#[case("runtime.(*mspan).nextFreeIndex", "", Origin::Memory)]
#[case("runtime.gopark", "runtime/proc.go", Origin::Waiting)]
#[case("runtime.notetsleepg", "runtime/lock_futex.go", Origin::Waiting)]
#[case("internal/sync.(*Mutex).lockSlow", "internal/sync/mutex.go", Origin::Waiting)]
#[case("internal/runtime/syscall.EpollWait", "", Origin::Waiting)]
#[case("internal/runtime/syscall.Syscall6", "", Origin::Kernel)]
#[case("syscall.Syscall", "", Origin::Kernel)]
fn go(#[case] name: &str, #[case] file: &str, #[case] expected: Origin) {
    assert_eq!(guessed(name, file, "/app/go/shop"), expected);
}

#[rstest]
#[case("shop::cart::handle_order", Origin::Own)]
#[case("<shop::cart::Cart as core::fmt::Display>::fmt", Origin::Own)]
#[case("regex_automata::meta::strategy::Core::search", Origin::Library)]
#[case("tokio::runtime::task::harness::poll_future", Origin::Library)]
#[case("core::ops::function::FnOnce::call_once{{vtable.shim}}", Origin::Runtime)]
#[case("std::sys::backtrace::__rust_begin_short_backtrace", Origin::Runtime)]
#[case("<T as alloc::vec::spec_from_elem::SpecFromElem>::from_elem", Origin::Runtime)]
#[case("__rustc::__rdl_alloc", Origin::Memory)]
#[case("alloc::raw_vec::RawVecInner<A>::reserve::do_reserve_and_handle", Origin::Memory)]
#[case("_rjem_je_arena_malloc_hard", Origin::Memory)]
#[case("_mi_page_malloc", Origin::Memory)]
#[case("std::thread::park_timeout", Origin::Waiting)]
#[case("parking_lot::condvar::Condvar::wait_until_internal", Origin::Waiting)]
#[case("tokio::runtime::scheduler::multi_thread::worker::Context::park_timeout", Origin::Waiting)]
fn rust(#[case] name: &str, #[case] expected: Origin) {
    let own = OwnCode::guess(tree("shop::main;shop::cart::add 1").frames());
    assert_eq!(origin(frame(name, "", "/bin/shop"), &own), expected);
}

#[rstest]
#[case("by_value", "/home/dev/shop", Origin::Own)]
#[case("msort_with_tmp.part.0", LIBC, Origin::Runtime)]
#[case("start_thread", LIBC, Origin::Runtime)]
#[case("deflate_slow", "/usr/lib/libz.so.1.2.13", Origin::Library)]
#[case("_int_malloc", LIBC, Origin::Memory)]
#[case("__libc_calloc", LIBC, Origin::Memory)]
#[case("cfree@@GLIBC_2.2.5", LIBC, Origin::Memory)]
#[case("operator new(unsigned long)", "/usr/lib/libstdc++.so.6.0.30", Origin::Memory)]
#[case("pthread_cond_wait@@GLIBC_2.3.2", LIBC, Origin::Waiting)]
#[case("__futex_abstimed_wait_common", LIBC, Origin::Waiting)]
#[case("clock_nanosleep", LIBC, Origin::Waiting)]
#[case("epoll_wait", "", Origin::Waiting)]
#[case("poll", LIBC, Origin::Waiting)]
#[case("poll", "/home/dev/shop", Origin::Own)]
#[case("__read", LIBC, Origin::Kernel)]
#[case("read", "/home/dev/shop", Origin::Own)]
#[case("std::vector<int, std::allocator<int> >::push_back(int const&)", "/home/dev/shop", Origin::Runtime)]
fn c_and_cpp(#[case] name: &str, #[case] mapping: &str, #[case] expected: Origin) {
    assert_eq!(guessed(name, "", mapping), expected);
}

#[rstest]
#[case("entry_SYSCALL_64_after_hwframe", "[kernel.kallsyms]", Origin::Kernel)]
#[case("do_syscall_64", "", Origin::Kernel)]
#[case("__x64_sys_execve", "[kernel.kallsyms]", Origin::Kernel)]
#[case("copy_page_to_iter_[k]", "", Origin::Kernel)]
#[case("tcp_sendmsg", "/usr/lib/debug/boot/vmlinux-6.1.0", Origin::Kernel)]
#[case("nf_conntrack_in", "/lib/modules/6.1.0/kernel/net/nf_conntrack.ko", Origin::Kernel)]
#[case("__vdso_clock_gettime", "[vdso]", Origin::Kernel)]
#[case("futex_wait_queue_me_[k]", "", Origin::Waiting)]
#[case("ep_poll", "[kernel.kallsyms]", Origin::Waiting)]
#[case("mwait_idle_with_hints", "[kernel.kallsyms]", Origin::Waiting)]
#[case("[unknown]", "[unknown]", Origin::Unknown)]
fn kernel(#[case] name: &str, #[case] mapping: &str, #[case] expected: Origin) {
    assert_eq!(guessed(name, "", mapping), expected);
}

#[rstest]
#[case("com/shop/Cart.total_[j]", "", Origin::Own)]
#[case("org.apache.kafka.clients.producer.KafkaProducer.send", "", Origin::Library)]
#[case("java/util/HashMap.put", "", Origin::Runtime)]
#[case("java.lang.Thread.run", "", Origin::Runtime)]
#[case("jdk/internal/loader/BuiltinClassLoader.loadClass", "", Origin::Runtime)]
#[case("CompileBroker::compiler_thread_loop", "libjvm.so", Origin::Runtime)]
#[case("G1ParEvacuateFollowersClosure::do_void", "", Origin::Memory)]
#[case("G1CollectedHeap::allocate_new_tlab", "libjvm.so", Origin::Memory)]
#[case("ZMark::work_without_timeout", "libjvm.so", Origin::Memory)]
#[case("ZMark::work", "/bin/app", Origin::Own)]
#[case("MemAllocator::allocate_inside_tlab_slow", "libjvm.so", Origin::Memory)]
#[case("java/lang/Object.wait", "", Origin::Waiting)]
#[case("java/util/concurrent/locks/LockSupport.park", "", Origin::Waiting)]
#[case("jdk.internal.misc.Unsafe.park", "", Origin::Waiting)]
fn java(#[case] name: &str, #[case] mapping: &str, #[case] expected: Origin) {
    assert_eq!(guessed(name, "", mapping), expected);
}

#[rstest]
#[case("price", "/home/dev/shop.py", Origin::Own)]
#[case("<module>", "/app/py/app.py", Origin::Own)]
#[case("tag_wrapper", "/app/py/venv/lib/python3.11/site-packages/pyroscope/__init__.py", Origin::Library)]
#[case("JSONEncoder.encode", "/usr/lib/python3.11/json/encoder.py", Origin::Runtime)]
#[case("Thread._bootstrap", "threading.py", Origin::Runtime)]
#[case("_find_and_load", "<frozen importlib._bootstrap>", Origin::Runtime)]
#[case("Condition.wait", "/usr/local/lib/python3.11/threading.py", Origin::Waiting)]
#[case("wait", "/app/py/orders.py", Origin::Own)]
#[case("_PyObject_Malloc", "", Origin::Memory)]
#[case("take_gil", "", Origin::Waiting)]
#[case("Object#cart", "/home/dev/shop.rb", Origin::Own)]
#[case("JSON.generate", "/usr/lib/ruby/3.1.0/json/common.rb", Origin::Runtime)]
#[case("Array#each", "<cfunc>", Origin::Runtime)]
#[case("(sweeping)", "", Origin::Memory)]
#[case("Kernel#sleep", "<cfunc>", Origin::Waiting)]
fn python_and_ruby(#[case] name: &str, #[case] file: &str, #[case] expected: Origin) {
    assert_eq!(guessed(name, file, ""), expected);
}

#[rstest]
#[case("renderReceipt", "file:///home/shop/node/shop.js", Origin::Own)]
#[case("poll", "/app/server.ts", Origin::Own)]
#[case("setContext", "./node_modules/@datadog/pprof/out/src/time-profiler.js", Origin::Library)]
#[case("./node_modules/@pyroscope/nodejs/dist/cjs/index.js:start:63", "", Origin::Library)]
#[case("readFileSync", "node:fs", Origin::Runtime)]
#[case("(program)", "", Origin::Runtime)]
#[case("(garbage collector)", "", Origin::Memory)]
#[case("(idle)", "", Origin::Waiting)]
#[case(":(idle):0", "", Origin::Waiting)]
#[case(":(program):0", "", Origin::Runtime)]
#[case(":(garbage collector):0", "", Origin::Memory)]
#[case("System.Collections.Generic.Dictionary`2.TryInsert", "", Origin::Runtime)]
#[case("Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocol.ProcessRequests", "", Origin::Library)]
#[case("System.Threading.Monitor.Wait", "", Origin::Waiting)]
#[case("Shop.Cart.Total", "", Origin::Own)]
#[case("(other)", "", Origin::Unknown)]
fn node_and_dotnet(#[case] name: &str, #[case] file: &str, #[case] expected: Origin) {
    assert_eq!(guessed(name, file, ""), expected);
}

#[test]
fn what_was_set_for_a_service_comes_first() {
    let own =
        OwnCode::set(vec![OwnPattern::Name("mi_".to_owned()), OwnPattern::Name("runtime.gc".to_owned())]);
    let of = |name| origin(frame(name, "", ""), &own);
    assert_eq!([of("mi_malloc"), of("runtime.gcStart")], [Origin::Own; 2]);
    assert_eq!([of("main.main"), of("runtime.mallocgc")], [Origin::Library, Origin::Memory]);
}

#[test]
fn a_function_without_a_symbol_is_unknown() {
    let own = OwnCode::default();
    let address = FrameText { name: "app+0x10", mapping: "/bin/app", ..FrameText::default() };
    assert_eq!(origin(address, &own), Origin::Unknown);
    assert_eq!(origin(FrameText { mapping: "[kernel.kallsyms]", ..address }, &own), Origin::Kernel);
}

#[test]
fn words_of_links_are_read_back() {
    assert!(Origin::ALL.into_iter().all(|origin| Origin::parse(origin.word()) == Some(origin)));
    assert!(Origin::ALL.iter().enumerate().all(|(at, origin)| *origin as usize == at));
    assert_eq!(Origin::parse("mine"), None);
}

#[test]
fn what_origins_spent_adds_up_to_the_total() {
    let tree = tree("main.main;runtime.mallocgc 3\n main.main;shop.Total 4\n main.main 5\n runtime.gopark 8");
    let origins = origins(tree.frames(), &OwnCode::default());
    assert_eq!(self_values(&tree, &origins), [9, 0, 0, 3, 0, 8, 0]);
}

proptest! {
    #[test]
    fn never_panics(name in "[a-zé_.:<(@#/\\[\\]]{0,24}", file in "[a-zé./@<]{0,20}", symbolized: bool) {
        let frame = FrameText { name: &name, file: &file, mapping: &file, symbolized, line: 0 };
        origin(frame, &OwnCode::default());
    }
}
