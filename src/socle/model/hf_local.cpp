#include <fmt/format.h>

#include "socle/model/hf_families.hpp"
#include "socle/model/shape_check.hpp"

// Families whose layers differ in what their attention sees: sliding, chunked or block-sparse beside full.
namespace socle::model {

// Global layers of Gemma 4 have wider, fewer heads whose keys serve as values; experts stand beside a dense block.
HfShape read_gemma4(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.tied_embeddings = true;
  const int layers = hf_layers(c);
  Mixer local = hf_attention(c, false);
  Mixer global = local;
  local.window = c.required({"sliding_window"}, kCountMax);
  global.kv_heads = c.optional({"num_global_key_value_heads"}, local.kv_heads, kHeadsMax);
  global.head_dim = c.optional({"global_head_dim"}, local.head_dim, kWidthMax);
  global.v_head_dim = global.head_dim;
  global.shared_kv = c.flag("attention_k_eq_v", false);
  FeedForward feed = hf_dense(c);
  FeedForward experts = hf_experts(c);
  if (c.flag("enable_moe_block", false)) {
    experts.shared_ffn = feed.ffn;
    feed = experts;
  }
  const std::vector<std::string> types = c.texts_per_layer("layer_types", layers);
  if (types.empty())
    c.problem("layer_types", "the key is missing; add one of \"sliding_attention\", \"full_attention\" for each layer");
  for (const std::string& type : types) shape.layers.push_back({type == "full_attention" ? global : local, feed});
  if (c.optional({"hidden_size_per_layer_input"}, 0, kWidthMax, 0) > 0)
    shape.notes.push_back("embeddings of each layer (hidden_size_per_layer_input) are left out.");
  if (c.optional({"num_kv_shared_layers"}, 0, kLayersMax, 0) > 0)
    shape.notes.push_back("sharing of keys and values across layers (num_kv_shared_layers) is left out.");
  if (c.flag("use_double_wide_mlp", false))
    shape.notes.push_back("blocks of double width (use_double_wide_mlp) are left out.");
  c.ignore({"vocab_size_per_layer_input"});
  return shape;
}

// Three of four layers of Llama 4 attend within chunks, every n-th is routed; the shared expert is as wide as a routed
// one.
HfShape read_llama4(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer full = hf_attention(c, false);
  Mixer local = full;
  local.chunk = c.optional({"attention_chunk_size"}, 0, kCountMax);
  FeedForward experts = hf_experts(c);
  experts.shared_ffn = experts.ffn;
  const int step = c.optional({"interleave_moe_layer_step"}, 1, kLayersMax);
  const int interval = c.optional({"no_rope_layer_interval"}, 4, kLayersMax);
  const std::vector<int> rotary = c.per_layer("no_rope_layers", layers);
  FeedForward dense;
  if (step > 1 || experts.experts == 0) dense = hf_dense(c, "intermediate_size_mlp");
  c.ignore({"intermediate_size_mlp", "intermediate_size"});
  for (int i = 0; i < layers; ++i) {
    const bool chunked = rotary.empty() ? (i + 1) % interval != 0 : rotary[static_cast<std::size_t>(i)] != 0;
    const bool routed = experts.experts > 0 && i % step == step - 1;
    shape.layers.push_back({chunked ? local : full, routed ? experts : dense});
  }
  return shape;
}

HfShape read_mimo_v2(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer full = hf_attention(c, false);
  full.v_head_dim = c.optional({"v_head_dim"}, full.head_dim, kWidthMax);
  Mixer local = full;
  local.heads = c.optional({"swa_num_attention_heads"}, full.heads, kHeadsMax);
  local.kv_heads = c.optional({"swa_num_key_value_heads"}, full.kv_heads, kHeadsMax);
  local.head_dim = c.optional({"swa_head_dim"}, full.head_dim, kWidthMax);
  local.v_head_dim = c.optional({"swa_v_head_dim"}, full.v_head_dim, kWidthMax);
  local.window = c.required({"sliding_window", "sliding_window_size"}, kCountMax);
  c.ignore(
      {"sliding_window_size", "attention_chunk_size", "add_swa_attention_sink_bias", "add_full_attention_sink_bias"});
  const FeedForward experts = hf_experts(c);
  const FeedForward dense = hf_dense(c);
  const std::vector<bool> routed = hf_routed_layers(c, layers);
  const std::vector<int> sliding = c.per_layer("hybrid_layer_pattern", layers);
  if (sliding.empty())
    c.problem("hybrid_layer_pattern", "the key is missing; add 1 for a sliding and 0 for a full layer");
  for (std::size_t i = 0; i < sliding.size(); ++i) {
    shape.layers.push_back({sliding[i] != 0 ? local : full, routed[i] && experts.experts > 0 ? experts : dense});
  }
  return shape;
}

// Block-sparse attention of MiniMax-M3: an indexer of few heads picks blocks of keys.
HfShape read_minimax_m3(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer full = hf_attention(c, false);
  full.output_gate = c.flag("attention_output_gate", false);
  Mixer sparse = full;
  std::vector<int> marks;
  if (const auto config = c.object("sparse_attention_config")) {
    sparse.index_heads = config->required({"sparse_num_index_heads"}, kHeadsMax);
    sparse.index_dim = config->required({"sparse_index_dim"}, kWidthMax);
    const double tokens = static_cast<double>(config->required({"sparse_topk_blocks"}, kWidthMax)) *
                          config->required({"sparse_block_size"}, kWidthMax);
    if (tokens > kCountMax)
      config->problem("sparse_topk_blocks",
                      fmt::format("more than {} tokens attended to; give fewer blocks", kCountMax));
    else
      sparse.index_topk = static_cast<int>(tokens);
    marks = config->per_layer("sparse_attention_freq", layers);
  }
  const FeedForward experts = hf_experts(c);
  const FeedForward dense = c.has("dense_intermediate_size") ? hf_dense(c, "dense_intermediate_size") : hf_dense(c);
  const std::vector<bool> routed = hf_routed_layers(c, layers);
  c.ignore({"intermediate_size"});
  for (std::size_t i = 0; i < routed.size(); ++i) {
    const bool is_sparse = !marks.empty() && marks[i] != 0;
    shape.layers.push_back({is_sparse ? sparse : full, routed[i] && experts.experts > 0 ? experts : dense});
  }
  return shape;
}

}  // namespace socle::model
