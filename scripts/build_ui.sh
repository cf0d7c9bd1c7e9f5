#!/usr/bin/env bash
# Builds the page into dist/: small (profile `wasm`, wasm-opt), hashed, precompressed.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"

# Compiler flags, joined in cargo's encoded form, so that paths may contain spaces.
flags=(
    # leptos then builds views of one erased type instead of one type each, which makes the wasm smaller.
    --cfg erase_components
    # Symbol names that include types, so that wasm-opt can place similar functions together; it strips the names at the end.
    -Csymbol-mangling-version=v0
    # The paths of the build machine must not be published, and shorter paths make the download smaller.
    "--remap-path-prefix=$root=."
)
for sources in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
    flags+=("--remap-path-prefix=$sources=")
done

build() {
    local IFS=$'\x1f'
    export CARGO_ENCODED_RUSTFLAGS="${flags[*]}"
    for_wasm node scripts/bundle.mjs
}
step "user interface (wasm)" build
