#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/provenance.hpp"

namespace socle::catalog {

/// One software stack: a framework in one generation. The first group are facts read from its code and documents; the
/// second are fitted on measured runs of the stack by `tools/fit_training.py`, never on one model or layout.
struct Stack {
  std::string slug;
  std::string name;
  std::string framework;
  std::string family;  ///< what its code descends from, by slug of `families/`; empty: none
  int from_year = 0;
  int to_year = 9999;
  std::vector<std::string> match;  ///< texts that a run's source holds when it ran on this stack
  std::string default_of;  ///< of published runs of its years that name no stack, on this kind of chip; or empty
  std::vector<std::string> plausible_on;  ///< kinds of chip on which a job that states no stack may run it
  bool adapters_only = false;             ///< plausible only for jobs that train adapters
  Provenance provenance;

  // Facts.
  std::vector<std::string>
      lacks;  ///< axes that it cannot split along: "tp", "pp", "cp", "ep"; not listed: can or unknown
  bool flash_attention = true;
  bool fused_elementwise = true;      ///< fused bias, activation, dropout, norms
  bool fused_loss = false;            ///< the vocabulary loss is one kernel though other operations are loose
  bool fused_scores = true;           ///< unfused attention: one kernel for scale, mask and softmax
  double graph_share = 0;             ///< share of kernel launches replayed from captured graphs
  std::string default_precision;      ///< what its runs take when their source does not say; empty: bf16
  bool distributed_optimizer = true;  ///< data-parallel jobs shard optimizer states unless told otherwise
  bool shards_one_by_one = false;     ///< each shard is reduced to its rank and broadcast from it by calls of its own
  bool fully_shard = false;           ///< ZeRO-3 is PyTorch's fully_shard: blocks copied in and out, fp32 weights alone
  bool overlap_grad_reduce = true;
  bool overlap_param_gather = true;
  bool overlap_tensor_parallel = false;
  bool overlap_expert_parallel = false;
  /// Of overlap_tensor_parallel and overlap_expert_parallel, what it has and leaves off: "tensor_parallel",
  /// "expert_parallel". A search tries them.
  std::vector<std::string> overlap_switches;
  bool overlap_send_receive = true;  ///< pipeline sends run beside compute
  /// Of tokens to experts, as `workload::dispatcher_names` has them; the first is what runs unless told otherwise.
  std::vector<std::string> dispatchers{"alltoall"};
  bool adapts_all_matrices =
      false;  ///< adapters beside every matrix of attention and dense blocks unless told otherwise
  bool dropout = false;
  bool narrow_weights = false;      ///< fp8 and fp4 recipes keep their weights in that format
  double gradient_bytes = 4;        ///< per parameter, of the main gradient buffer
  double gradient_bytes_bf16 = 0;   ///< the same under bf16 where it differs; 0 = as above
  double reduce_bytes = 4;          ///< per parameter, on the wire of the gradient reduction
  double reduce_bytes_sharded = 0;  ///< the same under ZeRO-3 where it differs; 0 = as above
  double optimizer_bytes = 12;      ///< per parameter: master weight and two moments
  bool recompute_modules = false;   ///< selective recompute takes names of modules (of the family)
  bool op_selective = false;        ///< recompute by operator, as PyTorch's checkpoint policies have it (of the family)
  bool reshard_switch = false;      ///< sharded weights may stay gathered after the forward pass (of the family)

  bool switches(std::string_view overlap) const {
    return std::find(overlap_switches.begin(), overlap_switches.end(), overlap) != overlap_switches.end();
  }

  bool pooled = false;  ///< no figure of its own stands in the catalogue: what follows is its relatives'

  // Fitted; a default of 1 or 0 leaves the physics alone.
  double compute = 1.0;            ///< multiplies the time of matrix and attention kernels
  double attention = 1.0;          ///< multiplies the time of attention cores: generation of the kernel
  double elementwise = 1.0;        ///< multiplies the time of memory-bound operations
  double narrow = 1.0;             ///< multiplies the time of fp8 and fp4 GEMMs: casts, scales, transposes
  double experts = 1.0;            ///< multiplies the time of expert GEMMs
  double dispatch = 1.0;           ///< multiplies the time of expert all-to-all
  Seconds host_launch{6e-6};       ///< host time of one kernel launch when nothing is captured in graphs
  Seconds host_collective{15e-6};  ///< host time of issuing one collective inside a layer
  Seconds host_routing{
      3e-3};                 ///< the device waits for the host at each router of experts: counts read, exchange set up
  Seconds host_shard{1e-3};  ///< of one call that moves shards: shards_one_by_one, fully_shard
  Seconds host_send{50e-6};  ///< host time of one pipeline exchange that the device waits for
  double tensor_hidden = 0.5;    ///< share of tensor-parallel communication hidden when its overlap is on
  double data_hidden = 0.8;      ///< share of data-parallel communication hidden when its overlap is on
  double expert_hidden = 0.5;    ///< share of expert all-to-all hidden when its overlap is on
  double network = 1.0;          ///< multiplies scale-out communication time
  Seconds step_overhead{5e-3};   ///< per optimizer step: data loading, norms, logging, synchronisation
  double jitter = 0.004;         ///< relative standard deviation of one rank's step; the slowest of all ranks counts
  double memory_overhead = 1.0;  ///< multiplies activations and buffers for allocator fragmentation
  Bytes memory_reserve{2.0e9};   ///< context, communication buffers, workspaces
  double error = 0.10;           ///< mean absolute relative error over the runs it was fitted on
  double range_low =
      0.85;  ///< measured / predicted, 4th percentile over those runs, drawn towards all runs when they are few
  double range_high = 1.15;  ///< 96th percentile, likewise
  int runs = 0;              ///< measured runs behind the fit; 0 = its relatives' figures, or the user's own
};

/// What a chip sustains over whole training steps, against its own measured kernels (or against the shape model).
struct ChipCalibration {
  std::string slug;
  double compute16 = 1.0;  ///< multiplies the time of 16-bit GEMMs
  double compute8 = 1.0;
  double compute4 = 1.0;
  double attention = 1.0;  ///< multiplies the time of attention cores, both directions
  double network = 1.0;    ///< multiplies scale-out communication time
  int runs = 0;
  std::string source;
};

}  // namespace socle::catalog
