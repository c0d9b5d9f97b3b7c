#include <algorithm>

#include <fmt/format.h>

#include "socle/model/hf_families/blocks.hpp"

// Families whose layers differ in what their attention sees, or in how many heads it has: sliding, chunked or
// block-sparse beside full.
namespace socle::model {

// Three of four layers of Llama 4 attend within chunks, every n-th is routed; the shared expert is as wide as a routed
// one.
HfShape read_llama4(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer full = hf_attention(c);
  Mixer local = full;
  local.chunk = c.optional({"attention_chunk_size"}, 0, kCountMax);
  FeedForward experts = hf_experts(c);
  experts.shared_ffn = experts.ffn;
  const int step = c.optional({"interleave_moe_layer_step"}, 1, kLayersMax);
  const int interval = c.optional({"no_rope_layer_interval"}, 4, kLayersMax);
  const std::vector<int> rotary = c.per_layer("no_rope_layers", layers);
  const std::vector<int> listed = c.integers("moe_layers", 0, kLayersMax);
  const std::vector<std::string> types = hf_layer_kinds(c, "layer_types", layers, "full_attention chunked_attention");
  std::vector<bool> routed;
  for (int i = 0; i < layers; ++i) {
    const bool in_list = std::find(listed.begin(), listed.end(), i) != listed.end();
    routed.push_back(experts.experts > 0 && (c.has("moe_layers") ? in_list : i % step == step - 1));
  }
  FeedForward dense;
  if (std::find(routed.begin(), routed.end(), false) != routed.end()) dense = hf_dense(c, {"intermediate_size_mlp"});
  c.ignore({"intermediate_size_mlp", "intermediate_size"});
  for (int i = 0; i < layers; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const bool chunked = !types.empty()   ? types[at] == "chunked_attention"
                         : rotary.empty() ? (i + 1) % interval != 0
                                          : rotary[at] != 0;
    shape.layers.push_back({chunked ? local : full, routed[at] ? experts : dense});
  }
  return shape;
}

// MiMo-V2: sliding layers have heads of their own, by transformers' form twice as many key-value heads; they alone have
// sinks.
HfShape read_mimo_v2(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer full = hf_attention(c);
  full.v_head_dim = c.optional({"v_head_dim"}, full.head_dim, kWidthMax);
  Mixer local = full;
  const std::vector<int> sliding = c.per_layer("hybrid_layer_pattern", layers);
  const std::vector<std::string> types = hf_layer_kinds(c, "layer_types", layers, "full_attention sliding_attention");
  local.heads = c.optional({"swa_num_attention_heads"}, full.heads, kHeadsMax);
  const int doubled = std::min(types.empty() ? full.kv_heads : 2 * full.kv_heads, kHeadsMax);
  local.kv_heads = c.optional({"swa_num_key_value_heads"}, doubled, kHeadsMax);
  local.head_dim = c.optional({"swa_head_dim"}, full.head_dim, kWidthMax);
  local.v_head_dim = c.optional({"swa_v_head_dim"}, full.v_head_dim, kWidthMax);
  local.window = c.required({"sliding_window", "sliding_window_size"}, kCountMax);
  local.other_weights += local.heads;
  c.ignore(
      {"sliding_window_size", "attention_chunk_size", "add_swa_attention_sink_bias", "add_full_attention_sink_bias"});
  const std::vector<FeedForward> blocks = read_feed_forwards(c, {}, layers);
  if (sliding.empty() && types.empty())
    c.problem("hybrid_layer_pattern", "the key is missing; add 1 for a sliding and 0 for a full layer");
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const bool is_local = !types.empty() ? types[i] == "sliding_attention" : !sliding.empty() && sliding[i] != 0;
    shape.layers.push_back({is_local ? local : full, blocks[i]});
  }
  return shape;
}

// Block-sparse attention of MiniMax-M3: an indexer of few heads picks blocks of keys. Its sizes stand in an object, or,
// as transformers writes them, in keys of their own.
HfShape read_minimax_m3(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer full = hf_attention(c, {.qk_norm = AttentionStyle::Norm::kHead});
  full.output_gate = c.flag("attention_output_gate", false);
  Mixer sparse = full;
  double tokens = 0;
  std::vector<int> marks;
  if (const auto config = c.object("sparse_attention_config")) {
    sparse.index_heads = config->required({"sparse_num_index_heads"}, kHeadsMax);
    sparse.index_dim = config->required({"sparse_index_dim"}, kWidthMax);
    tokens = static_cast<double>(config->required({"sparse_topk_blocks"}, kWidthMax)) *
             config->required({"sparse_block_size"}, kWidthMax);
    marks = config->per_layer("sparse_attention_freq", layers);
  } else {
    sparse.index_heads = c.optional({"index_n_heads"}, 0, kHeadsMax, 0);
    sparse.index_dim = c.optional({"index_head_dim"}, 0, kWidthMax, 0);
    tokens = static_cast<double>(c.optional({"index_topk_blocks"}, 0, kWidthMax, 0)) *
             c.optional({"index_block_size"}, 0, kWidthMax, 0);
    c.ignore({"index_local_blocks"});
    for (const std::string& type : hf_layer_kinds(c, "layer_types", layers,
                                                  "full_attention minimax_m3_sparse "
                                                  "sparse_attention indexed_attention"))
      marks.push_back(type != "full_attention");
  }
  if (tokens > kCountMax)
    c.problem("sparse_topk_blocks", fmt::format("more than {} tokens attended to; give fewer blocks", kCountMax));
  else
    sparse.index_topk = static_cast<int>(tokens);
  sparse.other_weights += 2.0 * sparse.index_dim;
  FeedForward experts = hf_experts(c);
  const FeedForward dense = hf_dense(c, {"dense_intermediate_size", "intermediate_size"});
  const std::vector<bool> routed = hf_routed_layers(c, layers);
  c.ignore({"intermediate_size"});
  for (std::size_t i = 0; i < routed.size(); ++i) {
    const bool is_sparse = !marks.empty() && marks[i] != 0;
    shape.layers.push_back({is_sparse ? sparse : full, routed[i] && experts.experts > 0 ? experts : dense});
  }
  return shape;
}

// Laguna: layers may have different numbers of query heads; a gate on the output, one row a head or as wide.
HfShape read_laguna(const HfReader& c, std::string_view) {
  using Gate = AttentionStyle::Gate;
  const int layers = hf_layers(c);
  AttentionStyle style{.qk_norm = AttentionStyle::Norm::kHead, .gate = Gate::kHead};
  if (c.has("gating") && c.value("gating").is_string())
    style.gate = c.text("gating") == "per-head" ? Gate::kHead : Gate::kFull;
  else if (!c.flag("gating", true))
    style.gate = Gate::kNone;
  HfShape shape = read_blocks(c, {.attention = style});
  const std::vector<int> heads = c.per_layer("num_attention_heads_per_layer", layers);
  for (std::size_t i = 0; i < heads.size() && i < shape.layers.size(); ++i) {
    Mixer& mixer = shape.layers[i].mixer;
    mixer.heads = std::clamp(heads[i], 1, kHeadsMax);
    dress(c, style, mixer);
  }
  return shape;
}

// Llama 3.2 Vision: some layers attend to the image instead of to the text; their queries and keys have norms, and two
// gates weigh them. Eight rows more than the vocabulary are embedded.
HfShape read_mllama(const HfReader& c, std::string_view) {
  HfShape shape = read_blocks(c, {});
  shape.never_tied = true;
  const std::vector<int> crossing = c.integers("cross_attention_layers", 0, kLayersMax);
  for (const int layer : crossing) {
    if (layer >= static_cast<int>(shape.layers.size())) continue;
    Mixer& mixer = shape.layers[static_cast<std::size_t>(layer)].mixer;
    mixer.other_weights += 2.0 * mixer.head_dim + 2.0;
  }
  shape.other_weights += 8.0 * hf_hidden(c);
  if (!crossing.empty())
    shape.notes.push_back(fmt::format(
        "{} layers attend to an image; they are counted as attention to the text, which pure text does not pass.",
        crossing.size()));
  return shape;
}

}  // namespace socle::model
