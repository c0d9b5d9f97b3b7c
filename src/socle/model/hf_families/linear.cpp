#include <algorithm>

#include <fmt/format.h>

#include "socle/model/hf_families/blocks.hpp"

// Families with linear attention beside softmax attention: gated delta nets, KDA, lightning attention.
namespace socle::model {
namespace {

constexpr std::string_view kKinds = "linear_attention full_attention sliding_attention";

// A gated delta net: queries, keys, values, a gate as wide as the values, two scalars a head.
Mixer delta_net(const HfReader& c) {
  Mixer m;
  m.kind = MixerKind::kLinear;
  m.heads = c.required({"linear_num_value_heads"}, kHeadsMax);
  m.kv_heads = c.required({"linear_num_key_heads"}, kHeadsMax);
  m.head_dim = c.required({"linear_key_head_dim"}, kWidthMax);
  m.v_head_dim = c.required({"linear_value_head_dim"}, kWidthMax);
  m.conv_width = c.optional({"linear_conv_kernel_dim"}, 4, 1024);
  const double in = 2.0 * m.heads * m.v_head_dim + 2.0 * m.kv_heads * m.head_dim + 2.0 * m.heads;
  if (in > kCountMax) c.problem("linear_num_value_heads", fmt::format("projections wider than {}", kCountMax));
  m.in_width = static_cast<int>(std::min<double>(in, kCountMax));
  m.other_weights = 2.0 * m.heads + m.v_head_dim;
  return m;
}

// Kimi delta attention: as many key as value heads, a decay for each channel; through a low rank, or as wide as the
// values where `rank` is 0.
Mixer kimi_delta(const HfReader& c, int heads, int head_dim, int taps, double rank) {
  Mixer m;
  m.kind = MixerKind::kLinear;
  m.heads = m.kv_heads = heads;
  m.head_dim = m.v_head_dim = head_dim;
  m.conv_width = taps;
  const double width = static_cast<double>(heads) * head_dim;
  const double in = 3.0 * width + heads + 2.0 * (rank > 0 ? rank : width);
  if (in > kCountMax) c.problem("linear_num_heads", fmt::format("projections wider than {}", kCountMax));
  m.in_width = static_cast<int>(std::min<double>(in, kCountMax));
  m.inner_weights = 2.0 * rank * width;
  m.other_weights = width + heads + head_dim;
  return m;
}

}  // namespace

// Qwen3-Next, 3.5, 3.6 and models built like them; their full attention has a gate as wide as its output.
HfShape read_qwen_next(const HfReader& c, std::string_view name) {
  HfShape shape;
  const bool lara = one_of("lara_mini LaraMiniForCausalLM", name);
  const bool olmo = one_of("olmo_hybrid OlmoHybridForCausalLM", name);
  shape.tied_embeddings = lara;
  const int layers = hf_layers(c);
  using Norm = AttentionStyle::Norm;
  Mixer full = hf_attention(c, {.qk_norm = olmo ? Norm::kFull : Norm::kHead});
  full.output_gate = c.flag("attn_output_gate", !lara && !olmo);
  Mixer local = full;
  local.window = c.optional({"sliding_window"}, 0, kCountMax, 0);
  const Mixer linear = delta_net(c);
  const std::vector<FeedForward> blocks = read_feed_forwards(c, {.shared_gate = !lara}, layers);
  const std::vector<std::string> types = hf_layer_kinds(c, "layer_types", layers, kKinds);
  const int interval = c.optional({"full_attention_interval"}, 4, kLayersMax);
  c.ignore({"output_gate_type", "linear_allow_neg_eigval", "linear_a_log_max", "linear_a_log_min",
            "linear_dt_init_floor", "linear_dt_max", "linear_dt_min", "linear_use_gate", "mamba_ssm_dtype",
            "full_attention_interval"});
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const bool is_full =
        types.empty() ? (i + 1) % static_cast<std::size_t>(interval) == 0 : types[i] == "full_attention";
    const bool is_local = !types.empty() && types[i] == "sliding_attention";
    shape.layers.push_back({is_full ? full : is_local ? local : linear, blocks[i]});
  }
  return shape;
}

// MiniMax-Text-01: lightning attention, with a gate as wide as its output and a norm, where attn_type_list has 0.
HfShape read_minimax_text(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  const Mixer full = hf_attention(c);
  Mixer linear = full;
  linear.kind = MixerKind::kLinear;
  linear.kv_heads = linear.heads;
  const double width = static_cast<double>(linear.heads) * linear.head_dim;
  linear.in_width = static_cast<int>(std::min<double>(4.0 * width, kCountMax));
  linear.conv_channels = 1;
  linear.other_weights = width;
  const std::vector<FeedForward> blocks = read_feed_forwards(c, {}, layers);
  const std::vector<int> marks = c.per_layer("attn_type_list", layers);
  const std::vector<std::string> types = hf_layer_kinds(c, "layer_types", layers, kKinds);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const bool is_full = !types.empty()  ? types[i] == "full_attention"
                         : marks.empty() ? (i + 1) % 8 == 0
                                         : marks[i] != 0;
    shape.layers.push_back({is_full ? full : linear, blocks[i]});
  }
  c.ignore({"block_size", "postnorm", "shared_moe_mode", "sliding_window"});
  return shape;
}

// Kimi Linear and K3: delta attention (KDA) with full latent layers between; layers are counted from 1.
HfShape read_kimi_linear(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.never_tied = true;
  const int layers = hf_layers(c);
  Mixer full = hf_mla(c);
  full.output_gate = c.flag("mla_use_output_gate", false);
  Mixer delta = full;
  std::vector<int> full_layers;
  const std::vector<std::string> types = hf_layer_kinds(c, "layer_types", layers, kKinds);
  if (const auto linear = c.object("linear_attn_config")) {
    const int head_dim = linear->required({"head_dim"}, kWidthMax);
    delta = kimi_delta(c, linear->required({"num_heads"}, kHeadsMax), head_dim,
                       linear->optional({"short_conv_kernel_size"}, 0, 1024, 0), head_dim);
    full_layers = linear->integers("full_attn_layers", 1, kLayersMax);
    if (full_layers.size() > static_cast<std::size_t>(layers)) {
      linear->problem("full_attn_layers",
                      fmt::format("{} entries for {} layers; list each layer once", full_layers.size(), layers));
      full_layers.clear();
    }
  } else if (c.has("linear_num_heads")) {
    const int head_dim = c.required({"linear_head_dim"}, kWidthMax);
    delta = kimi_delta(c, c.required({"linear_num_heads"}, kHeadsMax), head_dim,
                       c.optional({"linear_conv_kernel_dim", "short_conv_kernel_size"}, 4, 1024), head_dim);
  } else {
    c.problem("linear_attn_config", "the key is missing; add an object with num_heads, head_dim and full_attn_layers");
  }
  const std::vector<FeedForward> blocks = read_feed_forwards(c, {}, layers);
  c.ignore({"mla_use_nope", "latent_moe_use_norm"});
  for (int i = 0; i < layers; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const bool is_full = types.empty() ? std::find(full_layers.begin(), full_layers.end(), i + 1) != full_layers.end()
                                       : types[at] == "full_attention";
    shape.layers.push_back({is_full ? full : delta, blocks[at]});
  }
  if (c.has("attn_res_block_size")) {
    c.ignore({"attn_res_block_size"});
    shape.notes.push_back("attention over earlier blocks' residuals (attn_res_block_size) is left out.");
  }
  return shape;
}

// Ling 2.5: KDA whose gates are as wide as its values, beside latent attention with a gate of one row a head.
HfShape read_bailing_hybrid(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.never_tied = true;
  const int layers = hf_layers(c);
  Mixer full = hf_mla(c);
  full.inner_weights += static_cast<double>(hf_hidden(c)) * full.heads;
  const Mixer delta =
      kimi_delta(c, c.required({"linear_num_heads"}, kHeadsMax), c.required({"linear_head_dim"}, kWidthMax),
                 c.optional({"linear_conv_kernel_dim", "short_conv_kernel_size"}, 4, 1024), 0);
  const std::vector<FeedForward> blocks = read_feed_forwards(c, {}, layers);
  const std::vector<std::string> types = hf_layer_kinds(c, "layer_types", layers, kKinds);
  const int group = c.optional({"layer_group_size"}, 6, kLayersMax);
  c.ignore({"kda_lower_bound", "kda_safe_gate"});
  for (int i = 0; i < layers; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const bool is_full = types.empty() ? (i + 1) % group == 0 : types[at] == "full_attention";
    shape.layers.push_back({is_full ? full : delta, blocks[at]});
  }
  return shape;
}

}  // namespace socle::model
