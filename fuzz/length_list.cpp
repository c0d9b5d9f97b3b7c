// Any bytes either read as lengths of prompts, with or without answers, or give an InputError.
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/workload/length_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto law = socle::workload::parse_length_law(text);
  if (law.value.has_value() == !law.problem.empty()) __builtin_trap();
  try {
    const auto list = socle::workload::read_length_list(text, "fuzz");
    if (list.input.empty() || (!list.output.empty() && list.output.size() != list.input.size())) __builtin_trap();
    for (const int length : list.input) {
      if (length < 1 || length > socle::workload::kLengthMax) __builtin_trap();
    }
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
