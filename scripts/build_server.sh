#!/usr/bin/env bash
# Builds the binary with the page in it.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"
step "server" cargo build --release --locked -p flarepath
