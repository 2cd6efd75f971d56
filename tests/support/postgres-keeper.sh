# Keeps a private PostgreSQL server for tests: creates a cluster, serves it on a socket inside its own folder,
# says `ready: FOLDER` (or `failed: REASON`), and removes everything when its standard input ends,
# which the end of the process that started it does, however it ends.
#
# usage: sh postgres-keeper.sh FOLDER-OF-THE-SERVER-PROGRAMS      (not as root: PostgreSQL refuses that)
set -u
# The interrupt that ends a test run reaches this shell too; it must outlive the tests, or nobody cleans up.
trap '' INT TERM HUP
programs=$1
cd /
home=$(mktemp -d /tmp/heldout-postgres.XXXXXX) || { echo "failed: no folder for the cluster"; exit 1; }

give_up() {
    echo "failed: $1: $(tail -n 1 "$home/log")"
    rm -rf "$home"
    exit 1
}

"$programs/initdb" --pgdata="$home/data" --username=postgres --auth=trust --encoding=UTF8 --no-locale --no-sync \
    >"$home/log" 2>&1 </dev/null || give_up initdb

# Tests ask for correct answers, not for survival of a power cut: nothing is synced.
"$programs/postgres" -D "$home/data" -k "$home" -c listen_addresses= -c max_connections=300 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off >>"$home/log" 2>&1 </dev/null &
server=$!

tries=0
until "$programs/pg_isready" --quiet --host="$home" --username=postgres; do
    kill -0 "$server" 2>/dev/null || give_up "the server ended"
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ]; then
        kill -QUIT "$server"
        give_up "the server did not answer"
    fi
    sleep 0.05
done
echo "ready: $home"

read -r _
kill -QUIT "$server" 2>/dev/null
wait "$server"
rm -rf "$home"
