#include "socle/model/hf_families/family.hpp"

namespace socle::model {
namespace {

constexpr HfFamily kFamilies[] = {
#define HF_FAMILY(function, names, help) {function, names, help},
#include "socle/model/hf_families/hf_families.def"
#undef HF_FAMILY
};

}  // namespace

std::span<const HfFamily> hf_families() { return kFamilies; }

bool one_of(std::string_view names, std::string_view name) {
  for (std::size_t at = 0; at < names.size();) {
    const std::size_t end = std::min(names.find(' ', at), names.size());
    if (names.substr(at, end - at) == name) return !name.empty();
    at = end + 1;
  }
  return false;
}

}  // namespace socle::model
