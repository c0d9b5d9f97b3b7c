#!/bin/sh
# The same fabrics and messages on Socle and on SimGrid, one process each: simulated time, CPU time, peak memory.
# Usage: bench/compare_simgrid.sh [BUILD] [SECONDS]. SECONDS (default 120) is what each run of SimGrid may take.
# Needs SimGrid (Debian: libsimgrid-dev) when BUILD was configured.
set -e
build=${1:-build}
limit=${2:-120}
cmake --build "$build" --target bench_network_bench simgrid_driver >/dev/null || { echo "no SimGrid here; install it, run cmake again" >&2; exit 1; }

socle() {  # benchmark -> simulated_ms,cpu_s,peak_mb
  "$build/bench_network_bench" --benchmark_filter="^$1\$" --benchmark_format=json 2>/dev/null | python3 -c '
import json, sys
run = json.load(sys.stdin)["benchmarks"][0]
print("%.6f,%.4f,%.0f" % (run["simulated_ms"], run["cpu_time"] / 1e3, run["peak_mb"]))'
}
simgrid() {
  timeout "$limit" "$build/simgrid_driver" "$@" 2>/dev/null | cut -d, -f1,5- || true
}

printf '%-18s | %12s %9s %6s | %12s %9s %6s | %s\n' workload 'Socle ms' 'CPU s' MB 'SimGrid ms' 'CPU s' MB version
compare() {  # name, benchmark, arguments of the driver
  name=$1; ours=$(socle "$2"); shift 2
  theirs=$(simgrid "$@")
  [ -n "$theirs" ] || theirs="?,not finished,>$limit,-"
  echo "$name,$ours,$theirs" | awk -F, '{ printf "%-18s | %12s %9s %6s | %12s %9s %6s | %s\n", $1, $2, $3, $4, $6, $7, $8, $5 }'
}
compare 'permutation 128' network_permutation/128_no_latency permutation 128 0
compare 'permutation 1024' network_permutation/1024_no_latency permutation 1024 0
compare 'all-to-all 128' network_all_to_all/128_no_latency all-to-all 128 0
compare 'ring 128' network_ring/128_no_latency ring 128 0
compare 'ring 1024' network_ring/1024_no_latency ring 1024 0
compare 'all-to-all 1024' network_all_to_all/1024_no_latency all-to-all 1024 0
