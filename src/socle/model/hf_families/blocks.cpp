#include "socle/model/hf_families/blocks.hpp"

#include <algorithm>

namespace socle::model {
namespace {

FeedForward dense_block(const HfReader& c, const BlockStyle& style) {
  FeedForward ff = hf_dense(c, kDenseWidthKeys, static_cast<double>(style.ffn_factor) * hf_hidden(c));
  ff.gated = style.gated;
  ff.bias = c.flag(style.mlp_bias_key, style.mlp_bias);
  if (style.sub_norms) ff.other_weights += ff.ffn;
  return ff;
}

FeedForward routed_block(const HfReader& c, const BlockStyle& style, FeedForward experts) {
  experts.gated = style.gated;
  experts.bias = style.expert_bias;
  if (style.expert_bias) experts.other_weights += experts.experts;
  if (style.shared_gate && experts.shared_ffn > 0) experts.inner_weights += hf_hidden(c);
  return experts;
}

}  // namespace

std::vector<FeedForward> read_feed_forwards(const HfReader& c, const BlockStyle& style, int layers) {
  const FeedForward experts = routed_block(c, style, hf_experts(c));
  std::vector<bool> routed(static_cast<std::size_t>(layers), false);
  const std::vector<bool> listed = hf_routed_layers(c, layers);  // dense models of such families carry the keys
  if (experts.experts > 0) routed = listed;
  FeedForward dense;
  if (std::find(routed.begin(), routed.end(), false) != routed.end()) dense = dense_block(c, style);
  c.ignore({"intermediate_size", "ffn_hidden_size", "moe_intermediate_size", "mlp_bias"});
  std::vector<FeedForward> out;
  for (const bool is_routed : routed) out.push_back(is_routed ? experts : dense);
  return out;
}

HfShape read_blocks(const HfReader& c, const BlockStyle& style) {
  HfShape shape;
  shape.tied_embeddings = style.tied;
  shape.layer_norm = style.layer_norm;
  shape.final_norm = style.final_norm;
  if (style.positions) {
    shape.learned_positions = c.optional({"max_position_embeddings", "n_positions", "max_seq_len"}, 0, kCountMax);
    shape.learned_positions += shape.learned_positions > 0 ? style.extra_positions : 0;
  }
  const int layers = hf_layers(c);
  Mixer mixer = hf_attention(c, style.attention);
  if (style.sub_norms) mixer.other_weights += static_cast<double>(mixer.heads) * mixer.head_dim;
  const std::vector<FeedForward> blocks = read_feed_forwards(c, style, layers);
  const std::vector<int> windows = hf_windows(c, style.window, layers, style.pattern);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    Layer layer{mixer, blocks[i], style.norms == 2 ? -1 : style.norms};
    layer.mixer.window = windows[i];
    shape.layers.push_back(layer);
  }
  if (c.flag("lm_head_bias", style.head_bias)) shape.other_weights += c.optional({"vocab_size"}, 0, kWidthMax);
  return shape;
}

HfShape read_styled(const HfReader& c, std::string_view name, std::span<const BlockStyle> styles) {
  for (const BlockStyle& style : styles) {
    if (one_of(style.names, name)) return read_blocks(c, style);
  }
  return read_blocks(c, BlockStyle{});
}

}  // namespace socle::model
