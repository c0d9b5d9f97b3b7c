// Any bytes either read as messages between endpoints that exist, or give an InputError.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/comm/traffic_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto named = [](std::string_view name) -> std::optional<std::uint32_t> {
    if (name == "host-a") return 3;
    return std::nullopt;
  };
  try {
    const auto transfers =
        socle::comm::parse_traffic_csv({reinterpret_cast<const char*>(data), size}, "fuzz.csv", 16, named);
    if (transfers.empty()) __builtin_trap();
    for (const auto& transfer : transfers) {
      if (transfer.from >= 16 || transfer.to >= 16 || transfer.from == transfer.to) __builtin_trap();
      if (!(transfer.bytes.value() > 0) || !std::isfinite(transfer.bytes.value())) __builtin_trap();
    }
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
