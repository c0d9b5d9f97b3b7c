// Any bytes either parse into rows as long as the header, or give an InputError.
#include <cstdint>
#include <string_view>

#include "socle/base/csv.hpp"
#include "socle/base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto table = socle::parse_csv({reinterpret_cast<const char*>(data), size}, "fuzz.csv");
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (table.row(row).size() != table.columns().size()) __builtin_trap();
    }
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
