#!/usr/bin/env bash
# Builds the page into dist/: small (profile `wasm`, wasm-opt), hashed, precompressed.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"

build() {
    # NO_COLOR is a flag to trunk and must be true or false.
    NO_COLOR=true for_wasm trunk --log warn build --release --cargo-profile wasm
}
step "user interface (wasm)" build
