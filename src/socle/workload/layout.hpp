#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "socle/workload/dispatcher.hpp"

namespace socle::workload {

enum class Recompute {
  kNone,         ///< every activation is stored
  kSelective,    ///< what is cheap to compute and large to store is recomputed: the attention core, or named modules
  kOpSelective,  ///< outputs of every second matrix product and of attention are stored (PyTorch's policy by operator)
  kFull,         ///< only each layer's input is stored
};

/// Parts of a layer that selective recompute may name, as Megatron-Core's --recompute-modules does.
enum class RecomputeModule {
  kCoreAttention,    ///< scores to context: a fused core runs again for its log-sum-exp
  kMlp,              ///< the dense feed-forward block with its norm
  kMoe,              ///< the whole expert block: router, exchanges, experts, shared experts
  kMoeActivation,    ///< output of the experts' activation
  kLayerNorm,        ///< output of norms that stand apart from projections: before MLA and before experts
  kMlaUpProjection,  ///< queries, keys and values of MLA
  kSharedExperts,    ///< shared experts beside the routed ones
};
inline constexpr int kRecomputeModules = 7;

/// Some of these modules.
class ModuleSet {
 public:
  constexpr ModuleSet() = default;
  constexpr ModuleSet(RecomputeModule module) : bits_(bit(module)) {}  // NOLINT: a module is a set of one
  constexpr bool has(RecomputeModule module) const { return (bits_ & bit(module)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool holds(ModuleSet other) const { return (other.bits_ & ~bits_) == 0; }
  constexpr ModuleSet operator|(ModuleSet other) const { return ModuleSet(bits_ | other.bits_); }
  constexpr ModuleSet operator&(ModuleSet other) const { return ModuleSet(bits_ & other.bits_); }
  constexpr ModuleSet without(ModuleSet other) const { return ModuleSet(bits_ & ~other.bits_); }
  constexpr bool operator==(const ModuleSet&) const = default;
  /// The set whose modules are the ones of this number. Requires: number < 2^kRecomputeModules.
  static constexpr ModuleSet numbered(unsigned number) { return ModuleSet(static_cast<int>(number)); }

 private:
  constexpr explicit ModuleSet(int bits) : bits_(static_cast<std::uint8_t>(bits)) {}
  static constexpr int bit(RecomputeModule module) { return 1 << static_cast<int>(module); }
  std::uint8_t bits_ = 0;
};

constexpr ModuleSet operator|(RecomputeModule a, RecomputeModule b) { return ModuleSet(a) | ModuleSet(b); }

enum class Sharding {
  kNone,   ///< every data-parallel rank holds weights, gradients and optimizer states
  kZero1,  ///< optimizer states are sharded (Megatron's distributed optimizer)
  kZero2,  ///< and gradients
  kZero3,  ///< and weights (FSDP full shard)
};

/// How the ranks of a sequence's parts see each other's keys and values.
enum class ContextExchange {
  kRing,  ///< keys and values travel a ring under the attention core, partial outputs are merged (Megatron's `p2p`)
  kAllGather,  ///< every rank gathers all keys and values before the core (Llama 3; Megatron's `all_gather`)
  kUlysses,    ///< heads are spread over the ranks by all-to-alls before and after the core (Megatron's `a2a`)
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
  ContextExchange context_exchange = ContextExchange::kRing;
  int expert_parallel = 1;  ///< inside tp * cp * dp
  int expert_tensor_parallel = 1;
  std::optional<Dispatcher> dispatcher{};  ///< of tokens to experts; none: the stack's own
  int data_parallel = 1;
  int microbatch = 1;  ///< sequences
  Schedule schedule = Schedule::kOneFOneB;
  Recompute recompute = Recompute::kNone;
  ModuleSet recompute_modules{};  ///< only read when recompute is kSelective; empty = the stack's usual choice
  int recompute_layers = 0;       ///< layers per stage that recompute; 0 = all (only read when recompute is kFull)
  int recompute_every = 0;        ///< every n-th layer recomputes; 0 = all (only read when recompute is kFull)
  Sharding sharding = Sharding::kNone;
  int shard_size = 0;                 ///< ranks that share one copy; 0 = all of dp * cp
  bool reshard_after_forward = true;  ///< ZeRO-3: a layer's gathered weights are freed until its backward pass
  bool defer_grad_reduce = false;     ///< ZeRO-3: whole gradients are accumulated and scattered once a step
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
  /// ZeRO-3 under a pipeline: gathered weights and whole gradients stay for all microbatches, and both travel once a
  /// step. PyTorch's stages switch resharding and synchronisation off until the last microbatch
  /// (torch/distributed/pipelining/stage.py, recall).
  bool gathers_once_a_step() const { return !reshard_after_forward && pipeline_parallel > 1; }
  /// What `reshard_after_forward` is where nothing is said of it.
  bool reshards_by_default() const { return sharding != Sharding::kZero3 || pipeline_parallel == 1; }
  int chips() const { return tensor_parallel * pipeline_parallel * context_parallel * data_parallel; }
  bool operator==(const Layout&) const = default;
};

}  // namespace socle::workload
