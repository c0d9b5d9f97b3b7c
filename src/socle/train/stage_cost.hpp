#pragma once

#include <vector>

#include "socle/memory/footprint.hpp"
#include "socle/train/cost_set.hpp"
#include "socle/train/pipeline.hpp"

namespace socle::train {

/// One chunk of one stage for one microbatch.
struct ChunkCost {
  PartTimes forward;
  PartTimes backward;   ///< recompute included
  PartTimes recompute;  ///< the part of `backward` that recompute adds
  Seconds weight{};     ///< the part of `backward` that is weight gradient
  Bytes held{};         ///< activations kept per microbatch in flight
  Seconds at_peak{};    ///< FLOPs at datasheet peak, recompute excluded
  Seconds measured{};   ///< device time that rests on measured tables
};

/// All chunks and what one rank of each stage stores. Chunks that hold the same layers and no end of the chain cost the
/// same and are kept once; whole stages often repeat the one before.
struct StageCosts {
  int chunks = 1;
  std::vector<ChunkCost> kinds;                     ///< chunks that differ
  std::vector<int> kind_of_chunk;                   ///< [stage * chunks + chunk], index of `kinds`
  std::vector<unsigned char> repeated;              ///< by stage: 1 where it holds the same chunks as the one before
  std::vector<memory::StageParameters> parameters;  ///< by stage
  std::vector<Bytes> working;                       ///< by stage: largest transient beside held activations
  std::vector<Flops>
      orthogonalised;  ///< by stage: work of one rank on orthogonal updates; empty: the optimizer has none

  const ChunkCost& at(int stage, int c) const {
    return kinds[static_cast<std::size_t>(kind_of_chunk[static_cast<std::size_t>(stage * chunks + c)])];
  }
  /// How many chunks of the stage, from c on, are alike.
  int run_from(int stage, int c) const {
    const int* kind = &kind_of_chunk[static_cast<std::size_t>(stage * chunks)];
    int end = c + 1;
    while (end < chunks && kind[end] == kind[c]) ++end;
    return end - c;
  }
  /// Does the stage hold the same chunks as the one before?
  bool repeats(int stage) const { return repeated[static_cast<std::size_t>(stage)] != 0; }
};

/// Spreads the layers over the pipeline and sums their costs, with recompute and, under ZeRO-3, the exposed gathering
/// of weights and scattering of gradients of every layer.
StageCosts stage_costs(const model::Transformer& model, const workload::TrainingJob& job,
                       const workload::Layout& layout, const machine::Machine& machine, const CostSet& costs);

/// Footprint of the ranks that share one copy of the dense weights, and of those that share one copy of the experts.
comm::Footprint data_footprint(const workload::Layout& layout, int domain);
comm::Footprint expert_data_footprint(const workload::Layout& layout, int domain);

}  // namespace socle::train
