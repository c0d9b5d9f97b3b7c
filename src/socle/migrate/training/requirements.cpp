#include "socle/migrate/training/requirements.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>

#include "socle/base/shell_variables.hpp"
#include "socle/migrate/training/rules.hpp"

namespace socle::migrate {
namespace {

constexpr long kCountMax = 100'000'000;  // of layers, widths, sequences
constexpr int kSizeMax = 1'000'000;      // of one axis of a layout

std::optional<long> whole(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const auto number = shell_arithmetic(*text);
  if (!number || *number < 0 || *number > 2'000'000'000) return std::nullopt;
  return static_cast<long>(*number);
}

std::optional<double> real(const std::optional<std::string>& text) {
  double number = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  return error == std::errc() && end == text->data() + text->size() ? std::optional(number) : std::nullopt;
}

std::optional<int> of_launcher(const JobRecord& record, std::initializer_list<const char*> names) {
  for (const Argument& argument : record.launch) {
    for (const char* name : names) {
      if (argument.name != name || argument.values.empty()) continue;
      const auto number = whole(argument.values[0].by_default());
      return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
    }
  }
  return std::nullopt;
}

/// Every value of an argument that is known before a run.
std::vector<std::string> words_of(const JobRecord& record, std::string_view name) {
  std::vector<std::string> words;
  const Argument* argument = record.find(name);
  for (const ShellText& value : argument ? argument->values : std::vector<ShellText>{}) {
    if (const auto word = value.by_default()) words.push_back(*word);
  }
  return words;
}

/// Reads one argument after the other.
struct Reader {
  const JobRecord& record;
  std::optional<int> count(const char* name) const {
    const auto number = whole(record.value(name));
    return number && *number <= kCountMax ? std::optional(static_cast<int>(*number)) : std::nullopt;
  }
  int size(const char* name) const { return std::clamp(count(name).value_or(1), 1, kSizeMax); }
  std::string text(const char* name) const { return record.value(name).value_or(""); }
  bool has(const char* name) const { return record.has(name); }
};

void read_shape(const Reader& read, TrainingNeeds& needs) {
  needs.layers = read.count("--num-layers");
  needs.hidden = read.count("--hidden-size");
  needs.ffn = read.count("--ffn-hidden-size");
  needs.heads = read.count("--num-attention-heads");
  needs.kv_heads = read.has("--num-query-groups") ? read.count("--num-query-groups") : needs.heads;
  needs.head_dim = read.count("--kv-channels");
  needs.vocabulary = read.has("--padded-vocab-size") ? read.count("--padded-vocab-size") : read.count("--vocab-size");
  needs.sequence = read.count("--seq-length");
  needs.experts = read.count("--num-experts");
  needs.latent_attention = read.has("--multi-latent-attention");
  if (needs.experts && *needs.experts > 1)
    needs.shape = TrainingNeeds::Shape::kMoe;
  else if (needs.layers && needs.hidden)
    needs.shape = TrainingNeeds::Shape::kDense;
  if (needs.shape == TrainingNeeds::Shape::kMoe) {
    needs.top_k = read.has("--moe-router-topk") ? read.count("--moe-router-topk") : 2;
    needs.expert_ffn = read.has("--moe-ffn-hidden-size") ? read.count("--moe-ffn-hidden-size") : needs.ffn;
    needs.shared_ffn = read.count("--moe-shared-expert-intermediate-size");
    if (const auto list = leading_dense(read.text("--moe-layer-freq"))) needs.dense_layers = list->dense;
    if (read.has("--first-k-dense-replace")) needs.dense_layers = read.count("--first-k-dense-replace");
  }
  if (needs.latent_attention) {
    needs.q_rank = read.count("--q-lora-rank");
    needs.kv_rank = read.has("--kv-lora-rank") ? read.count("--kv-lora-rank") : 32;
    needs.qk_head_dim = read.has("--qk-head-dim") ? read.count("--qk-head-dim") : 128;
    needs.qk_rope_dim = read.has("--qk-pos-emb-head-dim") ? read.count("--qk-pos-emb-head-dim") : 64;
    needs.v_head_dim = read.has("--v-head-dim") ? read.count("--v-head-dim") : 128;
  }
  needs.swiglu = read.has("--swiglu");
  needs.rms_norm = read.text("--normalization") == "RMSNorm";
  needs.rope = read.text("--position-embedding-type") == "rope" || read.has("--use-rotary-position-embeddings");
  needs.untied = read.has("--untie-embeddings-and-output-weights");
  needs.qk_norm = read.has("--qk-layernorm");
  needs.qkv_bias = read.has("--add-qkv-bias");
  needs.rope_base = real(read.record.value("--rotary-base"));
}

void read_layout(const Reader& read, TrainingNeeds& needs) {
  needs.tp = read.size("--tensor-model-parallel-size");
  needs.pp = read.size("--pipeline-model-parallel-size");
  needs.cp = read.size("--context-parallel-size");
  needs.ep = read.size("--expert-model-parallel-size");
  needs.etp = read.count("--expert-tensor-parallel-size").value_or(0);
  needs.sp = read.has("--sequence-parallel");
  if (const auto chunks = read.count("--num-virtual-stages-per-pipeline-rank")) needs.vpp = std::max(1, *chunks);
  const auto layers = read.count("--num-layers-per-virtual-pipeline-stage");
  const long stage = static_cast<long>(needs.pp) * layers.value_or(0);
  if (stage > 0 && needs.layers && *needs.layers % stage == 0)
    needs.vpp = std::max(1, static_cast<int>(*needs.layers / stage));
  needs.nodes = nodes_of(read.record);
  needs.per_node = processes_of(read.record);
  needs.micro_batch = read.count("--micro-batch-size");
  needs.global_batch = read.count("--global-batch-size");
  needs.iterations = whole(read.record.value("--train-iters"));
}

}  // namespace

std::optional<int> nodes_of(const JobRecord& record) {
  const auto nodes = of_launcher(record, {"--nnodes", "--num_nodes"});
  if (nodes || record.launcher.empty()) return nodes;
  for (const Argument& argument : record.launch) {
    if (argument.name == "--nnodes" || argument.name == "--num_nodes" || argument.name.empty()) return std::nullopt;
  }
  return 1;
}

std::optional<int> processes_of(const JobRecord& record) {
  return of_launcher(record, {"--nproc_per_node", "--nproc-per-node", "--num_gpus", "--local_worker_num"});
}

std::optional<int> TrainingNeeds::chips() const {
  if (!nodes || !per_node || *nodes < 1 || *per_node < 1 || *nodes > 1'000'000 / *per_node) return std::nullopt;
  return *nodes * *per_node;
}

std::optional<int> TrainingNeeds::dp() const {
  const auto all = chips();
  const long model = static_cast<long>(tp) * pp * cp;
  if (!all || model < 1 || *all % model != 0) return std::nullopt;
  return static_cast<int>(*all / model);
}

std::optional<int> TrainingNeeds::accumulation() const {
  const auto groups = dp();
  if (!groups || !micro_batch || !global_batch || *micro_batch < 1) return std::nullopt;
  const long step = static_cast<long>(*groups) * *micro_batch;
  if (*global_batch % step != 0) return std::nullopt;
  return static_cast<int>(*global_batch / step);
}

TrainingNeeds training_needs(const JobRecord& record) {
  const Reader read{record};
  TrainingNeeds needs;
  read_shape(read, needs);
  read_layout(read, needs);
  needs.precision = read.has("--bf16") ? "bf16" : read.has("--fp16") ? "fp16" : "fp32";
  needs.fp8_format = read.text("--fp8-format");
  needs.fp8_recipe = needs.fp8_format.empty() ? "" : read.has("--fp8-recipe") ? read.text("--fp8-recipe") : "delayed";
  needs.recompute = read.has("--recompute-activations") ? "selective" : read.text("--recompute-granularity");
  needs.recompute_layers = read.count("--recompute-num-layers");
  needs.recompute_modules = words_of(record, "--recompute-modules");
  needs.recompute_block = read.text("--recompute-method") == "block";
  needs.fused_loss = read.has("--cross-entropy-loss-fusion") && read.text("--cross-entropy-fusion-impl") == "te";
  needs.reduce_bf16 = read.has("--grad-reduce-in-bf16");
  needs.precision_aware = read.has("--use-precision-aware-optimizer") && read.text("--exp-avg-dtype") == "bf16" &&
                          read.text("--exp-avg-sq-dtype") == "bf16";
  needs.optimizer = read.has("--optimizer") ? read.text("--optimizer") : "adam";
  needs.checkpoint_format = read.text("--ckpt-format");
  needs.dispatcher = read.text("--moe-token-dispatcher-type");
  const std::string backend = read.text("--moe-flex-dispatcher-backend");
  if (!backend.empty()) needs.dispatcher_backend = backend;
  needs.distributed_optimizer = read.has("--use-distributed-optimizer");
  needs.fsdp = read.has("--use-megatron-fsdp") || read.has("--use-custom-fsdp") || read.has("--use-torch-fsdp2");
  needs.offload_optimizer = read.has("--optimizer-cpu-offload") || read.has("--swap-optimizer");
  needs.overlap_grad_reduce = read.has("--overlap-grad-reduce");
  needs.overlap_param_gather = read.has("--overlap-param-gather");
  needs.overlap_tp = read.has("--tp-comm-overlap") || read.has("--use-ascend-coc") || read.has("--use-ascend-mc2");
  needs.overlap_ep = read.has("--overlap-moe-expert-parallel-comm") || read.has("--moe-fb-overlap");
  return needs;
}

}  // namespace socle::migrate
