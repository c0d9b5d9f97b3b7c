#pragma once

#include <array>

#include "socle/base/quantity.hpp"
#include "socle/graph/op.hpp"
#include "socle/machine/machine.hpp"
#include "socle/model/precision.hpp"
#include "socle/workload/layout.hpp"

namespace socle::train {

/// Where time goes inside one microbatch of one stage.
enum class Part {
  kGemm,         ///< dense matrix products
  kExpertGemm,   ///< grouped matrix products of routed experts
  kAttention,    ///< fused attention cores and linear scans
  kElementwise,  ///< memory-bound operations
  kTensorComm,   ///< exposed tensor-parallel communication
  kContextComm,  ///< exposed key-value exchange
  kExpertComm,   ///< exposed expert all-to-all
  kDataComm,     ///< exposed gathering of sharded weights and scattering of gradients, per microbatch
  kHost,         ///< the device waits for kernel launches or for the link to host memory
};
inline constexpr int kParts = 9;

/// Times by part.
struct PartTimes {
  std::array<Seconds, kParts> part{};

  Seconds& operator[](Part p) { return part[static_cast<std::size_t>(p)]; }
  Seconds operator[](Part p) const { return part[static_cast<std::size_t>(p)]; }
  Seconds total() const {
    Seconds sum{};
    for (const Seconds time : part) sum += time;
    return sum;
  }
  PartTimes& operator+=(const PartTimes& other) { return add_scaled(other, 1.0); }
  PartTimes& add_scaled(const PartTimes& other, double factor) {
    for (std::size_t i = 0; i < part.size(); ++i) part[i] += other.part[i] * factor;
    return *this;
  }
};

/// What recomputing a part of a layer costs and spares.
struct RecomputeCost {
  PartTimes time;
  Bytes dropped{};  ///< activations that are not kept
  Flops flops{};    ///< matrix products and cores that run again
};

/// Cost of one layer (or embedding, or head) for one microbatch on one rank.
struct LayerCost {
  PartTimes forward;
  PartTimes backward;  ///< data and weight gradients, without recompute
  PartTimes weight;    ///< the part of `backward` that is weight gradient
  PartTimes recompute_selective;
  PartTimes recompute_full;
  Flops linear_forward{};     ///< matrix products with weights
  Flops linear_backward{};    ///< 2x forward, 1x where the weight is frozen
  Flops core_executed{};      ///< attention core and scan, as the kernels run them: forward
  Flops core_causal{};        ///< attention core with the causal half counted: forward
  Flops core_full{};          ///< attention core over the full square: forward
  Seconds forward_at_peak{};  ///< those FLOPs at the datasheet peak of the format they run in
  Seconds backward_at_peak{};
  Bytes saved{};                                                     ///< activations kept when nothing is recomputed
  Bytes saved_selective{};                                           ///< when the selective recipe is on
  std::array<RecomputeCost, workload::kRecomputeModules> modules{};  ///< of each module by itself
  RecomputeCost by_operation;  ///< of the policy by operator; `dropped` counts without the layer's input, which is kept
  Bytes dequantised{};         ///< largest weight of a quantised base in 16 bits
  Seconds measured{};          ///< device time that rests on measured tables, of forward + backward
};

/// Costs every operation of a layer on a machine. Pure: same input, same output.
LayerCost layer_cost(const graph::LayerGraph& graph, const machine::Machine& machine, model::Recipe recipe,
                     const workload::Layout& layout);

}  // namespace socle::train
