#!/usr/bin/env bash
# Builds the page and the server. The server's library does not need the page, so both are built in parallel; the binary,
# which embeds the page, is built last.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"

server_lane() { step "server's library" cargo build --release --locked -p flarepath --lib; }

page_lane() {
    "$here/setup.sh" build
    make --no-print-directory ui
}

"$here/setup.sh" base
side_by_side server server_lane page page_lane
"$here/build_server.sh"
say "Built in $(elapsed)."
