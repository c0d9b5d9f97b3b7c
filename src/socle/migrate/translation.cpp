#include "socle/migrate/translation.hpp"

#include <array>

namespace socle::migrate {

const char* change_key(Change change) {
  static constexpr std::array<const char*, 11> kKeys{"same",
                                                     "renamed",
                                                     "value_changed",
                                                     "merged",
                                                     "split",
                                                     "added",
                                                     "dropped_harmless",
                                                     "dropped_performance",
                                                     "dropped_correctness",
                                                     "no_equivalent",
                                                     "unknown"};
  return kKeys[static_cast<std::size_t>(change)];
}

}  // namespace socle::migrate
