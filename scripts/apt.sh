# Sourced: installs Debian packages, with one `apt-get update` per run and retries for a flaky mirror.

# State is in files, as each step runs in a subshell and lanes run in parallel; removed with the file of the step times.
apt_updated=$STEP_TIMES.apt-updated
apt_lock=$STEP_TIMES.apt-lock

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "this step must run as root: $*" "run it as root, or install sudo"
    fi
}

# apt_install package...
apt_install() {
    (
        flock 9
        apt_install_alone "$@"
    ) 9>"$apt_lock"
}

apt_install_alone() {
    command -v apt-get >/dev/null ||
        fail "missing here: $*" "this is not Debian; install them with your system's package manager"
    local attempt
    for attempt in 1 2 3; do
        [ -e "$apt_updated" ] || { as_root apt-get update -q && touch "$apt_updated"; } || true
        if as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -q --no-install-recommends "$@"; then
            return 0
        fi
        say "    apt-get failed (attempt $attempt of 3)"
        rm -f "$apt_updated"
        sleep $((attempt * 3))
    done
    fail "could not install with apt-get: $*" "see the messages above; is the package mirror reachable?"
}

# apt_program PACKAGE PATH: one program of a Debian package, in $tools/bin. The package itself is not installed.
apt_program() {
    (
        flock 9
        apt_program_alone "$@"
    ) 9>"$apt_lock"
}

apt_program_alone() {
    command -v apt-get >/dev/null ||
        fail "missing here: $1" "this is not Debian; install it with your system's package manager"
    local attempt files
    files=$(mktemp -d)
    for attempt in 1 2 3; do
        [ -e "$apt_updated" ] || { as_root apt-get update -q && touch "$apt_updated"; } || true
        if (cd "$files" && apt-get download -q "$1") && dpkg-deb -x "$files"/*.deb "$files"; then
            mkdir -p "$tools/bin"
            install -m 755 "$files/$2" "$tools/bin/"
            rm -rf "$files"
            return 0
        fi
        say "    apt-get failed (attempt $attempt of 3)"
        rm -rf "$apt_updated" "$files"/*
        sleep $((attempt * 3))
    done
    rm -rf "$files"
    fail "could not download with apt-get: $1" "see the messages above; is the package mirror reachable?"
}
