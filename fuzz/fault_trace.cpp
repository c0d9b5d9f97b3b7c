// Any bytes either read as faults in order that do not overlap, or give an InputError.
#include <cmath>
#include <cstdint>
#include <vector>

#include "socle/base/error.hpp"
#include "socle/reliability/trace_statistics.hpp"
#include "socle/workload/fault_trace.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace socle;
  try {
    const auto trace = workload::parse_fault_trace({reinterpret_cast<const char*>(data), size}, "fuzz.csv");
    if (trace.faults.empty()) __builtin_trap();
    std::vector<Seconds> up(trace.nodes.size());
    Seconds before;
    for (const workload::Fault& fault : trace.faults) {
      if (fault.node >= trace.nodes.size() || fault.kind >= trace.kinds.size()) __builtin_trap();
      if (!(fault.up > fault.down) || fault.down < before || fault.up > trace.length) __builtin_trap();
      if (fault.down < up[fault.node]) __builtin_trap();
      up[fault.node] = fault.up;
      before = fault.down;
    }
    const auto found = reliability::trace_statistics(trace, static_cast<std::int64_t>(trace.nodes.size()));
    if (!std::isfinite(found.unavailability) || !(found.unavailability > 0)) __builtin_trap();
  } catch (const InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
