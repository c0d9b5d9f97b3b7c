#pragma once

#include <vector>

#include "socle/scenario/key.hpp"
#include "socle/workload/partial_layout.hpp"

namespace socle::scenario {

/// [layout]: the layout as far as it is given; what is left out is searched.
std::vector<Key<workload::PartialLayout>> layout_keys();

}  // namespace socle::scenario
