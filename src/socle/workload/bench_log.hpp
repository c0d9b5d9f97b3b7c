#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"

namespace socle::workload {

/// What a load generator reports of one run.
struct BenchPoint {
  std::string source;              ///< file, and the place in it where it holds several
  std::int64_t requests = 0;       ///< that were answered
  double input = 0, output = 0;    ///< tokens of a request, on average
  std::optional<int> concurrency;  ///< limit on requests at once
  std::optional<double> rate;      ///< requests a second; empty: as fast as the limit allows
  Seconds ttft{}, tpot{};          ///< means
};

/// Reads the results of `vllm bench serve` and `sglang.bench_serving`, as JSON, JSON lines or the text that they print,
/// and of GenAI-Perf and AIPerf (profile_export*.json). Throws InputError naming the file, the key that is missing and
/// the formats that are known.
std::vector<BenchPoint> read_bench_log(std::string_view text, const std::string& source);

}  // namespace socle::workload
