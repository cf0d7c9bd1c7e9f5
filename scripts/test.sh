#!/usr/bin/env bash
# Every check. Two lanes run side by side, one for what runs on this machine and one for what runs in the browser; the
# journeys need both. CI runs exactly this.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"

# Seconds that each fuzz target runs, from the corpus that is kept with it. The one over the routes is a test.
export FUZZ_SECONDS=${FUZZ_SECONDS:-3}

# Lints while it compiles for the tests, so that nothing is compiled twice: clippy's driver stands in for the compiler of
# our own crates (clippy's README, "clippy-driver"). The page's crates are linted here too; for wasm32 they are compiled
# by the page's build.
linting() {
    local driver
    driver=$(rustup which clippy-driver 2>/dev/null || command -v clippy-driver) ||
        fail "clippy is missing" "run: rustup component add clippy"
    RUSTC_WORKSPACE_WRAPPER=$driver CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings "$@"
}

# Licences, banned crates and sources; advisories need a network and are asked for by `make audit`.
dependencies() {
    cargo-deny --log-level error check --hide-inclusion-graph bans licenses sources
    cargo-machete
}

ui() { make --no-print-directory ui; }

lints() { linting cargo test --locked --workspace --all-targets --no-run --quiet; }

# Debug builds of the server read dist/ from disk, so the binary that the tests start serves the real page.
tests() {
    SDK_PYTHON="$tools/python/bin/python" linting cargo test --locked --workspace
}

fuzz() { crates/profile/fuzz/run.sh "$FUZZ_SECONDS"; }

# Every operation of the API document, called anonymously and as an administrator; needs no page.
api_document() {
    JOURNEY_BINARY="${CARGO_TARGET_DIR:-$root/target}/debug/flarepath" node e2e/api/run.mjs "$tools/api"
}

journeys() {
    JOURNEY_BINARY="${CARGO_TARGET_DIR:-$root/target}/debug/flarepath" npm --prefix e2e test --silent
}

native_lane() {
    "$here/setup.sh" checks
    step "format" cargo fmt --all --check
    step "dependencies" dependencies
    step "compiling and lints" lints
    step "tests" tests
    step "API document" api_document
    step "fuzzing, $FUZZ_SECONDS s a target" fuzz
}

page_lane() {
    "$here/setup.sh" build
    step "user interface" ui
}

"$here/setup.sh" base
side_by_side native native_lane page page_lane
step "journeys in a browser" journeys
step_times
say "All checks passed in $(elapsed)."
