#!/usr/bin/env bash
# Long runs: `soak.sh 2h` loads a server with everything at once for that time; `soak.sh kills 500` kills one that often under
# load. Ends with an error if a bound did not hold. Results: target/soak.md, and what is printed.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"
target=${CARGO_TARGET_DIR:-$root/target}

soak() { cargo bench --locked -p flarepath --bench load -- --soak "$1" --out "$target/soak.md"; }

# The release build: more profiles between two kills.
kills() { KILLS=$1 cargo test --locked --release -p flarepath --test live -- --nocapture survive_kills; }

case ${1:?"usage: soak.sh DURATION | soak.sh kills COUNT"} in
kills) step "${2:?"how many kills?"} kills under load" kills "$2" ;;
*) step "soak for $1 (and a few minutes for the measurements after it)" soak "$1" ;;
esac
