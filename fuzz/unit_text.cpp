// Any text gives either a finite value that is not negative, or a sentence.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "socle/base/unit_text.hpp"

namespace {

template <typename T>
void check(std::string_view text, double (*number)(T)) {
  const socle::Parsed<T> parsed = socle::parse_unit_text<T>(text);
  if (parsed.value.has_value() != parsed.problem.empty()) __builtin_trap();
  if (parsed.value && !(std::isfinite(number(*parsed.value)) && number(*parsed.value) >= 0)) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check<socle::Bytes>(text, [](socle::Bytes v) { return v.value(); });
  check<socle::BytesPerSecond>(text, [](socle::BytesPerSecond v) { return v.value(); });
  check<socle::Seconds>(text, [](socle::Seconds v) { return v.value(); });
  check<socle::Watts>(text, [](socle::Watts v) { return v.value(); });
  check<socle::Tokens>(text, [](socle::Tokens v) { return v.value(); });
  check<socle::Money>(text, [](socle::Money v) { return v.amount; });
  check<double>(text, [](double v) { return v; });
  return 0;
}
