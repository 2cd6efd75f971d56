#!/usr/bin/env bash
# Fuzzes one target after another, and stops at the first that finds something.
#
#     fuzz/campaign.sh 600                    each parser for ten minutes (parsers.txt)
#     fuzz/campaign.sh 60 bundle evidence     these targets for a minute each
#     fuzz/campaign.sh --seconds              how long every target has run so far
#
# A target that shares its reader with another is not in parsers.txt; `run.sh` lists all targets.
# What libFuzzer says goes to found/TARGET.log, one line per run to found/campaign.log.
# FUZZ_BINARY names a fuzzer that is built already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p found
log=found/campaign.log

if [ "${1:-}" = --seconds ]; then
    awk '{ seconds[$2] += $3; runs[$2] += $4 } END { for (target in seconds) print target, seconds[target], runs[target] }' \
        "$log" | sort | column -t -N target,seconds,inputs
    exit
fi
if ! [[ ${1:-} =~ ^[0-9]+$ ]]; then
    sed -n '2,/^set/{/^#/p}' campaign.sh >&2
    exit 2
fi
seconds=$1
shift
if [ $# -gt 0 ]; then
    targets=("$@")
else
    mapfile -t targets < <(sed 's/ *#.*//; /^$/d' parsers.txt)
fi

if [ -z "${FUZZ_BINARY:-}" ]; then
    ./run.sh >found/build.log
fi
for target in "${targets[@]}"; do
    said="found/$target.log"
    outcome=ok
    ./run.sh "$target" "$seconds" -print_final_stats=1 >"$said" 2>&1 || outcome=failed
    inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$said" | tail -n 1)
    echo "$(date -u +%FT%TZ) $target $seconds ${inputs:-0} $outcome" >>"$log"
    if [ "$outcome" = failed ]; then
        echo "$target failed after ${inputs:-0} inputs:" >&2
        grep -m 1 -E "panicked at|ERROR: libFuzzer" -A 2 "$said" >&2 || true
        sed -n 's/.*Test unit written to /fuzz\/run.sh '"$target"' fuzz\//p' "$said" >&2
        exit 1
    fi
    echo "$target: $seconds s, ${inputs:-0} inputs"
done
