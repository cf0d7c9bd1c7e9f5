#!/usr/bin/env bash
# Builds the page into dist/: small (profile `wasm`, wasm-opt), hashed, precompressed.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"

build() {
    # leptos then builds views of one erased type and not of a type each, which makes the wasm smaller.
    # NO_COLOR is a flag to trunk and must be true or false.
    RUSTFLAGS="--cfg erase_components" NO_COLOR=true for_wasm trunk --log warn build --release --cargo-profile wasm
}
step "user interface (wasm)" build
