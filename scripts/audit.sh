#!/usr/bin/env bash
# Asks the RustSec database for advisories about what is in Cargo.lock. Not part of the checks: it needs a network, and
# an advisory published today must not fail a change made yesterday.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
source "$here/tools.sh"
cd "$root"
mkdir -p "$tools"
step "cargo-deny $CARGO_DENY_VERSION" cargo_deny_tool
step "advisories" cargo-deny check advisories
