#!/usr/bin/env bash
# Checks Cargo.lock against the RustSec advisory database. Not part of `make test`: it needs network access, and a new
# advisory must not fail an unrelated change.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
source "$here/tools.sh"
cd "$root"
mkdir -p "$tools"
step "cargo-deny $CARGO_DENY_VERSION" cargo_deny_tool
step "advisories" cargo-deny check advisories
