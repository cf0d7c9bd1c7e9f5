#!/usr/bin/env bash
# Sets a machine up, on top of Rust (rustup, stable) and Node. `setup.sh build` brings what building and serving needs,
# `setup.sh checks` what the checks need besides, `setup.sh test` both, `setup.sh bench` what the benchmarks need.
# `setup.sh base` checks Rust and Node and adds the wasm32 target, which must not happen while something compiles.
# Finds what is there; run it as often as you like.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
source "$here/apt.sh"
source "$here/wasm_target.sh"
source "$here/tools.sh"
cd "$root"
purpose=${1:-build}

need_rust_and_node() {
    command -v cargo >/dev/null && command -v rustc >/dev/null ||
        fail "Rust is missing" "install the stable toolchain with rustup, then run this again"
    local want found
    want=$(awk -F '"' '/^rust-version/ { print $2; exit }' Cargo.toml)
    found=$(rustc --version | awk '{ print $2 }')
    printf '%s\n%s\n' "$want" "${found%%-*}" | sort -VC ||
        fail "Rust $found is too old, $want is needed" "run: rustup update stable"
    command -v node >/dev/null && command -v npm >/dev/null ||
        fail "Node and npm are missing" "install Node 20 or newer, then run this again"
    node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' ||
        fail "Node $(node --version) is too old, 20 is needed"
    have "rustc $found, node $(node --version)"
    if command -v cc >/dev/null; then have "C compiler"; else apt_install build-essential; fi
}

browser() {
    if command -v chromium >/dev/null; then have "chromium"; else apt_install chromium; fi
}

# The records of people are tested on it too. The tests start one of their own; the package's own cluster is not used.
postgresql() {
    if compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; then have "PostgreSQL"; else apt_install postgresql; fi
}

# Metrics of the demo are tested with it. The tests start one of their own, so its package, which starts a service, is not installed.
metrics_source() {
    if type -P prometheus >/dev/null; then have "Prometheus"; else apt_program prometheus usr/bin/prometheus; fi
    prometheus --version >/dev/null 2>&1 || fail "prometheus does not run" "see what \`prometheus --version\` says"
}

# npm_folder FOLDER: what its lock file says, unless it was installed from that very lock file.
npm_folder() {
    local mark=$1/node_modules/.installed-from
    if [ -e "$mark" ] && cmp -s "$1/package-lock.json" "$mark"; then
        have "npm packages of $1"
    else
        PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund --prefix "$1" &&
            cp "$1/package-lock.json" "$mark"
    fi
}

# The service of the demo that Node runs. Building and checking may both ask for it at the same time.
demo_service() {
    (
        flock 9
        npm_folder backend/demo-node
    ) 9>"$tools/demo-service.lock"
}

# To build, it is optional: the demo runs without it.
demo_service_if_possible() {
    demo_service || say "    skipped: npm could not fetch its packages, so \`flarepath demo\` runs without the service sessions"
}

# python_environment FOLDER REQUIREMENTS [OPTION…]: what the file says, unless it was installed from that very file.
python_environment() {
    local want=$2 mark=$1/.installed-from
    if [ -e "$mark" ] && cmp -s "$want" "$mark"; then
        have "python environment of $want"
        return
    fi
    python3 -c 'import venv, ensurepip' 2>/dev/null || apt_install python3 python3-venv
    python3 -m venv --clear "$1"
    "$1/bin/pip" install --quiet --disable-pip-version-check "${@:3}" -r "$want"
    cp "$want" "$mark"
}

# Java is optional: the test of its agent is passed over without it.
java_agent() {
    local jar=$tools/java/pyroscope-agent.jar mark=$tools/java/.version
    if [ -e "$jar" ] && [ "$(cat "$mark" 2>/dev/null)" = $JAVA_AGENT_VERSION ]; then
        have "io.pyroscope:agent $JAVA_AGENT_VERSION"
    elif ! command -v java >/dev/null || ! command -v mvn >/dev/null; then
        say "    skipped: there is no java or no mvn, so the Java agent is not tested"
    elif mvn --quiet --batch-mode dependency:copy -Dartifact=io.pyroscope:agent:$JAVA_AGENT_VERSION \
        -DoutputDirectory="$tools/java" -Dmdep.stripVersion=true; then
        mv "$tools/java/agent.jar" "$jar"
        echo $JAVA_AGENT_VERSION >"$mark"
    else
        say "    skipped: Maven could not fetch the agent, so it is not tested"
    fi
}

what_builds() {
    step "wasm32 target" wasm_target
    step "wasm-bindgen $WASM_BINDGEN_VERSION" wasm_bindgen_tool
    step "wasm-opt" wasm_opt_tool
    step "service of the demo that Node runs" demo_service_if_possible
}

what_checks() {
    step "cargo-deny $CARGO_DENY_VERSION" cargo_deny_tool
    step "cargo-machete $CARGO_MACHETE_VERSION" cargo_machete_tool
    step "browser" browser
    step "packages of the journeys" npm_folder e2e
    step "Node SDK" npm_folder backend/tests/sdk
    step "Python SDK" python_environment "$tools/python" backend/tests/sdk/requirements.txt
    step "ClickHouse's engine" python_environment "$tools/chdb" backend/tests/clickhouse/requirements.txt --no-deps
    step "schemathesis" python_environment "$tools/api" e2e/api/requirements.txt
    step "Java agent" java_agent
    step "PostgreSQL" postgresql
    step "Prometheus" metrics_source
    step "service of the demo that Node runs" demo_service
}

mkdir -p "$tools"
step "Rust, Node and a C compiler" need_rust_and_node
case $purpose in
base) step "wasm32 target" wasm_target ;;
build) what_builds ;;
checks) what_checks ;;
test)
    what_builds
    what_checks
    ;;
bench)
    what_builds
    step "browser" browser
    step "packages of the benchmark (other viewers)" npm_folder e2e/bench
    ;;
*) fail "unknown purpose: $purpose" "use base, build, checks, test or bench" ;;
esac
say "Set up in $(elapsed)."
