#!/usr/bin/env bash
# Measures the server from outside and writes docs/benchmarks.md. Options go to the benchmark, such as `--hours 1`.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
cd "$root"
rows=${CARGO_TARGET_DIR:-$root/target}/benchmark-rows.md
page=docs/benchmarks.md

measure() { cargo bench --locked -p flarepath --bench load -- --out "$rows" "$@"; }

# What a first visit downloads: every brotli file of the page but the worker's, which comes when it is needed.
download() {
    find dist -name '*.br' ! -name 'worker*' -printf '%s\n' |
        awk '{ sum += $1 } END { printf "| first visit, brotli | %.0f KiB | ≤ 250 KiB | speedscope 180 KB, a viewer alone |\n", sum / 1024 }'
}

machine() {
    local cpu
    cpu=$(awk -F ': ' '/model name/ { print $2; exit }' /proc/cpuinfo)
    echo "$(nproc) cores ($cpu), $(awk '/MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GiB, $(rustc --version | cut -d ' ' -f 1,2), $(date -u +%F)"
}

compose() {
    sed "/<!-- measured -->/q" "$page" >"$page.new"
    {
        printf '\n%s. Load before the run: %s.\n\n' "$(machine)" "$load_before"
        cat "$rows"
        download
    } >>"$page.new"
    mv "$page.new" "$page"
}

load_before=$(cut -d ' ' -f 1 /proc/loadavg)
step "measure (a day of one busy service; minutes)" measure "$@"
step "write $page" compose
