#include "socle/memory/footprint.hpp"

#include <algorithm>

namespace socle::memory {

using workload::Sharding;

StageMemory state_memory(const StageParameters& parameters, const StateBytes& bytes, const workload::Layout& layout) {
  const double ranks = static_cast<double>(layout.data_parallel) * layout.context_parallel;
  const double dense_shards = layout.shard_size > 0 ? std::min<double>(layout.shard_size, ranks) : ranks;
  const double expert_ranks =
      ranks * layout.tensor_parallel / (static_cast<double>(layout.expert_parallel) * layout.expert_tensor_parallel);
  const double expert_shards = std::max(1.0, std::min(dense_shards, expert_ranks));
  const auto divided = [&](bool sharded) {
    return Bytes{sharded ? parameters.dense / dense_shards + parameters.experts / expert_shards
                         : parameters.dense + parameters.experts};
  };
  const double trained = parameters.trained_share;
  // What embedding and head take beyond the format of the layers; nothing where they have the same.
  const double ends = bytes.ends < 0 ? 0.0 : parameters.ends * (bytes.ends - bytes.weight);
  const Sharding sharding = layout.sharding;
  StageMemory memory;
  memory.weights = divided(sharding == Sharding::kZero3) * bytes.weight;
  if (ends != 0) memory.weights += Bytes{sharding == Sharding::kZero3 ? ends / dense_shards : ends};
  if (layout.offload_weights && sharding != Sharding::kZero3) {
    // Two layers at once: one works, the next streams in. Under ZeRO-3 the gathered layers below are those.
    memory.weights =
        Bytes{std::min(parameters.dense + parameters.experts, 2 * parameters.largest_layer) * bytes.weight};
  } else if (layout.offload_weights) {
    memory.weights = Bytes{};
  }
  const bool accumulates = sharding == Sharding::kZero3 && (layout.defer_grad_reduce || layout.gathers_once_a_step());
  memory.gradients = divided(sharding >= Sharding::kZero2 && !accumulates) * (bytes.gradient * trained);
  memory.optimizer =
      layout.offload_optimizer ? Bytes{} : divided(sharding >= Sharding::kZero1) * (bytes.optimizer * trained);
  if (sharding == Sharding::kZero3) {
    // Two layers gathered at once (prefetch), or the rest of all of them until the backward pass, and the unsharded
    // gradient of one before reduction.
    const Bytes rest = (divided(false) - divided(true)) * bytes.weight;
    memory.buffers += (layout.reshard_after_forward ? Bytes{2 * parameters.largest_layer * bytes.weight} : rest) +
                      Bytes{parameters.largest_layer * bytes.weight * trained};
  }
  return memory;
}

}  // namespace socle::memory
