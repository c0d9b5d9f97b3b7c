#include <algorithm>

#include <fmt/format.h>

#include "socle/model/hf_families/blocks.hpp"

// Gemma: tied embeddings, norms around both blocks from the second generation on, local layers between global ones.
namespace socle::model {
namespace {

using Norm = AttentionStyle::Norm;

constexpr BlockStyle kStyles[] = {
    {.names = "gemma GemmaForCausalLM", .tied = true},
    {.names = "gemma2 Gemma2ForCausalLM", .window = WindowRule::kAlternate, .norms = 4, .tied = true},
    {.names = "vaultgemma VaultGemmaForCausalLM", .window = WindowRule::kAlternate, .tied = true},
    {.names = "gemma3_text gemma3 Gemma3ForCausalLM",
     .attention = {.qk_norm = Norm::kHead},
     .window = WindowRule::kPattern,
     .norms = 4,
     .tied = true},
};

// Embeddings of each layer: a table of rows for all layers, and in each layer a gate, a projection, a norm and its part
// of the projection of the model's input.
void add_layer_embeddings(const HfReader& c, HfShape& shape) {
  const double width = c.optional({"hidden_size_per_layer_input"}, 0, kWidthMax, 0);
  const double rows = c.optional({"vocab_size_per_layer_input", "vocab_size"}, 0, kWidthMax);
  if (width == 0) return;
  shape.lookup_weights += rows * width * static_cast<double>(shape.layers.size());
  shape.other_weights += width;
  for (Layer& layer : shape.layers) {
    layer.feed_forward.inner_weights += 3.0 * width * hf_hidden(c);
    layer.norms += 1;
  }
}

bool reuses(const HfReader& c, int layer, int layers) {
  return layer >= layers - c.optional({"num_kv_shared_layers"}, 0, kLayersMax, 0);
}

}  // namespace

HfShape read_gemma(const HfReader& c, std::string_view name) { return read_styled(c, name, kStyles); }

// Gemma 3n: alternating updates of several residual streams, low-rank residuals, embeddings of each layer; the last
// layers use keys and values of earlier ones.
HfShape read_gemma3n(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.tied_embeddings = true;
  const int layers = hf_layers(c);
  const AttentionStyle style{.qk_norm = Norm::kHead};
  const Mixer full = hf_attention(c, style);
  const std::vector<int> windows = hf_windows(c, WindowRule::kPattern, layers, 5);
  FeedForward block = hf_dense(c);
  const double hidden = hf_hidden(c);
  const double streams = c.optional({"altup_num_inputs"}, 4, 64);
  const double rank = c.optional({"laurel_rank"}, 64, kWidthMax);
  block.inner_weights = 2.0 * hidden * rank + streams * hidden;
  block.other_weights = streams * streams + streams * streams * streams;
  for (int i = 0; i < layers; ++i) {
    Mixer mixer = full;
    mixer.window = windows[static_cast<std::size_t>(i)];
    mixer.reuses_kv = reuses(c, i, layers);
    dress(c, style, mixer);
    shape.layers.push_back({mixer, block, 7});
  }
  shape.other_weights += 2.0 * (streams - 1.0) * hidden * hidden;
  add_layer_embeddings(c, shape);
  c.ignore({"altup_active_idx", "altup_coef_clip", "altup_correct_scale", "activation_sparsity_pattern"});
  return shape;
}

// Gemma 4: global layers have wider, fewer heads whose keys may serve as values; experts stand beside a dense block.
HfShape read_gemma4(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.tied_embeddings = true;
  const int layers = hf_layers(c);
  const AttentionStyle style{.qk_norm = Norm::kHead};
  Mixer local = hf_attention(c, style);
  Mixer global = local;
  local.window = c.required({"sliding_window"}, kCountMax);
  global.kv_heads = c.optional({"num_global_key_value_heads"}, local.kv_heads, kHeadsMax);
  global.head_dim = c.optional({"global_head_dim"}, local.head_dim, kWidthMax);
  global.shared_kv = c.flag("attention_k_eq_v", false);
  const FeedForward dense = hf_dense(c);
  FeedForward feed = hf_experts(c);
  const bool routed = c.flag("enable_moe_block", false);
  if (routed) feed.shared_ffn = dense.ffn;
  const bool wide = c.flag("use_double_wide_mlp", false);
  const std::vector<std::string> types = hf_layer_kinds(c, "layer_types", layers, "full_attention sliding_attention");
  if (types.empty())
    c.problem("layer_types", "the key is missing; add one of \"sliding_attention\", \"full_attention\" for each layer");
  for (int i = 0; i < static_cast<int>(types.size()); ++i) {
    Mixer mixer = types[static_cast<std::size_t>(i)] == "full_attention" ? global : local;
    if (const auto own = hf_layer_override(c, i)) {
      mixer.head_dim = own->optional({"head_dim"}, mixer.head_dim, kWidthMax);
      mixer.kv_heads = own->optional({"num_key_value_heads"}, mixer.kv_heads, kHeadsMax);
    }
    mixer.v_head_dim = mixer.head_dim;
    mixer.reuses_kv = reuses(c, i, layers);
    dress(c, style, mixer);
    Layer layer{mixer, routed ? feed : dense, 4};
    if (wide && mixer.reuses_kv && !routed) layer.feed_forward.ffn = std::min(2 * dense.ffn, kWidthMax);
    shape.layers.push_back(layer);
  }
  hf_check_overrides(c, "head_dim num_key_value_heads");
  add_layer_embeddings(c, shape);
  return shape;
}

}  // namespace socle::model
