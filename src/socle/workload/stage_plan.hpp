#pragma once

#include <vector>

#include "socle/workload/layout.hpp"

namespace socle::workload {

/// How many layers each chunk of the pipeline holds, in the order of the chain: position p = chunk * pp + stage.
/// Uneven counts leave the last position one short first (it has the LM head), then the first (it has the embedding),
/// then later positions before earlier ones: what the frameworks do when they count embedding and loss as layers.
/// Requires: layers >= 1, positions >= 1. Positions may be empty only when there are fewer layers than positions.
std::vector<int> split_layers(int layers, int positions);

}  // namespace socle::workload
