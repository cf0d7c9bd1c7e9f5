# Sourced by setup.sh: installs the tools that bundle the page and check the manifests into .tools. Each is found when
# it is there in the right version, then downloaded as a release with a pinned checksum, then compiled.

is_version() { # COMMAND VERSION
    [ "$("$1" --version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1)" = "$2" ]
}

# cargo's own release profiles of these tools optimise for minutes what runs for seconds.
# compile_tool NAME VERSION OPT_LEVEL [cargo args]
compile_tool() {
    local name=$1 version=$2 opt=$3
    shift 3
    CARGO_TARGET_DIR="$tools/build/$name" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=$opt \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_DEBUG=0 \
        cargo install --locked --quiet --root "$tools" "$name" --version "$version" "$@"
}

# download_tool NAME URL SHA256: puts the program NAME of a release archive into .tools/bin. Fails without a word on
# the way when the network does not offer it, and with one when the file is not what was pinned.
download_tool() {
    local name=$1 url=$2 sum=$3 folder program
    [ "$(uname -sm)" = "Linux x86_64" ] && command -v curl >/dev/null || return 1
    folder=$(mktemp -d)
    if ! curl --fail --silent --location --proto '=https' --connect-timeout 5 --max-time 120 "$url" -o "$folder/archive"; then
        rm -rf "$folder"
        return 1
    fi
    if ! printf '%s  %s\n' "$sum" "$folder/archive" | sha256sum --check --status; then
        say "    $url is not the file that was pinned (SHA-256 $sum): not used"
        rm -rf "$folder"
        return 1
    fi
    tar -xzf "$folder/archive" -C "$folder"
    program=$(find "$folder" -type f -name "$name" | head -n 1)
    mkdir -p "$tools/bin"
    install -m 755 "$program" "$tools/bin/$name"
    rm -rf "$folder"
    say "    downloaded: $name"
}

wasm_bindgen_tool() {
    local version=$WASM_BINDGEN_VERSION
    local release=https://github.com/wasm-bindgen/wasm-bindgen/releases/download/$version
    if is_version wasm-bindgen "$version"; then
        have "wasm-bindgen $version"
    elif ! download_tool wasm-bindgen "$release/wasm-bindgen-$version-x86_64-unknown-linux-musl.tar.gz" \
        $WASM_BINDGEN_SHA256; then
        say "    no release to download: compiling it, which takes some minutes"
        # The bundler alone, without its test runner and that one's TLS; only what walks through the wasm is optimised.
        compile_tool wasm-bindgen-cli "$version" 0 --bin wasm-bindgen --no-default-features \
            --config 'profile.release.package.walrus.opt-level=1' \
            --config 'profile.release.package.wasmparser.opt-level=1' \
            --config 'profile.release.package.wasm-bindgen-cli-support.opt-level=1'
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

cargo_deny_tool() {
    local version=$CARGO_DENY_VERSION
    local release=https://github.com/EmbarkStudios/cargo-deny/releases/download/$version
    if is_version cargo-deny "$version"; then
        have "cargo-deny $version"
    elif ! download_tool cargo-deny "$release/cargo-deny-$version-x86_64-unknown-linux-musl.tar.gz" \
        $CARGO_DENY_SHA256; then
        say "    no release to download: compiling it, which takes some minutes"
        compile_tool cargo-deny "$version" 0 --no-default-features
    fi
}

cargo_machete_tool() {
    if is_version cargo-machete $CARGO_MACHETE_VERSION; then
        have "cargo-machete $CARGO_MACHETE_VERSION"
    else
        compile_tool cargo-machete $CARGO_MACHETE_VERSION 0
    fi
}
