#!/usr/bin/env bash
# Fuzzes a reader with stable Rust: `run.sh TARGET SECONDS`, or `run.sh all SECONDS` for each target in turn.
# Starts from the captures in testdata; what it finds interesting stays in the target folder, what crashes in crashes/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
target=${1:?which target? one of: all $(ls fuzz_targets | sed "s/\.rs$//" | xargs)}
seconds=${2:-60}
build=${CARGO_TARGET_DIR:-target}

# What cargo-fuzz passes, without the sanitizer: memory is safe here, and that needs a nightly compiler.
flags="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
flags+=" -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
flags+=" --cfg fuzzing -Cdebug-assertions -Coverflow-checks"
host=$(rustc -vV | sed -n "s/^host: //p")
RUSTFLAGS=$flags cargo build --release --target "$host"

seeds=$build/seeds
mkdir -p "$seeds" crashes
find ../testdata -type f ! -name "*.md" ! -name "*.rb" ! -name "*.js" | while read -r file; do
    name=$(echo "${file#../testdata/}" | tr / -)
    case $file in
    *.gz) gzip -dc "$file" >"$seeds/${name%.gz}" ;;
    *) cp "$file" "$seeds/$name" ;;
    esac
done

run() {
    local corpus=$build/corpus/$1
    mkdir -p "$corpus"
    echo "--> $1"
    "$build/$host/release/$1" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -max_len=400000 \
        -artifact_prefix="crashes/$1-" -print_final_stats=1 "$corpus" "$seeds" 2>&1 | grep -E "^(==|SUMMARY|stat::(number|average)|Test unit)|panicked|ERROR" || true
}

if [ "$target" = all ]; then
    for file in fuzz_targets/*.rs; do run "$(basename "$file" .rs)"; done
else
    run "$target"
fi
[ -z "$(ls crashes)" ] || { echo "crashes:"; ls crashes; exit 1; }
