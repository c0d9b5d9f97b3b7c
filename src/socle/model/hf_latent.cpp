#include <algorithm>

#include <fmt/format.h>

#include "socle/model/hf_families.hpp"
#include "socle/model/shape_check.hpp"

// Families with low-rank queries, keys and values: DeepSeek, Kimi, GLM-5.
namespace socle::model {

// DeepSeek-V2, V3, R1, V3.2, Kimi K2, GLM-5. Layers whose indexer is "shared" use the choice of the one before.
HfShape read_deepseek(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer mixer = hf_mla(c);
  mixer.index_topk = c.optional({"index_topk"}, 0, kCountMax, 0);
  if (mixer.index_topk > 0) {
    mixer.index_heads = c.required({"index_n_heads"}, kHeadsMax);
    mixer.index_dim = c.required({"index_head_dim"}, kWidthMax);
  }
  Mixer sharing = mixer;
  sharing.index_heads = sharing.index_dim = 0;
  const std::vector<std::string> types = c.texts_per_layer("indexer_types", layers);
  const FeedForward experts = hf_experts(c);
  std::vector<bool> routed(static_cast<std::size_t>(layers), false);
  if (experts.experts > 0) routed = hf_routed_layers(c, layers);
  FeedForward dense;
  if (std::find(routed.begin(), routed.end(), false) != routed.end()) dense = hf_dense(c);
  c.ignore({"intermediate_size", "mlp_bias", "layer_types", "index_topk_freq", "index_skip_topk_offset",
            "index_topk_pattern", "index_share_for_mtp_iteration", "num_experts", "indexer_rope_interleave"});
  for (std::size_t i = 0; i < routed.size(); ++i) {
    const bool shares = !types.empty() && types[i] == "shared";
    shape.layers.push_back({shares ? sharing : mixer, routed[i] ? experts : dense});
  }
  return shape;
}

// DeepSeek-V4: one key-value head of full width whose keys serve as values, a sliding window, beyond it compressed keys
// (ratio 0: none; 4: an indexer picks among them; 128: all), a grouped low-rank output, hyper-connections.
HfShape read_deepseek_v4(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer base = hf_attention(c, false);
  base.shared_kv = true;
  base.q_lora = c.required({"q_lora_rank"}, kWidthMax);
  base.rope_dim = c.required({"qk_rope_head_dim"}, kWidthMax);
  base.o_lora = c.required({"o_lora_rank"}, kWidthMax);
  base.o_groups = c.required({"o_groups"}, kHeadsMax);
  base.window = c.required({"sliding_window"}, kCountMax);
  const int index_heads = c.required({"index_n_heads"}, kHeadsMax);
  const int index_dim = c.required({"index_head_dim"}, kWidthMax);
  const int index_topk = c.required({"index_topk"}, kCountMax);
  const FeedForward experts = hf_experts(c);
  if (experts.experts == 0) c.problem("n_routed_experts", "the key is missing; add the number of routed experts");
  std::vector<int> ratios = c.integers("compress_ratios", 0, kCountMax);
  // One entry for each layer, and further ones for MTP modules.
  if (ratios.size() < static_cast<std::size_t>(layers)) {
    c.problem("compress_ratios", fmt::format("{} entries for {} layers; give one for each", ratios.size(), layers));
  }
  ratios.resize(static_cast<std::size_t>(layers));
  for (const int ratio : ratios) {
    Mixer mixer = base;
    mixer.compress = ratio;
    if (ratio == 4) mixer.index_heads = index_heads, mixer.index_dim = index_dim, mixer.index_topk = index_topk;
    shape.layers.push_back({mixer, experts});
  }
  shape.residual_streams = c.optional({"hc_mult"}, 1, 64);
  c.ignore({"num_hash_layers", "hc_sinkhorn_iters", "hc_eps", "compress_rope_theta", "expert_dtype",
            "moe_intermediate_size"});
  return shape;
}

// Kimi Linear and K3: delta attention (KDA) with full latent layers between; layers are counted from 1.
HfShape read_kimi_linear(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer full = hf_mla(c);
  full.output_gate = c.flag("mla_use_output_gate", false);
  Mixer delta;
  delta.kind = MixerKind::kLinear;
  std::vector<int> full_layers;
  if (const auto linear = c.object("linear_attn_config")) {
    delta.heads = delta.kv_heads = linear->required({"num_heads"}, kHeadsMax);
    delta.head_dim = delta.v_head_dim = linear->required({"head_dim"}, kWidthMax);
    delta.conv_width = linear->optional({"short_conv_kernel_size"}, 0, 1024, 0);
    full_layers = linear->integers("full_attn_layers", 1, kLayersMax);
    if (full_layers.size() > static_cast<std::size_t>(layers)) {
      linear->problem("full_attn_layers",
                      fmt::format("{} entries for {} layers; list each layer once", full_layers.size(), layers));
      full_layers.clear();
    }
  } else {
    c.problem("linear_attn_config", "the key is missing; add an object with num_heads, head_dim and full_attn_layers");
    delta = full;
  }
  const FeedForward experts = hf_experts(c);
  std::vector<bool> routed(static_cast<std::size_t>(layers), false);
  if (experts.experts > 0) routed = hf_routed_layers(c, layers);
  FeedForward dense;
  if (std::find(routed.begin(), routed.end(), false) != routed.end()) dense = hf_dense(c);
  c.ignore({"intermediate_size", "mla_use_nope", "latent_moe_use_norm"});
  for (int i = 0; i < layers; ++i) {
    const bool is_full = std::find(full_layers.begin(), full_layers.end(), i + 1) != full_layers.end();
    shape.layers.push_back({is_full ? full : delta, routed[static_cast<std::size_t>(i)] ? experts : dense});
  }
  if (c.has("attn_res_block_size")) {
    c.ignore({"attn_res_block_size"});
    shape.notes.push_back("attention over earlier blocks' residuals (attn_res_block_size) is left out.");
  }
  shape.notes.push_back("the low-rank decay projection of linear layers is left out, below 1 % of their weights.");
  return shape;
}

}  // namespace socle::model
