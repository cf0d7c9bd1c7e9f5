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
    step "write $page" compose server
fi
if [ "$half" != server-only ]; then
    [ "$half" = both ] && set --
    step "measure the browser (three viewers; takes minutes)" measure_browser "$@"
    step "write $page" compose browser
fi
