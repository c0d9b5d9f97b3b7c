#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "socle/workload/layout.hpp"

namespace socle::search {

/// Sets of modules, the empty one for no recompute, with which layouts fit that differ in nothing else: one list for
/// each place, that is each sharding with its switches. To recompute more modules than a set that fits only takes
/// longer.
class FittingSets {
 public:
  explicit FittingSets(std::size_t places) : sets_(places) {}

  /// Does a smaller set fit at this place?
  bool needless(std::size_t place, const workload::Layout& layout) const {
    if (layout.recompute_modules.empty()) return false;
    return std::any_of(sets_[place].begin(), sets_[place].end(),
                       [&](workload::ModuleSet set) { return layout.recompute_modules.holds(set); });
  }

  void fits(std::size_t place, const workload::Layout& layout) {
    if (layout.recompute == workload::Recompute::kNone || !layout.recompute_modules.empty())
      sets_[place].push_back(layout.recompute_modules);
  }

 private:
  std::vector<std::vector<workload::ModuleSet>> sets_;
};

}  // namespace socle::search
