#pragma once

#include <vector>

#include "socle/workload/layout.hpp"

namespace socle::workload {

/// How many layers each chunk of the pipeline holds, in the order of the chain: position p = chunk * pp + stage.
/// Uneven counts leave the last position one short first (it has the LM head), then the first (it has the embedding),
/// then later positions before earlier ones: what the frameworks do when they count embedding and loss as layers. Each
/// multi-token-prediction module lightens the last position by two more layers, itself and its own head: Megatron
/// Bridge lays DeepSeek-V3 over 16 chunks as 15 of four layers and one of a layer, the module and the loss. Requires:
/// layers >= 1, positions >= 1, modules >= 0. Positions may be empty only when there are fewer layers than positions.
std::vector<int> split_layers(int layers, int positions, int modules = 0);

}  // namespace socle::workload
