#!/bin/sh
# Compares evaluators with an independent statement of the metrics on fresh random cases.
#
#   evaluators/differential.sh [CASES [TASK...]]      100 cases of every task of differential.py by default
#
# The generator and the statement of the metrics lie outside of the repository, below HELDOUT_SHARED (default
# ../shared), and need Python with numpy: PYTHON names the interpreter.
set -eu
cd "$(dirname "$0")/.."
shared="$(realpath "${HELDOUT_SHARED:-../shared}")"
python="${PYTHON:-python3}"
if [ ! -d "$shared/oracle/ego4d" ] || ! "$python" -c 'import numpy' 2>/dev/null; then
    echo "SKIPPED: wants $shared/oracle/ego4d and numpy in $python (PYTHON names another interpreter)" >&2
    exit 0
fi
cargo build --quiet -p heldout-registry --example evaluate
exec "$python" evaluators/differential.py "$shared/oracle/ego4d" \
    "${CARGO_TARGET_DIR:-target}/debug/examples/evaluate" "$@"
