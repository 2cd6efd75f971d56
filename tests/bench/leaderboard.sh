#!/bin/sh
# The cost of a leaderboard's uncertainty, ours and numpy's in one run.
#
#   PYTHON=python3 tests/bench/leaderboard.sh
#
# PYTHON names an interpreter with numpy.
set -eu
cd "$(dirname "$0")/../.."
"${PYTHON:-python3}" tests/bench/leaderboard.py
cargo bench --quiet -p heldout-ranking --bench leaderboard
