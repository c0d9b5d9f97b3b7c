#pragma once

#include "socle/graph/rank_shape.hpp"

namespace socle::graph {

/// Appends the token mixer's operations and, with context parallel, its key-value exchange.
void add_mixer(const RankShape& r, const model::Mixer& mixer, LayerGraph& graph);

}  // namespace socle::graph
