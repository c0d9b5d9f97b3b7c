#include "socle/comm/algorithms/algorithms.hpp"

namespace socle::comm {

const std::vector<AlgorithmEntry>& algorithms() {
  static const std::vector<AlgorithmEntry> entries = {
#define SOCLE_COLLECTIVE(function, name, help) {name, help, &function},
#include "socle/comm/algorithms.def"
#undef SOCLE_COLLECTIVE
  };
  return entries;
}

}  // namespace socle::comm
