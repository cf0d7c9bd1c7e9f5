#!/usr/bin/env bash
# Every check, in the order in which it fails soonest. CI runs exactly this.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"

"$here/setup.sh" test

clippy_native() {
    cargo clippy --locked --workspace --exclude flarepath-frontend --all-targets -- -D warnings
}

# The library crates run in the browser too, so they are held to it there.
clippy_wasm() {
    local crates=(--locked --target wasm32-unknown-unknown -p flarepath-profile -p flarepath-wire -p flarepath-frontend)
    if [ -e "$debian_rustc_marker" ]; then
        say "    rustup's clippy cannot use Debian's standard library for wasm32: compiling without it"
        RUSTFLAGS="-D warnings" for_wasm cargo check "${crates[@]}"
    else
        for_wasm cargo clippy "${crates[@]}" -- -D warnings
    fi
}

ui() { make --no-print-directory ui; }

# Debug builds of the server read dist/ from disk, so the binary that the tests start serves the real page.
tests() {
    SDK_PYTHON="$tools/python/bin/python" cargo test --locked --workspace
}

journeys() {
    JOURNEY_BINARY="${CARGO_TARGET_DIR:-$root/target}/debug/flarepath" npm --prefix e2e test --silent
}

step "format" cargo fmt --all --check
step "lints, native" clippy_native
step "lints, wasm32" clippy_wasm
step "tests" tests
step "user interface" ui
step "journeys in a browser" journeys
say "All checks passed in $(elapsed)."
