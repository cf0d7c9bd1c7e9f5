# Sourced by the other scripts: runs named steps, says how long each took, stops at the first failure.
# Not executable on its own.

started_at=$(date +%s)

# One line "SECONDS NAME" for each finished step; scripts called by a step write into the same file.
if [ -z "${STEP_TIMES:-}" ]; then
    STEP_TIMES=$(mktemp)
    export STEP_TIMES
    trap 'rm -f "$STEP_TIMES" "$STEP_TIMES".*' EXIT
fi

# duration SECONDS, as "12 s" or "3 min 05 s"
duration() {
    if [ "$1" -lt 60 ]; then echo "$1 s"; else printf '%d min %02d s\n' $(($1 / 60)) $(($1 % 60)); fi
}

# elapsed [SINCE]: the time since the script began
elapsed() { duration $(($(date +%s) - ${1:-$started_at})); }

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
    printf '%s %s\n' $(($(date +%s) - since)) "$name" >>"$STEP_TIMES"
}

# have "what is there already": a step that needs nothing done
have() { say "    have: $*"; }

# side_by_side NAME FUNCTION NAME FUNCTION: runs two functions at the same time, each line of output marked with its
# name. When one fails, the other is stopped, so that the error is the last thing on screen.
side_by_side() {
    local first second status
    # Job control gives each lane a process group of its own, which can be stopped as a whole.
    set -m
    lane "$1" "$2" &
    first=$!
    lane "$3" "$4" &
    second=$!
    set +m
    trap 'kill -- -$first -$second 2>/dev/null; exit 130' INT TERM
    set +e
    wait -n "$first" "$second"
    status=$?
    if [ "$status" -eq 0 ]; then
        wait "$first" && wait "$second"
        status=$?
    else
        kill -- -"$first" -"$second" 2>/dev/null
        wait 2>/dev/null
    fi
    set -e
    trap - INT TERM
    [ "$status" -eq 0 ] || exit "$status"
}

# lane NAME FUNCTION: the function's output with the name before each line; its exit code is the function's.
lane() {
    set -o pipefail
    (
        set -e
        "$2"
    ) 2>&1 | sed -u "s/^/[$1] /"
}

# The slowest steps first.
step_times() {
    say "Time of each step (those of two lanes run at the same time):"
    sort -rn "$STEP_TIMES" | while read -r seconds name; do
        printf '  %14s  %s\n' "$(duration "$seconds")" "$name"
    done
}
