# Sourced: where tools live, which versions we want, and what PATH and compiler a wasm32 build needs.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools="$root/.tools"

TRUNK_VERSION=0.21.14 # 0.22 wants a newer rustc than the one this workspace is built with
BINARYEN_VERSION=132.0.0
JAVA_AGENT_VERSION=2.1.2
# The command must be of exactly the version of the library, or it refuses the file.
WASM_BINDGEN_VERSION=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' "$root/Cargo.lock")

export PATH="$tools/bin:$tools/npm/node_modules/.bin:$HOME/.cargo/bin:$PATH"

# Set up by scripts/wasm_target.sh where rustup cannot download the wasm32 standard library.
debian_rustc_marker="$tools/wasm32-by-debian"
wasm_target_dir=${WASM_TARGET_DIR:-${CARGO_TARGET_DIR:-$root/target}/wasm}

# Runs a command with what a wasm32 build needs: its own target folder (two compilers, or two sets of flags,
# in one folder rebuild each other's artefacts).
for_wasm() {
    if [ -e "$debian_rustc_marker" ]; then
        RUSTC=/usr/bin/rustc CARGO_TARGET_DIR="$wasm_target_dir" "$@"
    else
        CARGO_TARGET_DIR="$wasm_target_dir" "$@"
    fi
}
