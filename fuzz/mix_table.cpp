// Any bytes either read as a table of buckets and kinds that a search can take, or give an InputError.
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/setup/mix_table.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto table = socle::setup::read_mix_table({reinterpret_cast<const char*>(data), size}, "mix.csv");
    const auto mix = socle::search::cheapest_mix(table.question, 1'000);
    if (mix && mix->bound > mix->price * (1 + 1e-9) + 1e-6) __builtin_trap();
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
