#!/usr/bin/env bash
# Start-up time of the command line over 20 runs and, where GNU time is there, wall time and peak memory of a search.
# Usage: tools/measure_cli.sh [SOCLE]   (default: build/socle)
set -eu
socle=$(realpath "${1:-build/socle}")
runs=20
if [ ! -x "$socle" ]; then
  echo "$socle is not built; run make build" >&2
  exit 2
fi
cd "$(dirname "$0")/.."
example=examples/llama-3.1-405b-search.toml

measure() {  # what, command ...
  local what=$1 TIMEFORMAT=%R total
  shift
  total=$( { time for _ in $(seq "$runs"); do "$@" >/dev/null; done; } 2>&1 )
  awk -v what="$what" -v total="$total" -v runs="$runs" 'BEGIN { printf "%-34s %7.1f ms a run (%d runs)\n", what, 1000 * total / runs, runs }'
}

measure "socle --version" "$socle" --version
measure "socle catalog chips" "$socle" catalog chips
measure "socle train, layout searched" "$socle" train "$example"
if [ -x /usr/bin/time ]; then
  /usr/bin/time -v "$socle" train "$example" 2>&1 >/dev/null |
    awk -F': ' '/Maximum resident/ { printf "%-34s %7.1f MB\n", "peak memory of that search", $2 / 1024 }'
fi
