#!/bin/sh
# What a program of organizers costs in the sandbox and in the whole server, beside the same program run bare.
#
#   tests/bench/programs.sh
#
# PYTHON names the interpreter of the bare runs; the server finds its own.
set -eu
cd "$(dirname "$0")/../.."
cargo build --quiet --release
HELDOUT="$PWD/target/release/heldout" "${PYTHON:-python3}" tests/bench/programs.py
cargo bench --quiet -p heldout-sandbox --bench overhead
