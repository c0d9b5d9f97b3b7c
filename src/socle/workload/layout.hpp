#pragma once

#include <array>

namespace socle::workload {

enum class Recompute {
  kNone,       ///< every activation is stored
  kSelective,  ///< what is cheap to compute and large to store is recomputed: the attention core
  kFull,       ///< only each layer's input is stored
};

enum class Sharding {
  kNone,   ///< every data-parallel rank holds weights, gradients and optimizer states
  kZero1,  ///< optimizer states are sharded (Megatron's distributed optimizer)
  kZero2,  ///< and gradients
  kZero3,  ///< and weights (FSDP full shard)
};

enum class Schedule { kGPipe, kOneFOneB, kInterleaved, kZbH1, kZbV, kVHalf, kVMin, kDualPipe };

/// Two chunks a stage, down the stages and back up: such a schedule has its own number of chunks.
inline bool is_vee(Schedule schedule) {
  return schedule == Schedule::kZbV || schedule == Schedule::kVHalf || schedule == Schedule::kVMin;
}

/// Which parallel axis varies fastest over neighbouring ranks: the order in which axes are placed on nodes.
enum class Axis { kTensor, kContext, kExpert, kData, kPipeline };

/// How one training job is laid over the chips. Text forms: tp sp pp vpp cp ep etp dp.
/// Requires: every size at least 1; ep * etp divides tp * cp * dp; shard_size divides dp * cp.
struct Layout {
  int tensor_parallel = 1;
  bool sequence_parallel = false;  ///< Megatron SP: norms and residuals are split over tp too
  int pipeline_parallel = 1;
  int virtual_pipeline = 1;  ///< model chunks per stage
  int context_parallel = 1;
  int expert_parallel = 1;  ///< inside tp * cp * dp
  int expert_tensor_parallel = 1;
  int data_parallel = 1;
  int microbatch = 1;  ///< sequences
  Schedule schedule = Schedule::kOneFOneB;
  Recompute recompute = Recompute::kNone;
  int recompute_layers = 0;  ///< layers per stage that recompute; 0 = all (only read when recompute is kFull)
  Sharding sharding = Sharding::kNone;
  int shard_size = 0;  ///< ranks that share one copy; 0 = all of dp * cp
  bool keep_gathered =
      false;  ///< sequence parallel: inputs gathered forward are kept for the backward pass, not gathered again
  bool scatter_messages =
      false;  ///< without sequence parallel: each tp rank sends 1 / tp of a stage's output, the next stage gathers it
  int offload_layers = 0;             ///< layers per stage whose activations wait in host memory
  bool offload_weights = false;       ///< weights live in host memory and stream in for every pass of every microbatch
  bool offload_optimizer = false;     ///< optimizer states live in host memory
  bool overlap_grad_reduce = false;   ///< gradient reduction runs under the backward pass
  bool overlap_param_gather = false;  ///< parameter all-gather runs under the forward pass
  bool overlap_tensor_parallel = false;  ///< tp collectives are pipelined with their GEMMs
  bool overlap_expert_parallel = false;  ///< expert all-to-all runs under another microbatch
  std::array<Axis, 5> placement{Axis::kTensor, Axis::kContext, Axis::kExpert, Axis::kData, Axis::kPipeline};

  /// Do pipeline stages stand nearer to each other than data-parallel copies?
  bool pipeline_inside_data() const {
    for (const Axis axis : placement) {
      if (axis == Axis::kPipeline || axis == Axis::kData) return axis == Axis::kPipeline;
    }
    return false;
  }
  int chips() const { return tensor_parallel * pipeline_parallel * context_parallel * data_parallel; }
  bool operator==(const Layout&) const = default;
};

}  // namespace socle::workload
