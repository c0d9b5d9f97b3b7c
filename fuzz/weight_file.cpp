// Any bytes either tell counts that are finite and not negative, or give an InputError.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "socle/base/error.hpp"
#include "socle/model/weight_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const socle::model::WeightFile file =
        socle::model::read_weight_file(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz");
    for (const double figure : {file.tensors, file.elements, file.bytes}) {
      if (!std::isfinite(figure) || figure < 0) __builtin_trap();
    }
  } catch (const socle::InputError& error) {
    if (error.problems().empty()) __builtin_trap();
  }
  return 0;
}
