# Sourced by the other scripts: runs a named step, says how long it took, stops at the first failure.
# Not executable on its own.

started_at=$(date +%s)

# seconds since the script began, as "12 s" or "3 min 05 s"
elapsed() {
    local s=$(($(date +%s) - ${1:-$started_at}))
    if [ "$s" -lt 60 ]; then echo "$s s"; else printf '%d min %02d s\n' $((s / 60)) $((s % 60)); fi
}

say() { printf '%s\n' "$*"; }

# fail "what went wrong" "what to do"
fail() {
    printf '\nERROR: %s\n' "$1" >&2
    [ $# -gt 1 ] && printf '       %s\n' "$2" >&2
    exit 1
}

# step "name" command args...: output goes through; the closing line has the time of this step and of the whole.
step() {
    local name=$1 since status
    shift
    since=$(date +%s)
    say "--> $name"
    # In a subshell of its own and not in a condition, so that `set -e` holds inside functions.
    set +e
    (
        set -e
        "$@"
    )
    status=$?
    set -e
    if [ "$status" -ne 0 ]; then
        say "FAILED: $name, after $(elapsed "$since") (exit code $status)"
        exit "$status"
    fi
    say "    ok: $name, $(elapsed "$since") (total $(elapsed))"
}

# have "what is there already": a step that needs nothing done
have() { say "    have: $*"; }
