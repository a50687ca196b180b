#!/bin/bash
# Pages over a demo city of 50,000 people, on SQLite and on PostgreSQL: median and 99th percentile, and the ratio of the
# median to GET /healthz (one trivial query) in the same run. Then `freerange import people` of a staff list of as many rows into an empty
# database, and again when nothing changed, against `sort` of the same file in the same run. Everything on this machine, over loopback. PEOPLE=, SECONDS_EACH=, CLIENTS= change it.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v wrk >/dev/null || { [ "$(id -u)" = 0 ] && apt-get install -y -qq wrk >/dev/null; }
people=${PEOPLE:-50000} each=${SECONDS_EACH:-8} clients=${CLIENTS:-16} profile=${PROFILE:-release}
program=${FREERANGE_BIN:-target/$profile/freerange}
[ -x "$program" ] || cargo build --locked --profile "$profile" -p freerange
work=$(mktemp -d /tmp/freerange-bench.XXXXXX)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT

measure() { # database label, extra arguments of demo
  local label=$1; shift
  local port=18111 base=http://127.0.0.1:18111
  local began; began=$(date +%s.%N)
  "$program" demo --data "$work/$label" --people "$people" --port $port --no-serve "$@" > "$work/$label.txt"
  echo "$label: made in $(echo "$(date +%s.%N) - $began" | bc) s"
  "$program" demo --data "$work/$label" --port $port "$@" > "$work/$label.txt" 2> "$work/$label.log" &
  local server=$!
  until curl -sf $base/healthz >/dev/null; do :; done
  local email password token baseline=
  read -r email password < <(sed -nE 's/^sign in as programme-lead: (\S+)  password (.*)$/\1 \2/p' "$work/$label.txt")
  token=$(curl -sf -H 'content-type: application/json' -d "{\"email\":\"$email\",\"password\":\"$password\"}" $base/api/v1/session | sed -E 's/.*"token":"([0-9a-f]+)".*/\1/')
  for path in /healthz /people "/people?q=han" /outings "/outings?q=form&access=step-free" /overview /challenges /; do
    wrk -t1 -c"$clients" -d"${each}s" --latency -H "Authorization: Bearer $token" "$base$path" > "$work/wrk.txt"
    local p50 p99 rate
    p50=$(awk '$1=="50%"{print $2}' "$work/wrk.txt"); p99=$(awk '$1=="99%"{print $2}' "$work/wrk.txt"); rate=$(awk '/Requests\/sec/{print $2}' "$work/wrk.txt")
    baseline=${baseline:-$rate}
    printf '%-9s %-32s p50 %-9s p99 %-9s %9s/s  %6.1f times the work of /healthz\n' "$label" "$path" "$p50" "$p99" "$rate" "$(echo "scale=2; $baseline / $rate" | bc)"
    grep -E 'Non-2xx' "$work/wrk.txt" || true
  done
  echo "$label: $(ps -o rss= -p $server | awk '{print int($1/1024)}') MiB resident"
  kill $server; wait $server 2>/dev/null || true
}

# A staff list in which everybody but the first has a manager above them, ten to each.
staff_list() {
  awk -v people="$people" 'BEGIN {
    print "id,name,email,team,manager_email,grade,languages,working_pattern"
    for (n = 1; n <= people; n++)
      printf "%d,Ann van den Berg %d,p%d@city.example,City/Department %d/Team %d,%s,%d,nl|en,Mon-Thu\n", \
        n, n, n, n % 23, n % 997, (n > 1 ? "p" int((n + 8) / 10) "@city.example" : ""), n % 15
  }'
}

seconds() { # command...
  local began; began=$(date +%s.%N)
  "$@" > "$work/out.txt"
  echo "$(date +%s.%N) - $began" | bc
}

times() { printf '%.1f' "$(echo "scale=3; $1 / $2" | bc)"; }

measure_import() { # database label, its address
  local label=$1 address=$2 first again sorted
  sorted=$(seconds sort "$work/staff.csv")
  first=$(seconds "$program" import people "$work/staff.csv" --database "$address")
  grep -q "^$people added" "$work/out.txt"
  again=$(seconds "$program" import people "$work/staff.csv" --database "$address")
  grep -q " $people unchanged" "$work/out.txt"
  printf '%-9s import people, %d rows: first %.2f s (%.0f rows/s, %s times sort of the file), again %.2f s (%s times sort); first is %s times again\n' \
    "$label" "$people" "$first" "$(echo "$people / $first" | bc)" "$(times "$first" "$sorted")" "$again" "$(times "$again" "$sorted")" "$(times "$first" "$again")"
}

staff_list > "$work/staff.csv"
if [ -z "${ONLY_POSTGRES:-}" ]; then
  measure sqlite
  measure_import sqlite "sqlite:$work/staff.sqlite"
fi
if [ -n "${FREERANGE_TEST_POSTGRES:-}" ]; then
  measure postgres --database "$FREERANGE_TEST_POSTGRES"
  psql -q "$FREERANGE_TEST_POSTGRES" -c 'CREATE DATABASE freerange_staff'
  measure_import postgres "${FREERANGE_TEST_POSTGRES%/*}/freerange_staff"
  psql -q "$FREERANGE_TEST_POSTGRES" -c 'DROP DATABASE freerange_staff'
else
  exec scripts/with-postgres env FREERANGE_BIN="$program" PEOPLE="$people" SECONDS_EACH="$each" CLIENTS="$clients" ONLY_POSTGRES=1 bench/pages.sh
fi
