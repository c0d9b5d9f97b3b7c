#include "socle/model/hf_families/parts.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace socle::model {

int hf_layers(const HfReader& c) {
  return c.required({"num_hidden_layers", "n_layer", "num_layers", "n_layers", "num_blocks"}, kLayersMax);
}

int hf_hidden(const HfReader& c) {
  return c.required({"hidden_size", "n_embd", "n_embed", "d_model", "embedding_dim"}, kWidthMax);
}

namespace {

bool first_flag(const HfReader& c, HfReader::Keys keys, bool fallback) {
  std::optional<bool> found;
  for (const char* key : keys) {
    const bool value = c.flag(key, fallback);
    if (!found && c.has(key)) found = value;
  }
  return found.value_or(fallback);
}

}  // namespace

Mixer hf_attention(const HfReader& c, const AttentionStyle& style) {
  Mixer m;
  m.heads = c.required({"num_attention_heads", "n_head", "num_heads", "n_heads", "attention_heads"}, kHeadsMax);
  m.kv_heads = c.optional({"num_key_value_heads", "num_kv_heads", "n_head_kv"}, m.heads, kHeadsMax);
  const int hidden = hf_hidden(c);
  const bool told = c.has("head_dim") || c.has("attention_head_dim") || c.has("kv_channels") || c.has("dim_head");
  if (!told && !style.floors && hidden % m.heads != 0) {
    c.problem(
        "num_attention_heads",
        fmt::format("{} heads do not divide hidden_size = {}, and head_dim is missing; add head_dim", m.heads, hidden));
  }
  m.head_dim = c.optional({"head_dim", "attention_head_dim", "kv_channels", "dim_head"}, std::max(1, hidden / m.heads),
                          kWidthMax);
  m.v_head_dim = m.head_dim;
  dress(c, style, m);
  return m;
}

void dress(const HfReader& c, const AttentionStyle& style, Mixer& m) {
  const double queries = static_cast<double>(m.heads) * m.head_dim;
  const double keys = m.reuses_kv ? 0.0 : static_cast<double>(m.kv_heads) * m.head_dim;
  const double hidden = hf_hidden(c);
  m.qkv_bias =
      first_flag(c, {style.bias_key, "attention_bias", "qkv_bias", "add_qkv_bias", "use_qkv_bias"}, style.bias);
  const bool output_bias =
      style.output_bias_key ? c.flag(style.output_bias_key, style.output_bias) : m.qkv_bias && style.output_bias;
  m.other_weights = output_bias ? hidden : 0.0;
  m.inner_weights = 0.0;
  using Norm = AttentionStyle::Norm;
  const bool normed = style.qk_norm_key ? c.flag(style.qk_norm_key, style.qk_norm_default) : true;
  const double shared_head = (m.reuses_kv ? 1.0 : 2.0) * m.head_dim;
  if (normed && style.qk_norm == Norm::kHead) m.other_weights += shared_head;
  if (normed && style.qk_norm == Norm::kHeadBoth) m.other_weights += 2.0 * shared_head;
  if (normed && style.qk_norm == Norm::kFull) m.other_weights += queries + keys;
  if (style.sinks) m.other_weights += m.heads;
  m.output_gate = style.gate == AttentionStyle::Gate::kFull;
  if (style.gate == AttentionStyle::Gate::kHead) m.inner_weights += hidden * m.heads;
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
  if (c.flag("attention_bias", false)) m.other_weights = m.q_lora + m.kv_lora + m.rope_dim + hf_hidden(c);
  c.ignore({"num_key_value_heads", "qk_head_dim", "head_dim"});  // follow from the others
  return m;
}

FeedForward hf_dense(const HfReader& c, HfReader::Keys keys, double usual) {
  FeedForward ff;
  const bool told = std::any_of(keys.begin(), keys.end(), [&](const char* key) { return c.has(key); });
  if (told || usual > 0)
    ff.ffn = c.uniform(keys, static_cast<int>(std::min<double>(usual, kWidthMax)), kWidthMax);
  else
    ff.ffn = c.required(keys, kWidthMax);
  ff.bias = c.flag("mlp_bias", false);
  return ff;
}

FeedForward hf_experts(const HfReader& c) {
  FeedForward ff;
  ff.experts = c.uniform(kExpertCountKeys, 0, kHeadsMax, 0);
  const int topk = c.uniform({"num_experts_per_tok", "num_experts_per_token", "experts_per_token", "top_k_experts",
                              "moe_k", "moe_topk", "moe_top_k", "num_selected_experts"},
                             0, kHeadsMax, 0);
  const int shared_experts = c.uniform(
      {"n_shared_experts", "num_shared_experts", "moe_num_shared_experts", "num_shared_expert"}, 0, kHeadsMax, 0);
  const int shared_ffn = c.uniform({"shared_expert_intermediate_size", "moe_shared_expert_intermediate_size",
                                    "share_expert_dim", "shared_intermediate_size", "shared_experts_intermediate_size"},
                                   0, kWidthMax, 0);
  if (ff.experts == 0) return ff;
  if (topk == 0) c.problem("num_experts_per_tok", "the key is missing; add the number of routed experts per token");
  ff.topk = std::max(1, topk);
  ff.ffn = hf_dense(c, {"moe_intermediate_size", "expert_intermediate_size", "expert_ffn_hidden_size",
                        "moe_ffn_hidden_size", "intermediate_size", "ffn_hidden_size"})
               .ffn;
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
  const int leading = c.optional({"first_k_dense_replace", "num_dense_layers"}, 0, kLayersMax, 0);
  for (int i = 0; i < std::min(leading, layers); ++i) routed[static_cast<std::size_t>(i)] = false;
  apply_steps(c, routed);
  const std::vector<std::string> types = hf_layer_kinds(c, "mlp_layer_types", layers, "dense sparse moe hash_moe");
  for (std::size_t i = 0; i < types.size(); ++i) routed[i] = types[i] != "dense";
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

std::vector<std::string> hf_layer_kinds(const HfReader& c, const char* key, int layers, std::string_view known) {
  std::vector<std::string> kinds = c.texts_per_layer(key, layers);
  for (const std::string& kind : kinds) {
    if (one_of(known, kind)) continue;
    c.problem(key, fmt::format("\"{}\" is none of the kinds that this family has: {}", kind.substr(0, 60), known));
    return {};
  }
  return kinds;
}

int hf_part(const HfReader& c, std::string_view key, int whole, int parts) {
  if (whole % parts != 0) c.problem(key, fmt::format("{} is no multiple of the {} heads; give one", whole, parts));
  return std::max(1, whole / parts);
}

std::vector<int> hf_windows(const HfReader& c, WindowRule rule, int layers, int pattern) {
  std::vector<int> out(static_cast<std::size_t>(layers), 0);
  const int window = c.optional({"sliding_window", "sliding_window_size"}, 0, kCountMax, 0);
  const bool used = c.flag("use_sliding_window", rule != WindowRule::kFromLayer);
  const int from = c.optional({"max_window_layers"}, layers, kLayersMax, 0);
  const int every = c.optional({"sliding_window_pattern", "_sliding_window_pattern", "global_attn_every_n_layers"},
                               pattern, kLayersMax);
  const std::vector<std::string> types =
      hf_layer_kinds(c, "layer_types", layers, "full_attention sliding_attention attention");
  for (int i = 0; i < layers; ++i) {
    bool sliding = rule == WindowRule::kAll || (rule == WindowRule::kFromLayer && i >= from) ||
                   (rule == WindowRule::kAlternate && i % 2 == 0) ||
                   (rule == WindowRule::kPattern && (i + 1) % every != 0);
    if (!types.empty()) {
      sliding = types[static_cast<std::size_t>(i)] == "sliding_attention";
      if (sliding && window == 0) {
        c.problem("sliding_window", "the key is missing, but layer_types has sliding layers; add the window in tokens");
        return out;
      }
    }
    if (sliding && used) out[static_cast<std::size_t>(i)] = window;
  }
  return out;
}

std::optional<HfReader> hf_layer_override(const HfReader& c, int layer) {
  const auto all = c.object("per_layer_config");
  if (!all) return std::nullopt;
  for (const std::string& key : {fmt::format("{:02}", layer), fmt::format("{}", layer)}) {
    if (all->has(key)) return all->object(key);
  }
  return std::nullopt;
}

void hf_check_overrides(const HfReader& c, std::string_view known) {
  const auto all = c.object("per_layer_config");
  for (const std::string& layer : all ? all->unread() : std::vector<std::string>{}) {
    const auto one = all->object(layer);
    for (const std::string& key : one ? one->unread() : std::vector<std::string>{}) {
      if (!one_of(known, key))
        one->problem(key, fmt::format("the key is not understood for one layer; known there: {}", known));
    }
  }
}

}  // namespace socle::model
