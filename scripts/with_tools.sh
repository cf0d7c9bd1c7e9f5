#!/usr/bin/env bash
# Runs a command with our tools on PATH.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/tool_versions.sh"
exec "$@"
