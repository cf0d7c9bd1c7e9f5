#!/usr/bin/env bash
# Fuzzes the readers with stable Rust.
#
#   run.sh SECONDS          every target for so long, two at a time, from the committed corpus alone
#   run.sh TARGET SECONDS   one target, also from the captures in testdata and from what earlier runs found
#   run.sh all SECONDS      each target in turn, likewise
#
# One line a target. Ends with an error at the first crash, hang or excess of memory; the input is then in crashes/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
targets=$(basename -s .rs fuzz_targets/*.rs)
usage="usage: run.sh SECONDS | run.sh TARGET|all SECONDS, with TARGET one of: $(echo $targets)"
case ${1:?$usage} in
*[!0-9]*)
    [ "$1" = all ] || targets=$(basename -s .rs "fuzz_targets/$1.rs")
    seconds=${2:-60} jobs=1 short=
    ;;
*) seconds=$1 jobs=2 short=1 ;;
esac
build=${CARGO_TARGET_DIR:-target}

# What cargo-fuzz passes, without the sanitizer: memory is safe here, and that needs a nightly compiler.
flags="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
flags+=" -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
flags+=" --cfg fuzzing -Cdebug-assertions -Coverflow-checks"
host=$(rustc -vV | sed -n "s/^host: //p")
RUSTFLAGS=$flags cargo build --quiet --release --target "$host"

mkdir -p crashes "$build/logs"
options="-max_total_time=$seconds -rss_limit_mb=2048 -timeout=25 -print_final_stats=1"
if [ -n "$short" ]; then
    # One seed of chance: a failure comes back when the run is repeated.
    options+=" -seed=1 -max_len=20000"
    found=$(mktemp -d)
    trap 'rm -rf "$found"' EXIT
    captures=
else
    options+=" -max_len=400000"
    found=$build/corpus
    captures=$build/seeds
    mkdir -p "$captures"
    find ../testdata -type f ! -name "*.md" ! -name "*.rb" ! -name "*.js" | while read -r file; do
        name=$(echo "${file#../testdata/}" | tr / -)
        case $file in
        *.gz) gzip -dc "$file" >"$captures/${name%.gz}" ;;
        *) cp "$file" "$captures/$name" ;;
        esac
    done
fi

fuzz() {
    local log=$build/logs/$1.log
    mkdir -p "$found/$1"
    # shellcheck disable=SC2086 # several options; captures may be none
    if "$build/$host/release/$1" $options -artifact_prefix="crashes/$1-" "$found/$1" "corpus/$1" $captures >"$log" 2>&1; then
        echo "$1: ok, $(sed -n "s/^stat::number_of_executed_units: *//p" "$log") inputs"
    else
        echo "$1: FAILED, see $PWD/$log"
        grep -aE "panicked|ERROR|SUMMARY|Test unit" -A2 "$log" || tail -20 "$log"
        return 1
    fi
}
export -f fuzz
export build host options found captures
# 255 has xargs begin no other target.
echo "$targets" | xargs -P "$jobs" -I{} bash -c "fuzz {} || exit 255"
