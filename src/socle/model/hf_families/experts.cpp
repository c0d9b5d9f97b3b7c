#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/model/hf_families/blocks.hpp"

// Families of experts whose form is not that of the others: shared parts of their own, experts of attention, routers of
// several layers.
namespace socle::model {

// Hunyuan: experts with shared ones beside; in Hunyuan-Large every second layer uses the keys and values of the one
// before (cla_share_factor).
HfShape read_hunyuan_moe(const HfReader& c, std::string_view) {
  const AttentionStyle style{
      .qk_norm = AttentionStyle::Norm::kHead, .qk_norm_key = "use_qk_norm", .qk_norm_default = true};
  const bool mixed = c.flag("use_mixed_mlp_moe", true);
  HfShape shape = read_blocks(c, {.attention = style});
  const bool shares = c.flag("use_cla", false);
  const int factor = c.optional({"cla_share_factor"}, 2, kLayersMax);
  for (std::size_t i = 0; i < shape.layers.size(); ++i) {
    Layer& layer = shape.layers[i];
    if (mixed && layer.feed_forward.experts > 0 && layer.feed_forward.shared_ffn == 0)
      layer.feed_forward.shared_ffn = c.uniform({"intermediate_size"}, 1, kWidthMax);
    if (shares && i % static_cast<std::size_t>(factor) != 0) layer.mixer.reuses_kv = true;
  }
  c.ignore({"moe_layer_num_skipped", "moe_drop_tokens", "capacity_factor", "moe_random_routing_dropped_token",
            "group_limited_greedy", "cla_share_factor", "anyres_vit_max_image_size", "use_rotary_pos_emb"});
  return shape;
}

// Snowflake Arctic: a dense block as wide as the hidden state stands beside the experts, with a norm of its own.
HfShape read_arctic(const HfReader& c, std::string_view) {
  HfShape shape = read_blocks(c, {});
  const int every = c.optional({"moe_layer_frequency"}, 1, kLayersMax);
  const bool residual = c.flag("use_residual", true);
  c.ignore({"parallel_attn_mlp_res", "moe_train_capacity_factor", "moe_eval_capacity_factor", "moe_min_capacity",
            "moe_token_dropping", "enable_expert_tensor_parallelism", "num_key_value_heads"});
  FeedForward dense = hf_dense(c);
  for (std::size_t i = 0; i < shape.layers.size(); ++i) {
    Layer& layer = shape.layers[i];
    if ((i + 1) % static_cast<std::size_t>(every) != 0) layer.feed_forward = dense;
    if (layer.feed_forward.experts == 0 || !residual) continue;
    layer.feed_forward.shared_ffn = hf_hidden(c);
    layer.norms = 3;
  }
  return shape;
}

// Grok-1 and 2: norms around both blocks; Grok-2 has a dense block beside its experts (residual_moe).
HfShape read_grok(const HfReader& c, std::string_view) {
  HfShape shape = read_blocks(c, {.norms = 4, .tied = true});
  if (!c.flag("residual_moe", false)) return shape;
  const int width = c.required({"intermediate_size"}, kWidthMax);
  for (Layer& layer : shape.layers) {
    if (layer.feed_forward.experts > 0) layer.feed_forward.shared_ffn = width;
  }
  return shape;
}

// Step-3: which layers are routed stands in a text of numbers; one shared expert; low-rank queries of several heads on
// one key-value head.
HfShape read_step3(const HfReader& c, std::string_view) {
  HfShape shape = read_blocks(c, {});
  const std::string listed = c.text("moe_layers_enum");
  const FeedForward dense = hf_dense(c);
  const int groups = c.optional({"num_attention_groups"}, 0, kHeadsMax, 0);
  const int query = c.optional({"share_q_dim"}, 0, kWidthMax, 0);
  for (std::size_t i = 0; i < shape.layers.size(); ++i) {
    Layer& layer = shape.layers[i];
    if (groups > 0) layer.mixer.kv_heads = groups;
    if (query > 0) layer.mixer.q_lora = query;
    if (!listed.empty() && fmt::format(",{},", listed).find(fmt::format(",{},", i)) == std::string::npos)
      layer.feed_forward = dense;
  }
  return shape;
}

// JetMoE: experts of attention, each with its own queries and output, share keys and values.
HfShape read_jetmoe(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.tied_embeddings = true;
  const int layers = hf_layers(c);
  Mixer mixer;
  FeedForward experts = hf_experts(c);
  mixer.kv_heads = c.required({"num_key_value_heads"}, kHeadsMax);
  mixer.head_dim = mixer.v_head_dim = c.required({"kv_channels"}, kWidthMax);
  const double heads = std::max(1.0, static_cast<double>(mixer.kv_heads) * std::max(1, experts.topk));
  mixer.heads = static_cast<int>(std::min<double>(heads, kHeadsMax));
  const double hidden = hf_hidden(c);
  const double one = 2.0 * hidden * mixer.kv_heads * mixer.head_dim;
  mixer.inner_weights = hidden * experts.experts;
  mixer.other_weights = hidden;
  experts.other_weights = hidden;
  Layer layer{mixer, experts};
  layer.idle_weights = std::max(0, experts.experts - experts.topk) * one;
  shape.layers.assign(static_cast<std::size_t>(layers), layer);
  c.ignore({"num_attention_heads"});
  return shape;
}

// Doge: dynamic masks and, where is_moe says so, tiny experts beside the dense block, found through two tables of keys.
HfShape read_doge(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer mixer = hf_attention(c, {.qk_norm = AttentionStyle::Norm::kHead});
  const double hidden = hf_hidden(c);
  mixer.inner_weights += hidden * mixer.kv_heads;
  mixer.other_weights += mixer.kv_heads + hidden;
  const FeedForward dense = hf_dense(c);
  FeedForward experts = hf_experts(c);
  experts.gated = false;
  experts.ffn = 1;
  experts.shared_ffn = 0;
  experts.router_weights = 2.0 * std::floor(std::sqrt(static_cast<double>(experts.experts))) * hidden;
  experts.inner_weights = 3.0 * hidden * dense.ffn;
  FeedForward block = c.flag("is_moe", false) ? experts : dense;
  block.other_weights += hidden;
  const std::vector<int> windows = hf_windows(c, WindowRule::kAll, layers);
  for (const int window : windows) {
    Layer layer{mixer, block};
    layer.mixer.window = window;
    shape.layers.push_back(layer);
  }
  c.ignore({"keep_window_size"});
  return shape;
}

// ZAYA: convolutions mix queries and keys before the attention, half of the values come from the token before, the
// router is a small network.
HfShape read_zaya(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.tied_embeddings = true;
  const int layers = hf_layers(c);
  Mixer mixer = hf_attention(c);
  const double hidden = hf_hidden(c);
  const double channels = static_cast<double>(mixer.heads + mixer.kv_heads) * mixer.head_dim;
  const double first = c.optional({"cca_time0"}, 2, 1024), second = c.optional({"cca_time1"}, 2, 1024);
  mixer.inner_weights += channels * mixer.head_dim * second;
  mixer.other_weights += channels * (first + 2.0) + mixer.kv_heads + 4.0 * hidden;
  FeedForward experts = hf_experts(c);
  const double router = c.optional({"router_hidden_size"}, 256, kWidthMax);
  experts.router_weights = router * (hidden + 2.0 * router + experts.experts + 1.0);
  experts.other_weights = 5.0 * router + 4.0 * hidden;
  shape.layers.assign(static_cast<std::size_t>(layers), Layer{mixer, experts});
  shape.other_weights = 2.0 * hidden;
  c.ignore({"layer_types", "sliding_window"});
  return shape;
}

}  // namespace socle::model
