#include "socle/api/scenario.hpp"

#include <fmt/format.h>

namespace socle::api {

const std::vector<std::string>& precision_names() {
  static const std::vector<std::string> names{"fp32", "bf16", "fp16", "fp8", "fp8-block", "mxfp8", "nvfp4", "int8"};
  return names;
}

Parsed<Money> parse_rent(std::string_view text) {
  constexpr std::string_view kUnit = "/chip-hour";
  if (!text.ends_with(kUnit)) {
    return {std::nullopt, fmt::format("\"{}\" is no rent; write an amount such as \"2.1 USD/chip-hour\"", text.substr(0, 40))};
  }
  Parsed<Money> amount = parse_unit_text<Money>(text.substr(0, text.size() - kUnit.size()));
  if (!amount.value) amount.problem += "/chip-hour";
  return amount;
}

}  // namespace socle::api
