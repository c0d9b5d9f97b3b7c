#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/scenario/key.hpp"
#include "socle/scenario/named.hpp"
#include "socle/scenario/request_class.hpp"
#include "socle/workload/length_text.hpp"
#include "socle/workload/synthetic_traffic.hpp"

namespace socle::scenario {

/// A simulation keeps 16 bytes of each request.
inline constexpr std::int64_t kRequestsMax = 20'000'000;

/// [requests]: what is sent to a served model, and what it is held to.
struct RequestsSection {
  bool in_file = false;        ///< the scenario's file has the section
  std::set<std::string> said;  ///< keys that file or flags have
  Named trace;                 ///< file of a trace; empty = synthetic
  std::string trace_format;    ///< empty = recognised
  std::optional<bool> trace_sort, skip_empty;
  std::optional<double> rate;        ///< requests a second, of a synthetic load or a trace
  std::optional<double> rate_scale;  ///< times as fast as a trace was recorded
  std::optional<int> concurrency;
  std::optional<workload::ArrivalKind> arrivals;
  std::optional<double> burstiness;  ///< standard deviation of gaps / their mean
  std::vector<double> profile;       ///< relative rates over a day
  Named input, output, turns;        ///< length laws as text, or (but turns) files of lengths
  std::optional<std::int64_t> requests;
  std::optional<Seconds> duration, think;
  std::optional<std::uint32_t> seed;
  std::optional<Seconds> slo_ttft, slo_tpot, slo_e2e;
  std::optional<double> slo_percentile;
  std::vector<RequestClassSection> classes;
};

std::vector<Key<RequestsSection>> requests_keys();

}  // namespace socle::scenario
