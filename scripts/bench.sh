#!/usr/bin/env bash
# Benchmarks the server over HTTP and the page beside other viewers, and writes docs/benchmarks.md.
# `--browser-only` or `--server-only` runs one of the two. Other options are passed to it, such as
# `--server-only --hours 1` or `--browser-only --runs 5`.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"
target=${CARGO_TARGET_DIR:-$root/target}
page=docs/benchmarks.md
half=both
case ${1:-} in
--browser-only | --server-only)
    half=${1#--}
    shift
    ;;
esac

measure_server() { cargo bench --locked -p flarepath --bench load -- --out "$target/benchmark-server.md" "$@"; }

# The simulations of the statistics are tests that print what they found; here each is a row of the server's table.
simulate_verdicts() {
    FLAREPATH_SIMULATIONS=2500 cargo test --locked --release -p flarepath-profile --lib stats::simulation -- \
        --nocapture --test-threads 1 2>&1 >/dev/null | tee /dev/stderr |
        sed -n -e 's/^\(.*\): \([0-9]* false alarms in .*\)$/| simulated: \1 | \2 | ≤ 1 % |  |/p' \
            -e 's/^\(.*\): \(found .*\)$/| simulated, +20 % of 5 %: \1 | \2 |  |  |/p' >>"$target/benchmark-server.md"
}

measure_browser() {
    "$here/setup.sh" bench
    node --max-old-space-size=8192 e2e/bench/run.mjs --server "$target/release/flarepath" \
        --work "$target/browser-benchmark" --out "$target/benchmark-browser.md" "$@"
}

machine() {
    local cpu
    cpu=$(awk -F ': ' '/model name/ { print $2; exit }' /proc/cpuinfo)
    echo "$(nproc) cores ($cpu), $(awk '/MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GiB, $(rustc --version | cut -d ' ' -f 1,2), $(date -u +%F)"
}

# compose HALF: replaces the results between the markers of that half.
compose() {
    {
        sed "/<!-- measured: $1 -->/q" "$page"
        printf '\n%s. Load before the run: %s.\n\n' "$(machine)" "$load_before"
        cat "$target/benchmark-$1.md"
        sed -n "/<!-- end: $1 -->/,\$p" "$page"
    } >"$page.new"
    mv "$page.new" "$page"
}

load_before=$(cut -d ' ' -f 1 /proc/loadavg)
if [ "$half" != browser-only ]; then
    step "measure the server (a day of one busy service; takes minutes)" measure_server "$@"
    step "simulate verdicts" simulate_verdicts
    step "write $page" compose server
fi
if [ "$half" != server-only ]; then
    [ "$half" = both ] && set --
    step "measure the browser (three viewers; takes minutes)" measure_browser "$@"
    step "write $page" compose browser
fi
