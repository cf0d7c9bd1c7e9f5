#!/usr/bin/env bash
# Every check. Two lanes run side by side, one for what runs on this machine and one for what runs in the browser; the
# journeys need both. CI runs exactly this.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"

# Seconds that each fuzz target runs, from the corpus that is kept with it.
FUZZ_SECONDS=${FUZZ_SECONDS:-3}

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

# Licences, banned crates and sources; advisories need a network and are asked for by `make audit`.
dependencies() {
    cargo-deny --log-level error check --hide-inclusion-graph bans licenses sources
    cargo-machete
}

ui() { make --no-print-directory ui; }

# Debug builds of the server read dist/ from disk, so the binary that the tests start serves the real page.
tests() {
    SDK_PYTHON="$tools/python/bin/python" cargo test --locked --workspace
}

fuzz() { crates/profile/fuzz/run.sh "$FUZZ_SECONDS"; }

journeys() {
    JOURNEY_BINARY="${CARGO_TARGET_DIR:-$root/target}/debug/flarepath" npm --prefix e2e test --silent
}

native_lane() {
    "$here/setup.sh" checks
    step "format" cargo fmt --all --check
    step "dependencies" dependencies
    step "lints, native" clippy_native
    step "tests" tests
    step "fuzzing, $FUZZ_SECONDS s a target" fuzz
}

page_lane() {
    "$here/setup.sh" build
    step "lints, wasm32" clippy_wasm
    step "user interface" ui
}

"$here/setup.sh" base
side_by_side native native_lane page page_lane
step "journeys in a browser" journeys
step_times
say "All checks passed in $(elapsed)."
