// Any bytes either read as tables of usable rows, or give an InputError.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/comm/nccl_log.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto runs = socle::comm::parse_nccl_log({reinterpret_cast<const char*>(data), size}, "fuzz.log");
    if (runs.empty()) __builtin_trap();
    for (const auto& run : runs) {
      if (run.points.empty() || run.nodes > run.ranks) __builtin_trap();
      for (const auto& point : run.points) {
        if (!(point.buffer.value() > 0) || !(point.time.value() > 0) || !std::isfinite(point.bus_gb_s))
          __builtin_trap();
      }
    }
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
