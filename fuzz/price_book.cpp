// Any bytes either read as a price book whose figures make sense or give an InputError.
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/setup/price_book.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    for (const auto& price : socle::setup::read_price_book({reinterpret_cast<const char*>(data), size}, "book.csv")) {
      const auto& facts = socle::catalog::facts_of(price.factor);
      if (!(price.value >= facts.least && price.value <= facts.most)) __builtin_trap();
      if (price.currency.has_value() != facts.money) __builtin_trap();
    }
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
