#!/usr/bin/env bash
# Fuzzes one parser of uploads with libFuzzer on the stable toolchain.
#
#     fuzz/run.sh                     lists the targets
#     fuzz/run.sh TARGET              fuzzes until it is stopped or something is found
#     fuzz/run.sh TARGET 60           ... for 60 seconds
#     fuzz/run.sh TARGET -runs=1000   ... with any options of libFuzzer
#     fuzz/run.sh TARGET FILE         runs one input, for instance one that failed
#
# FUZZ_BINARY names a fuzzer that is built already.
set -euo pipefail
input=
[ ! -f "${2:-}" ] || input=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")"

binary=${FUZZ_BINARY:-}
if [ -z "$binary" ]; then
    host=$(rustc -vV | sed -n 's/^host: //p')
    folder=${CARGO_TARGET_DIR:-$PWD/target}
    binary=$folder/$host/release/fuzz
    # The instrumentation that libFuzzer follows, which needs no nightly compiler.
    RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Clink-dead-code -Ccodegen-units=1" \
        cargo build --release --locked --target "$host" --target-dir "$folder"
fi

if [ $# -eq 0 ]; then
    ls corpus
    exit
fi
target=$1
shift
[ -d "corpus/$target" ] || {
    echo "there is no target $target; without arguments the targets are listed" >&2
    exit 2
}
mkdir -p "found/$target" "artifacts/$target"

options=("$@")
inputs=("found/$target" "corpus/$target")
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
    options=("-max_total_time=$1" "${@:2}")
elif [ -n "$input" ]; then
    options=()
    inputs=("$input")
fi
HELDOUT_FUZZ_TARGET=$target exec "$binary" \
    -max_len=4096 -timeout=10 -rss_limit_mb=2048 -artifact_prefix="artifacts/$target/" "${options[@]}" "${inputs[@]}"
