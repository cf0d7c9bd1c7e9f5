#!/usr/bin/env bash
# Sets a machine up, on top of Rust (rustup, stable) and Node: `setup.sh build` for building and serving,
# `setup.sh test` for the checks as well, `setup.sh bench` for the benchmarks. Finds what is there; run it as often as you like.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
source "$here/steps.sh"
source "$here/tool_versions.sh"
source "$here/apt.sh"
source "$here/wasm_target.sh"
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

# cargo's own release profiles of these tools optimise for minutes what runs for seconds.
# install_crate NAME VERSION OPT_LEVEL [cargo args]
install_crate() {
    local name=$1 version=$2 opt=$3
    shift 3
    CARGO_TARGET_DIR="$tools/build" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=$opt \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_DEBUG=0 \
        cargo install --locked --quiet --root "$tools" "$name" --version "$version" "$@"
}

is_version() { # COMMAND VERSION
    [ "$("$1" --version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1)" = "$2" ]
}

trunk_tool() {
    if is_version trunk $TRUNK_VERSION; then
        have "trunk $TRUNK_VERSION"
    else
        install_crate trunk $TRUNK_VERSION 0 --no-default-features --features rustls
    fi
}

wasm_bindgen_tool() {
    if is_version wasm-bindgen "$WASM_BINDGEN_VERSION"; then
        have "wasm-bindgen $WASM_BINDGEN_VERSION"
    else
        install_crate wasm-bindgen-cli "$WASM_BINDGEN_VERSION" 1
    fi
}

wasm_opt_tool() {
    local package=$tools/npm/node_modules/binaryen/package.json
    if [ -e "$package" ] && grep -q "\"version\": \"$BINARYEN_VERSION\"" "$package"; then
        have "wasm-opt of binaryen $BINARYEN_VERSION"
    else
        mkdir -p "$tools/npm"
        npm install --silent --no-audit --no-fund --prefix "$tools/npm" "binaryen@$BINARYEN_VERSION"
    fi
}

browser() {
    if command -v chromium >/dev/null; then have "chromium"; else apt_install chromium; fi
}

# The records of people are tested on it too. The tests start one of their own; the package's own cluster is not used.
postgresql() {
    if compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; then have "PostgreSQL"; else apt_install postgresql; fi
}

# npm_folder FOLDER: what its lock file says, unless it was installed from that very lock file.
npm_folder() {
    local mark=$1/node_modules/.installed-from
    if [ -e "$mark" ] && cmp -s "$1/package-lock.json" "$mark"; then
        have "npm packages of $1"
    else
        PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund --prefix "$1"
        cp "$1/package-lock.json" "$mark"
    fi
}

python_sdk() {
    local want=backend/tests/sdk/requirements.txt mark=$tools/python/.installed-from
    if [ -e "$mark" ] && cmp -s "$want" "$mark"; then
        have "python environment with pyroscope-io"
        return
    fi
    python3 -c 'import venv, ensurepip' 2>/dev/null || apt_install python3 python3-venv
    python3 -m venv --clear "$tools/python"
    "$tools/python/bin/pip" install --quiet --disable-pip-version-check -r "$want"
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

mkdir -p "$tools"
step "Rust, Node and a C compiler" need_rust_and_node
step "wasm32 target" wasm_target
step "wasm-bindgen $WASM_BINDGEN_VERSION" wasm_bindgen_tool
step "trunk $TRUNK_VERSION" trunk_tool
step "wasm-opt" wasm_opt_tool
if [ "$purpose" != build ]; then
    step "browser" browser
fi
if [ "$purpose" = bench ]; then
    step "packages of the benchmark (other viewers)" npm_folder e2e/bench
fi
if [ "$purpose" = test ]; then
    step "packages of the journeys" npm_folder e2e
    step "Node SDK" npm_folder backend/tests/sdk
    step "Python SDK" python_sdk
    step "Java agent" java_agent
    step "PostgreSQL" postgresql
fi
say "Set up in $(elapsed)."
