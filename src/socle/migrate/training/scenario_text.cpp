#include "socle/migrate/training/scenario_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/workload/dispatcher.hpp"
#include "socle/workload/training_options.hpp"

namespace socle::migrate {
namespace {

using Shape = TrainingNeeds::Shape;

void require(Problems& problems, const JobRecord& record, bool there, const char* name, const char* what) {
  if (there) return;
  problems.add(Problem{record.file, record.line, 0, name,
                       fmt::format("a scenario needs {}: {} is not given, or only a run knows it", what, name)});
}

void check(const JobRecord& record, const TrainingNeeds& needs) {
  Problems problems;
  require(problems, record, needs.layers.has_value(), "--num-layers", "the number of layers");
  require(problems, record, needs.hidden.has_value(), "--hidden-size", "the width of the model");
  require(problems, record, needs.heads.has_value(), "--num-attention-heads", "the heads");
  require(problems, record, needs.vocabulary.has_value(), "--padded-vocab-size", "the size of the vocabulary");
  require(problems, record, needs.sequence.has_value(), "--seq-length", "the length of sequences");
  require(problems, record, needs.global_batch.has_value(), "--global-batch-size", "the batch of a step");
  require(problems, record, needs.nodes.has_value(), "--nnodes", "the number of nodes (or --nodes of this command)");
  require(problems, record, needs.per_node.has_value(), "--nproc_per_node",
          "processes of a node (or --per-node of this command)");
  if (needs.shape == Shape::kMoe)
    require(problems, record, needs.expert_ffn.has_value(), "--moe-ffn-hidden-size", "the width of experts");
  problems.throw_if_any();
}

/// Megatron's default: four times the width, or two thirds of that, to 64, where SwiGLU has a third matrix.
int ffn_of(const TrainingNeeds& needs) {
  if (needs.ffn) return *needs.ffn;
  const long wide = 4L * *needs.hidden;
  return static_cast<int>(needs.swiglu ? (wide * 2 / 3) / 64 * 64 : wide);
}

Json config_of(const TrainingNeeds& needs) {
  Json config = Json::object();
  const bool latent = needs.latent_attention, experts = needs.shape == Shape::kMoe;
  const char* type = latent           ? "deepseek_v3"
                     : experts        ? (needs.qk_norm    ? "qwen3_moe"
                                         : needs.qkv_bias ? "qwen2_moe"
                                                          : "mixtral")
                     : needs.qk_norm  ? "qwen3"
                     : needs.qkv_bias ? "qwen2"
                     : !needs.swiglu  ? "gpt_neox"
                                      : "llama";
  config.set("model_type", type);
  config.set("hidden_size", *needs.hidden);
  config.set("intermediate_size",
             experts && !latent && !needs.qk_norm && !needs.qkv_bias ? *needs.expert_ffn : ffn_of(needs));
  config.set("num_hidden_layers", *needs.layers);
  config.set("num_attention_heads", *needs.heads);
  if (needs.swiglu || latent || experts) config.set("num_key_value_heads", needs.kv_heads.value_or(*needs.heads));
  if (needs.head_dim && !latent) config.set("head_dim", *needs.head_dim);
  config.set("vocab_size", *needs.vocabulary);
  config.set("max_position_embeddings", *needs.sequence);
  config.set("tie_word_embeddings", !needs.untied);
  if (latent) {
    config.set("q_lora_rank", needs.q_rank ? Json(*needs.q_rank) : Json());
    config.set("kv_lora_rank", *needs.kv_rank);
    config.set("qk_nope_head_dim", *needs.qk_head_dim);
    config.set("qk_rope_head_dim", *needs.qk_rope_dim);
    config.set("v_head_dim", *needs.v_head_dim);
  }
  if (!experts) return config;
  if (latent) {
    config.set("n_routed_experts", *needs.experts);
    config.set("n_shared_experts", needs.shared_ffn ? *needs.shared_ffn / *needs.expert_ffn : 0);
    config.set("first_k_dense_replace", needs.dense_layers.value_or(0));
    config.set("moe_layer_freq", 1);
    config.set("moe_intermediate_size", *needs.expert_ffn);
  } else if (needs.qk_norm || needs.qkv_bias) {
    config.set("num_experts", *needs.experts);
    config.set("moe_intermediate_size", *needs.expert_ffn);
    if (needs.shared_ffn) config.set("shared_expert_intermediate_size", *needs.shared_ffn);
  } else {
    config.set("num_local_experts", *needs.experts);
  }
  config.set("num_experts_per_tok", needs.top_k.value_or(2));
  return config;
}

std::string precision_of(const TrainingNeeds& needs) {
  if (needs.fp8_format.empty()) return needs.precision;
  return needs.fp8_recipe == "blockwise" ? "fp8-block" : needs.fp8_recipe == "mxfp8" ? "mxfp8" : "fp8";
}

std::string sharding_of(const JobRecord& record, const TrainingNeeds& needs) {
  if (!needs.fsdp) return needs.distributed_optimizer ? "zero1" : "none";
  const std::string strategy = record.value("--data-parallel-sharding-strategy").value_or("");
  return strategy == "optim" ? "zero1" : strategy == "optim_grads" ? "zero2" : "zero3";
}

// Megatron's selective recompute covers the attention core unless modules are named. A number of layers counts in each
// chunk of a stage.
std::string recompute_text(const TrainingNeeds& needs) {
  std::string text = fmt::format("recompute = \"{}\"\n", needs.recompute.empty() ? "none" : needs.recompute);
  if (needs.recompute == "selective") {
    const auto known = workload::modules_of_names(needs.recompute_modules);
    const std::vector<std::string> names = needs.recompute_modules.empty() || !known
                                               ? std::vector<std::string>{"core_attn"}
                                               : workload::names_of_modules(*known);
    text += fmt::format("recompute_modules = [\"{}\"]\n", fmt::join(names, "\", \""));
  }
  if (needs.recompute == "full" && needs.recompute_block && needs.recompute_layers)
    text += fmt::format("recompute_layers = {}\n", static_cast<long>(*needs.recompute_layers) * needs.vpp);
  return text;
}

std::string layout_text(const JobRecord& record, const TrainingNeeds& needs) {
  std::string text = "\n[layout]\n";
  const auto size = [&](const char* name, int value) { text += fmt::format("{} = {}\n", name, value); };
  const auto flag = [&](const char* name, bool value) { text += fmt::format("{} = {}\n", name, value); };
  size("tp", needs.tp);
  flag("sp", needs.sp && needs.tp > 1);
  size("pp", needs.pp);
  if (needs.vpp > 1) size("vpp", needs.vpp);
  size("cp", needs.cp);
  size("ep", needs.ep);
  if (needs.etp > 0) size("etp", needs.etp);
  if (needs.micro_batch) size("microbatch", *needs.micro_batch);
  text += recompute_text(needs);
  text += fmt::format("sharding = \"{}\"\n", sharding_of(record, needs));
  if (needs.offload_optimizer) flag("offload_optimizer", true);
  flag("overlap_grad_reduce", needs.overlap_grad_reduce);
  flag("overlap_param_gather", needs.overlap_param_gather);
  flag("overlap_tensor_parallel", needs.overlap_tp);
  if (needs.ep > 1) {
    flag("overlap_expert_parallel", needs.overlap_ep);
    const std::string dispatcher = needs.dispatcher == "flex" ? needs.dispatcher_backend : needs.dispatcher;
    const std::vector<std::string>& known = workload::dispatcher_names();
    if (std::find(known.begin(), known.end(), dispatcher) != known.end())
      text += fmt::format("dispatcher = \"{}\"\n", dispatcher);
  }
  return text;
}

// Options of the loss and the optimizer that are not Megatron's defaults.
std::string options_text(const TrainingNeeds& needs) {
  std::string text;
  if (needs.fused_loss) text += "loss = \"fused\"\n";
  if (needs.precision_aware)
    text += "optimizer = \"precision-aware\"\n";
  else if (needs.optimizer == "sgd" || needs.optimizer.ends_with("muon"))
    text += fmt::format("optimizer = \"{}\"\n", needs.optimizer == "sgd" ? "sgd" : "muon");
  if (needs.reduce_bf16) text += "gradient_type = \"bf16\"\n";
  return text;
}

}  // namespace

ScenarioText scenario_text(const JobRecord& record, const ScenarioNode& node, const std::string& config_name) {
  const TrainingNeeds needs = training_needs(record);
  check(record, needs);
  ScenarioText made;
  made.config = config_of(needs).dump() + "\n";
  made.job = fmt::format("# Written by socle migrate training; run: socle train\n[model]\nconfig = {}\n\n[training]\n",
                         Json(config_name).dump(false));
  if (needs.iterations)
    made.job +=
        fmt::format("tokens = {}  # {} steps\n",
                    static_cast<double>(*needs.iterations) * *needs.global_batch * *needs.sequence, *needs.iterations);
  made.job += fmt::format("sequence_length = {}\nglobal_batch = {}\nprecision = \"{}\"\n", *needs.sequence,
                          *needs.global_batch, precision_of(needs));
  made.job += options_text(needs);
  const int chips = *needs.nodes * *needs.per_node, nodes = (chips + node.chips - 1) / node.chips;
  made.job +=
      fmt::format("\n[cluster]\nnode = \"{}\"\nnodes = {}  # {} processes as launched\n", node.slug, nodes, chips);
  made.layout = layout_text(record, needs);
  if (nodes * node.chips != chips)
    made.notes.push_back(fmt::format("{} chips of {} instead of {} processes: its nodes have {}.", nodes * node.chips,
                                     node.slug, chips, node.chips));
  if (!workload::modules_of_names(needs.recompute_modules))
    made.notes.push_back(fmt::format("recompute of modules is written as core_attn: known are {}.",
                                     fmt::join(workload::recompute_module_names(), ", ")));
  return made;
}

}  // namespace socle::migrate
