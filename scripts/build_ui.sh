#!/usr/bin/env bash
# Builds the page into dist/: small (profile `wasm`, wasm-opt), hashed, precompressed.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"

# Flags of the compiler, joined as cargo wants them, so that paths may hold spaces.
flags=(
    # leptos then builds views of one erased type and not of a type each, which makes the wasm smaller.
    --cfg erase_components
    # Names that say the types, so that wasm-opt can put like functions side by side; it drops the names at the end.
    -Csymbol-mangling-version=v0
    # Where this machine keeps sources is nobody's business, and shorter paths are a smaller download.
    "--remap-path-prefix=$root=."
)
for sources in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
    flags+=("--remap-path-prefix=$sources=")
done

build() {
    local IFS=$'\x1f'
    export CARGO_ENCODED_RUSTFLAGS="${flags[*]}"
    # NO_COLOR is a flag to trunk and must be true or false.
    NO_COLOR=true for_wasm trunk --log warn build --release --cargo-profile wasm
}
step "user interface (wasm)" build
