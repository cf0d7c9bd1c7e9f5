//! Signs of the runtime and the standard library of a language.

use crate::frame_table::FrameText;
use crate::own_code::{OwnCode, is_shared_library};

/// Beginnings of names of the C runtime and of interpreters and virtual machines.
const NAMES: &[&str] = &[
    "_start",
    "__libc_start",
    "__libc_main",
    "start_thread",
    "thread_start",
    "clone3",
    "__clone",
    "memcpy",
    "memmove",
    "memset",
    "memcmp",
    "__mem",
    "__str",
    "__cxa_",
    "_Unwind_",
    "__rust_begin_short_backtrace",
    "_PyEval_",
    "_PyObject_",
    "_PyFunction_",
    "PyEval_",
    "PyObject_",
    "PyRun_",
    "Py_",
    "v8::",
    "node::",
    "Builtins_",
    "uv_",
    "InterpreterRuntime::",
    "CompileBroker::",
    "PhaseIdealLoop::",
    "PhaseChaitin::",
    "JavaThread::",
    "JavaCalls::",
    "call_stub",
    "(program)",
    "(root)",
    "Node.js",
    "Non JS threads activity",
];

/// Files that stand for code inside of an interpreter.
const BUILT_IN_FILES: &[&str] =
    &["<cfunc>", "<frozen ", "<internal:", "<built-in>", "node:", "internal/modules/"];

/// Parts of paths of standard libraries, unless a folder of packages follows.
const STANDARD_FOLDERS: &[&str] = &["/lib/python", "/lib/ruby/", "/rustc/", "/go/src/"];

/// Folders of packages.
const PACKAGE_FOLDERS: &[&str] = &["site-packages/", "dist-packages/", "/gems/", "/vendor/"];

/// Modules of Python's standard library by their files as profilers write them without folders.
const PYTHON_FILES: &[&str] = &[
    "threading.py",
    "selectors.py",
    "queue.py",
    "socket.py",
    "socketserver.py",
    "ssl.py",
    "runpy.py",
    "contextlib.py",
    "functools.py",
    "asyncio/",
    "concurrent/",
    "importlib/",
    "json/",
    "http/",
    "logging/",
    "multiprocessing/",
];

/// Libraries and programs that run other code.
const RUNTIME_FILES: &[&str] = &[
    "libc.so",
    "libc-",
    "libm.so",
    "libm-",
    "libpthread",
    "ld-linux",
    "ld-musl",
    "libstdc++",
    "libc++",
    "libgcc",
    "libpython",
    "libjvm",
    "libjava",
    "libnio",
    "libnet.so",
    "libcoreclr",
    "libclrjit",
    "libruby",
    "libnode",
    "libsystem_",
    "libdyld",
    "ntdll",
    "kernel32",
    "KERNELBASE",
    "ucrtbase",
];

/// Whether a file is a script.
pub(super) fn is_script(file: &str) -> bool {
    is_browser_script(file) || matches!(file.rsplit_once('.'), Some((_, "py" | "rb" | "php")))
}

/// Whether a file is a script of V8.
pub(super) fn is_browser_script(file: &str) -> bool {
    file.starts_with("node:")
        || matches!(file.rsplit_once('.'), Some((_, "js" | "mjs" | "cjs" | "ts" | "tsx" | "jsx")))
}

/// Whether a function is of a runtime by what it is called or where it is built in.
pub(super) fn is_certainly(frame: FrameText<'_>, name: &str) -> bool {
    let is_built_in = BUILT_IN_FILES.iter().any(|file| frame.file.starts_with(file));
    let is_named = !is_script(frame.file) && NAMES.iter().any(|begin| name.starts_with(begin));
    let is_python = PYTHON_FILES.iter().any(|file| match file.ends_with('/') {
        true => frame.file.starts_with(file),
        false => frame.file == *file,
    });
    is_built_in || is_named || is_python
}

/// Whether a function that is not own code is of a runtime and not of a library.
pub(super) fn is_likely(frame: FrameText<'_>) -> bool {
    let holds = |texts: &[&str]| texts.iter().any(|text| frame.file.contains(text));
    if holds(PACKAGE_FOLDERS) || frame.file.contains("node_modules/") || frame.name.contains("node_modules/")
    {
        return false;
    }
    if holds(STANDARD_FOLDERS) || OwnCode::is_of_runtime(frame) {
        return true;
    }
    let file = frame.mapping.rsplit(['/', '\\']).next().unwrap_or_default();
    is_shared_library(frame.mapping) && RUNTIME_FILES.iter().any(|name| file.starts_with(name))
}
