#pragma once

#include "socle/setup/mix_table.hpp"

namespace socle::answer {

/// What `socle serve mix` asks, and the cheapest mix of chips.
struct ChipMixResult {
  setup::MixTable table;
  Feasible<search::ChipMix> mix;
};

}  // namespace socle::answer
