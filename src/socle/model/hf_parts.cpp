#include <algorithm>

#include <fmt/format.h>

#include "socle/model/hf_families.hpp"
#include "socle/model/shape_check.hpp"

namespace socle::model {

int hf_layers(const HfReader& c) { return c.required({"num_hidden_layers", "n_layer"}, kLayersMax); }

int hf_hidden(const HfReader& c) { return c.required({"hidden_size", "n_embd"}, kWidthMax); }

Mixer hf_attention(const HfReader& c, bool bias) {
  Mixer m;
  m.heads = c.required({"num_attention_heads", "n_head"}, kHeadsMax);
  m.kv_heads = c.optional({"num_key_value_heads"}, m.heads, kHeadsMax);
  const int hidden = hf_hidden(c);
  if (!c.has("head_dim") && !c.has("attention_head_dim") && hidden % m.heads != 0) {
    c.problem(
        "num_attention_heads",
        fmt::format("{} heads do not divide hidden_size = {}, and head_dim is missing; add head_dim", m.heads, hidden));
  }
  m.head_dim = c.optional({"head_dim", "attention_head_dim"}, std::max(1, hidden / m.heads), kWidthMax);
  m.v_head_dim = m.head_dim;
  m.qkv_bias = c.flag("attention_bias", c.flag("qkv_bias", bias));
  return m;
}

Mixer hf_mla(const HfReader& c) {
  Mixer m;
  m.kind = MixerKind::kMla;
  m.heads = c.required({"num_attention_heads"}, kHeadsMax);
  m.rope_dim = c.required({"qk_rope_head_dim"}, kWidthMax);
  m.head_dim = c.required({"qk_nope_head_dim"}, kWidthMax) + m.rope_dim;
  m.v_head_dim = c.required({"v_head_dim"}, kWidthMax);
  m.q_lora = c.optional({"q_lora_rank"}, 0, kWidthMax);
  m.kv_lora = c.required({"kv_lora_rank"}, kWidthMax);
  c.ignore({"num_key_value_heads", "qk_head_dim", "head_dim", "attention_bias"});  // follow from the others
  return m;
}

FeedForward hf_dense(const HfReader& c, const char* key) {
  FeedForward ff;
  ff.ffn = c.required({key}, kWidthMax);
  ff.bias = c.flag("mlp_bias", false);
  return ff;
}

FeedForward hf_experts(const HfReader& c) {
  FeedForward ff;
  ff.experts = c.optional({"n_routed_experts", "num_experts", "num_local_experts", "moe_num_experts"}, 0, kHeadsMax, 0);
  const int topk = c.optional(
      {"num_experts_per_tok", "num_experts_per_token", "experts_per_token", "top_k_experts", "moe_k"}, 0, kHeadsMax, 0);
  const int shared_experts =
      c.optional({"n_shared_experts", "num_shared_experts", "moe_num_shared_experts"}, 0, kHeadsMax, 0);
  const int shared_ffn = c.optional({"shared_expert_intermediate_size", "moe_shared_expert_intermediate_size",
                                     "share_expert_dim", "shared_intermediate_size"},
                                    0, kWidthMax, 0);
  if (ff.experts == 0) return ff;
  if (topk == 0) c.problem("num_experts_per_tok", "the key is missing; add the number of routed experts per token");
  ff.topk = std::max(1, topk);
  ff.ffn = c.required({"moe_intermediate_size", "expert_intermediate_size", "intermediate_size"}, kWidthMax);
  const double width = shared_ffn > 0 ? shared_ffn : static_cast<double>(shared_experts) * ff.ffn;
  if (width > kWidthMax)
    c.problem("n_shared_experts", fmt::format("shared experts wider than {}; give fewer", kWidthMax));
  else
    ff.shared_ffn = static_cast<int>(width);
  ff.latent = c.optional({"routed_expert_hidden_size", "moe_latent_size"}, 0, kWidthMax, 0);
  return ff;
}

namespace {

// Qwen: layers listed in mlp_only_layers are dense, of the others every decoder_sparse_step-th is routed.
void apply_steps(const HfReader& c, std::vector<bool>& routed) {
  const int layers = static_cast<int>(routed.size());
  const int step = c.optional({"decoder_sparse_step", "moe_layer_interval"}, 1, kLayersMax);
  const int from = c.optional({"moe_layer_start_index"}, 0, kLayersMax, 0);
  const int to = c.optional({"moe_layer_end_index"}, layers - 1, kLayersMax, -1);
  for (int i = 0; i < layers; ++i) {
    const bool inside = i >= from && (i <= to || to < 0);
    if (!inside || (i + 1) % step != 0) routed[static_cast<std::size_t>(i)] = false;
  }
  for (const int dense : c.integers("mlp_only_layers", 0, kLayersMax)) {
    if (dense < layers) routed[static_cast<std::size_t>(dense)] = false;
  }
}

}  // namespace

std::vector<bool> hf_routed_layers(const HfReader& c, int layers) {
  std::vector<bool> routed(static_cast<std::size_t>(layers), true);
  const int leading = c.optional({"first_k_dense_replace"}, 0, kLayersMax, 0);
  for (int i = 0; i < std::min(leading, layers); ++i) routed[static_cast<std::size_t>(i)] = false;
  apply_steps(c, routed);
  const std::vector<std::string> types = c.texts_per_layer("mlp_layer_types", layers);
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i] != "dense" && types[i] != "sparse") {
      c.problem("mlp_layer_types", fmt::format("\"{}\" is neither \"dense\" nor \"sparse\"", types[i]));
      break;
    }
    routed[i] = types[i] == "sparse";
  }
  // A number n routes every n-th layer, counted from the first; an array tells for each layer.
  if (!c.has("moe_layer_freq")) return routed;
  if (c.is_array("moe_layer_freq")) {
    const std::vector<int> marks = c.per_layer("moe_layer_freq", layers);
    for (std::size_t i = 0; i < marks.size(); ++i) routed[i] = marks[i] != 0;
  } else {
    const int every = c.required({"moe_layer_freq"}, kLayersMax);
    for (int i = 0; i < layers; ++i) {
      if (i % every != 0) routed[static_cast<std::size_t>(i)] = false;
    }
  }
  return routed;
}

}  // namespace socle::model
