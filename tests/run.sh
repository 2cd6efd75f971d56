#!/usr/bin/env bash
# Runs every check and every test of this repository, on SQLite and on PostgreSQL.
#
# What is missing is installed from Debian's packages, as root or with sudo; otherwise it is named and nothing runs.
# A test that needs a real part does not skip here: HELDOUT_REQUIRE_POSTGRES makes its absence a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# --- What the tests need ---

packages=()

# need CHECK PACKAGE...: adds the packages unless the check succeeds.
need() {
    local check=$1
    shift
    $check >/dev/null 2>&1 || packages+=("$@")
}

# The folder of the newest PostgreSQL server's programs.
postgres_programs() {
    local folder
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) $(tr ':' ' ' <<<"$PATH"); do
        if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && [ -x "$folder/pg_isready" ]; then
            echo "$folder"
            return
        fi
    done
    return 1
}

install_what_is_missing() {
    need "command -v cc" gcc libc6-dev
    need "command -v make" make
    need "command -v perl" perl
    need "command -v git" git
    need "command -v setpriv" util-linux
    need "command -v bwrap" bubblewrap
    # Root only keeps images, and the tests of them say what they skip.
    need "command -v podman" podman
    need postgres_programs postgresql
    need "python3 -m ensurepip --version" python3 python3-venv
    # Programs in the sandbox run the system's own, because another one may lie where their users cannot go.
    need "/usr/bin/python3 -m ensurepip --version" python3 python3-venv
    need "command -v promtool" prometheus

    command -v cargo >/dev/null || {
        echo "cargo is missing: install a Rust toolchain (https://rustup.rs); Debian's is too old" >&2
        exit 1
    }
    [ ${#packages[@]} -gt 0 ] || return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo -n)
        "${as_root[@]}" true 2>/dev/null || {
            echo "missing Debian packages: ${packages[*]}" >&2
            echo "install them (apt-get install ${packages[*]}) and run this again" >&2
            exit 1
        }
    fi
    echo "== installing ${packages[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${packages[@]}"
}

# --- A private PostgreSQL, gone when this shell is gone ---

start_postgres() {
    export HELDOUT_REQUIRE_POSTGRES=1
    [ -z "${HELDOUT_TEST_POSTGRES:-}" ] || return 0
    local as_user=() line home
    if [ "$(id -u)" -eq 0 ]; then
        as_user=(setpriv --reuid=postgres --regid=postgres --clear-groups --)
    fi
    # Given as text: the server's user may not be allowed to read this folder.
    coproc KEEPER {
        exec "${as_user[@]}" sh -c "$(cat tests/support/postgres-keeper.sh)" postgres-keeper "$(postgres_programs)"
    }
    read -r line <&"${KEEPER[0]}"
    home=${line#ready: }
    if [ "$home" = "$line" ]; then
        echo "PostgreSQL did not start: $line" >&2
        exit 1
    fi
    export HELDOUT_TEST_POSTGRES="postgres://postgres@${home//\//%2F}/postgres"
}

# --- Python programs that judge us from outside, in an environment of their own ---

make_python() {
    local home=${CARGO_TARGET_DIR:-target}/test-python
    export HELDOUT_REQUIRE_PYTHON=1
    if ! cmp -s tests/python.txt "$home/installed.txt"; then
        rm -rf "$home"
        python3 -m venv "$home"
        "$home/bin/pip" install --quiet --disable-pip-version-check --requirement tests/python.txt
        cp tests/python.txt "$home/installed.txt"
    fi
    HELDOUT_TEST_PYTHON=$(realpath --no-symlinks "$home/bin/python")
    export HELDOUT_TEST_PYTHON
}

# The client of EvalAI, whose dependencies are too old to live with the judges.
make_evalai() {
    local home=${CARGO_TARGET_DIR:-target}/test-evalai
    export HELDOUT_REQUIRE_EVALAI=1
    if ! cmp -s tests/evalai.txt "$home/installed.txt"; then
        rm -rf "$home"
        python3 -m venv "$home"
        "$home/bin/pip" install --quiet --disable-pip-version-check --no-deps "$(grep ^evalai== tests/evalai.txt)"
        # What the client pins and does not get is said by pip as an error, and is none.
        grep -v -e ^evalai== -e '^#' tests/evalai.txt |
            "$home/bin/pip" install --quiet --disable-pip-version-check --requirement /dev/stdin
        cp tests/evalai.txt "$home/installed.txt"
    fi
    HELDOUT_TEST_EVALAI=$(realpath --no-symlinks "$home/bin/python")
    export HELDOUT_TEST_EVALAI
}

# --- The steps ---

step=setup
trap 'status=$?; [ $status -eq 0 ] || echo "== FAILED: $step (exit $status)" >&2' EXIT

run() {
    step=$1
    shift
    local began=$SECONDS
    echo "== $step: $*"
    "$@"
    echo "== $step: ok, $((SECONDS - began)) s"
}

test_workspace() {
    local log status=0
    log=$(mktemp)
    cargo test --workspace --locked --no-fail-fast 2>&1 | tee "$log" || status=$?
    echo "== tests by outcome:"
    grep -E '^test result:' "$log" |
        awk '{ passed += $4; failed += $6; ignored += $8 } END { print passed + 0, "passed,", failed + 0, "failed,", ignored + 0, "ignored" }'
    grep -E '^SKIPPED: ' "$log" | sort -u || true
    rm -f "$log"
    return "$status"
}

install_what_is_missing
[ "$(id -u)" -ne 0 ] || export HELDOUT_REQUIRE_ENGINE=1
start_postgres
step=python
make_python
make_evalai
export HELDOUT_REQUIRE_PROMETHEUS=1
run format cargo fmt --all --check
# The fuzzers are a workspace of their own, which nothing else here would miss.
run fuzzers cargo metadata --manifest-path fuzz/Cargo.toml --locked --quiet --format-version 1 >/dev/null
run lint cargo clippy --workspace --all-targets --locked -- -D warnings
run docs env RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet
run tests test_workspace
step=done
echo "== everything passed in $SECONDS s"
