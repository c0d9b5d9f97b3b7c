// Any bytes either read as a launch command whose flags have values, or give an InputError.
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/setup/launch_reading.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const socle::catalog::Catalog catalog;
  try {
    const socle::setup::LaunchReading reading =
        socle::setup::read_launch(catalog, {reinterpret_cast<const char*>(data), size},
                                  {.source = "fuzz.sh", .question = socle::scenario::Question::kServe});
    if (reading.rows.empty()) __builtin_trap();
    for (const auto& [flag, value] : reading.flags) {
      if (!flag.starts_with("--") || value.empty()) __builtin_trap();
    }
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
