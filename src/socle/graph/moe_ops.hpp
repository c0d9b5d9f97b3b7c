#pragma once

#include "socle/graph/rank_shape.hpp"

namespace socle::graph {

/// Appends router, dispatch, grouped expert GEMMs and combine, with their all-to-alls. Experts are taken as balanced.
void add_experts(const RankShape& r, const model::FeedForward& ff, LayerGraph& graph);

}  // namespace socle::graph
