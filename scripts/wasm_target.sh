# Sourced: makes the standard library for wasm32-unknown-unknown available.
#
# rustup is tried first. If its downloads are blocked but Debian's packages are available, Debian's compiler (rustc-web) is
# used for wasm32: it includes the sources of the standard library, which are built once.

wasm32=wasm32-unknown-unknown

# has_wasm_std COMPILER
has_wasm_std() {
    local lib
    lib=$("$1" --print target-libdir --target $wasm32 2>/dev/null) || return 1
    compgen -G "$lib/libcore-*.rlib" >/dev/null
}

wasm_target() {
    if has_wasm_std rustc; then
        rm -f "$debian_rustc_marker"
        have "wasm32 standard library"
    elif [ -e "$debian_rustc_marker" ] && has_wasm_std /usr/bin/rustc; then
        have "wasm32 standard library (Debian's compiler)"
    elif command -v rustup >/dev/null && timeout 300 rustup target add $wasm32; then
        rm -f "$debian_rustc_marker"
    else
        say "    rustup could not provide it; using Debian's compiler for wasm32"
        wasm_target_by_debian
    fi
}

wasm_target_by_debian() {
    apt_install rustc-web cargo-web rust-web-src rust-web-llvm lld-22
    local crate=$tools/wasm-std built
    rm -rf "$crate"
    mkdir -p "$crate/src"
    printf '#![no_std]\n' >"$crate/src/lib.rs"
    printf '[package]\nname = "wasm-std"\nversion = "0.0.0"\nedition = "2021"\n\n[workspace]\n' >"$crate/Cargo.toml"
    # With bitcode, as link-time optimization fails without it.
    (cd "$crate" && env -u CARGO_TARGET_DIR RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc \
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=-Cembed-bitcode=yes \
        /usr/bin/cargo build --release -Zbuild-std=std,panic_abort --target $wasm32)
    built=$crate/target/$wasm32/release/deps
    rm -f "$built"/libwasm_std-*.rlib
    as_root mkdir -p /usr/lib/rustlib/$wasm32/lib
    as_root cp "$built"/*.rlib /usr/lib/rustlib/$wasm32/lib/
    rm -rf "$crate" "$wasm_target_dir" # artefacts of another standard library do not fit
    mkdir -p "$tools"
    touch "$debian_rustc_marker"
}
