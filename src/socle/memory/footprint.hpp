#pragma once

#include "socle/base/quantity.hpp"
#include "socle/workload/layout.hpp"

namespace socle::memory {

/// Parameters that one rank of a stage works on, before any data-parallel sharding.
struct StageParameters {
  double dense = 0;            ///< per tensor-parallel rank: attention, dense blocks, embedding, head
  double experts = 0;          ///< per expert-parallel rank
  double trained_share = 1.0;  ///< of both that gets gradients and optimizer states (LoRA: the adapters)
  double largest_layer = 0;    ///< parameters of the largest layer, gathered whole under ZeRO-3
  double ends = 0;             ///< of `dense`: embedding and head
};

/// Bytes per parameter of the training recipe.
struct StateBytes {
  double weight = 2;
  double gradient = 4;
  double optimizer = 12;
  double ends = -1;  ///< of a weight of embedding and head; below 0 = as `weight`
};

/// Memory of one rank of one stage at its peak.
struct StageMemory {
  Bytes weights{};
  Bytes gradients{};
  Bytes optimizer{};
  Bytes activations{};
  Bytes buffers{};  ///< gathered layers, logits, communication, workspaces, allocator
  Bytes total() const { return weights + gradients + optimizer + activations + buffers; }
};

/// Weights, gradients and optimizer states under the layout's sharding. Experts are sharded over their own
/// data-parallel group, tp * cp * dp / (ep * etp). Activations and buffers are left zero.
StageMemory state_memory(const StageParameters& parameters, const StateBytes& bytes, const workload::Layout& layout);

}  // namespace socle::memory
