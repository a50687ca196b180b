#!/bin/bash
# The matchers side by side: ours, a compiled greedy and HiGHS on the same instances in one run, with time, memory, bound, gap
# and fairness. bench/matching.py says what the environment changes. With everything as it stands it takes more than an hour;
# SIZES="500 5000" SEEDS="1" a few minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
venv=$target/venv-bench
if ! cmp -s bench/requirements.txt "$venv/requirements.txt"; then
  echo "Installing HiGHS from PyPI into $venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r bench/requirements.txt
  cp bench/requirements.txt "$venv/requirements.txt"
fi
# EXAMPLES names a folder in which they are already built.
[ -n "${EXAMPLES:-}" ] || cargo build --locked --release -p freerange-allocate --example generate --example matching
export EXAMPLES=${EXAMPLES:-$target/release/examples} RESULTS=${RESULTS:-$target/bench-matching.jsonl}
rm -f "$RESULTS"
exec "$venv/bin/python" bench/matching.py
