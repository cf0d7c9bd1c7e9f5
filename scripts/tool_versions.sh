# Sourced: paths and versions of tools, and the PATH and compiler of wasm32 builds.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools="$root/.tools"

CARGO_DENY_VERSION=0.20.2
CARGO_MACHETE_VERSION=0.9.2
BINARYEN_VERSION=132.0.0
JAVA_AGENT_VERSION=2.1.2
# The command must have exactly the version of the library, otherwise it rejects the file.
WASM_BINDGEN_VERSION=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' "$root/Cargo.lock")

# Releases to download, for Linux on x86-64, if the network permits. The checksums are those published by the projects;
# other versions are always compiled.
WASM_BINDGEN_SHA256=064948d58e2d6c0a745216477a639ba696216d6309aaa902939d1b865b1d869d # 0.2.126
CARGO_DENY_SHA256=9f12ed4c49936e09b48bf862b595cde2fe64fcbd9d74dfacac6131ca824c8d5f # 0.20.2

export PATH="$tools/bin:$tools/npm/node_modules/.bin:$HOME/.cargo/bin:$PATH"

# Set up by scripts/wasm_target.sh where rustup cannot download the wasm32 standard library.
debian_rustc_marker="$tools/wasm32-by-debian"
wasm_target_dir=${WASM_TARGET_DIR:-${CARGO_TARGET_DIR:-$root/target}/wasm}

# Runs a command with the environment of a wasm32 build. It has a separate target folder, as builds with another compiler
# or other flags in the same folder would invalidate each other.
for_wasm() {
    if [ -e "$debian_rustc_marker" ]; then
        RUSTC=/usr/bin/rustc CARGO_TARGET_DIR="$wasm_target_dir" "$@"
    else
        CARGO_TARGET_DIR="$wasm_target_dir" "$@"
    fi
}
