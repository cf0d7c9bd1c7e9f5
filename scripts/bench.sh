#!/usr/bin/env bash
# Measures the server and writes docs/benchmarks.md.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
fail "there is no benchmark yet"
