#pragma once

#include <vector>

#include "socle/model/transformer.hpp"

namespace socle::graph {

/// A matrix of a layer that has a low-rank adapter, on one of `tensor` ranks: y += B (A x), with A of slices x rank x
/// in and B of rank x out.
struct AdaptedMatrix {
  double in = 0, out = 0;
  double slices = 1;  ///< matrices that the engine has put together (query, key, value; gate, up): each has an A
  double elements(double rank) const { return rank * (slices * in + out); }
};

/// Projections of the mixer, and of a dense feed-forward block unless `attention_only`. Routed and shared experts,
/// routers, sparse indexers and MLA's expansion of keys and values have none (assumption: what adapters of such models
/// train). Matrices that are cut by columns have A whole on each rank, those cut by rows B. Source:
/// vllm-project/vllm vllm/lora/layers/column_parallel_linear.py, row_parallel_linear.py (fully_sharded_loras off).
std::vector<AdaptedMatrix> adapted_matrices(const model::Transformer& model, const model::Layer& layer, double tensor,
                                            bool attention_only);

}  // namespace socle::graph
