#!/bin/sh
# What evaluating costs at full size, against only parsing the same files, 999 replicates of the evidence and other
# programs, in one run.
#
#   tests/bench/evaluators.sh [GOLDEN...]      every family of evaluators/golden.toml by default ("ego4d/nlq")
#
# The generators of the files lie outside of the repository, below HELDOUT_SHARED (default ../shared), and need Python
# 3.11 or later with numpy: PYTHON names the interpreter. Other programs are measured where it has them (pycocotools,
# hotcoco, jiwer, sacrebleu, scikit-learn, pytrec_eval, trackeval).
set -eu
cd "$(dirname "$0")/../.."
shared="$(realpath "${HELDOUT_SHARED:-../shared}")"
python="${PYTHON:-python3}"
if [ ! -d "$shared/oracle" ] || ! "$python" -c 'import numpy, tomllib' 2>/dev/null; then
    echo "SKIPPED: wants $shared/oracle, and numpy in $python (PYTHON names another interpreter)" >&2
    exit 0
fi
cargo build --quiet --release -p heldout-registry --examples
exec "$python" tests/bench/evaluators.py "$shared/oracle" "${CARGO_TARGET_DIR:-target}/release/examples" "$@"
