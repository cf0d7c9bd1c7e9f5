#!/usr/bin/env bash
# Benchmarks the server over HTTP, its verdicts, and the page beside other viewers, and writes docs/benchmarks.md.
# `--server-only`, `--verdicts-only` or `--browser-only` runs one of the three. Other options are passed to it, such as
# `--server-only --hours 1` or `--browser-only --runs 5`; the server's part includes the overview of thousands of services and
# stores on other servers. Ends with an error if a bound of the verdicts did not hold.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
cd "$root"
target=${CARGO_TARGET_DIR:-$root/target}
page=docs/benchmarks.md
part=all
case ${1:-} in
--server-only | --verdicts-only | --browser-only)
    part=${1#--}
    part=${part%-only}
    shift
    ;;
esac

measure_server() { cargo bench --locked -p flarepath --bench load -- --out "$target/benchmark-server.md" "$@"; }

# A bound that does not hold is a row of the table; verdicts_held fails for it once the page is written.
measure_verdicts() {
    rm -f "$target/benchmark-verdicts.md"
    cargo bench --locked -p flarepath --bench load -- --verdicts-only --out "$target/benchmark-verdicts.md" "$@" ||
        test -s "$target/benchmark-verdicts.md"
}

# The simulations of the statistics are tests that print their rows; a row says whether its bound held, as the tests do.
simulate_verdicts() {
    {
        FLAREPATH_SIMULATIONS=2500 cargo test --locked --release -p flarepath-profile --lib stats::simulation -- \
            --nocapture --test-threads 1 || true
    } 2>&1 >/dev/null | tee /dev/stderr | grep '^| simulated' >>"$target/benchmark-verdicts.md"
}

verdicts_held() { ! grep -F 'NOT HELD' "$target/benchmark-verdicts.md"; }

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

# compose PART: replaces the results between the markers of that part.
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
wants() { [ "$part" = all ] || [ "$part" = "$1" ]; }
if wants server; then
    step "measure the server (a day of one busy service; takes minutes)" measure_server "$@"
    step "write $page" compose server
fi
[ "$part" = all ] && set --
if wants verdicts; then
    step "measure verdicts (a day of one busy service, a recorded run; takes minutes)" measure_verdicts "$@"
    step "simulate verdicts" simulate_verdicts
    step "write $page" compose verdicts
fi
if wants browser; then
    step "measure the browser (three viewers; takes minutes)" measure_browser "$@"
    step "write $page" compose browser
fi
if wants verdicts; then
    step "bounds of the verdicts" verdicts_held
fi
