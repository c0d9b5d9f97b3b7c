#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/migrate/training/record.hpp"

namespace socle::migrate {

/// What a training job asks for, read from a record in Megatron's words. What it does not say stays empty.
struct TrainingNeeds {
  enum class Shape { kUnknown, kDense, kMoe };
  Shape shape = Shape::kUnknown;
  bool latent_attention = false;  ///< MLA
  std::optional<int> layers, hidden, ffn, heads, kv_heads, head_dim, vocabulary, sequence;
  std::optional<int> experts, top_k, expert_ffn, shared_ffn, dense_layers;
  std::optional<int> q_rank, kv_rank, qk_head_dim, qk_rope_dim, v_head_dim;
  int tp = 1, pp = 1, vpp = 1, cp = 1, ep = 1, etp = 0;  ///< etp 0: as the framework has it
  bool sp = false;
  std::optional<int> nodes, per_node, micro_batch, global_batch;
  std::optional<long> iterations;
  std::string precision;  ///< "bf16", "fp16", "fp32"
  std::string fp8_format, fp8_recipe;
  std::string recompute;  ///< "full", "selective"; empty: none
  std::optional<int> recompute_layers;
  std::vector<std::string> recompute_modules;  ///< of selective recompute, as Megatron names them
  bool recompute_block = false;                ///< full recompute covers the first layers of a chunk only
  bool fused_loss = false, reduce_bf16 = false, precision_aware = false;
  std::string optimizer, checkpoint_format, dispatcher;
  std::string dispatcher_backend = "deepep";  ///< of the dispatcher `flex`
  bool distributed_optimizer = false, fsdp = false, offload_optimizer = false;
  bool overlap_grad_reduce = false, overlap_param_gather = false, overlap_tp = false, overlap_ep = false;
  bool swiglu = false, rms_norm = false, rope = false, untied = false, qk_norm = false, qkv_bias = false;
  std::optional<double> rope_base;

  std::optional<int> chips() const;
  std::optional<int> dp() const;  ///< chips / (tp pp cp), where it divides
  std::optional<int> accumulation() const;
};

/// Requires: arguments in Megatron's words, as of translate() to one of its releases.
TrainingNeeds training_needs(const JobRecord& record);

/// Processes of a launcher: --nnodes and --nproc_per_node of torchrun, --num_gpus of deepspeed.
std::optional<int> nodes_of(const JobRecord& record);
std::optional<int> processes_of(const JobRecord& record);

}  // namespace socle::migrate
