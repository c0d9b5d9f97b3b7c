// Any bytes either parse and read back the same after writing, or give an InputError.
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const socle::Json json = socle::parse_json({reinterpret_cast<const char*>(data), size}, "fuzz.json");
    const std::string text = json.dump();
    if (socle::parse_json(text, "again.json").dump() != text) __builtin_trap();
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
