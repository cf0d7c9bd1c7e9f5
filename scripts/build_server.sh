#!/usr/bin/env bash
# Builds the binary with the embedded page.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"
# Cargo does not notice new files in a folder that a macro embeds.
if [ dist/index.html -nt "${CARGO_TARGET_DIR:-target}/release/flarepath" ]; then touch backend/src/main.rs; fi
step "server" cargo build --release --locked -p flarepath
