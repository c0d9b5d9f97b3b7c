#include <algorithm>

#include <fmt/format.h>

#include "socle/model/hf_families/blocks.hpp"

// Families with low-rank queries, keys and values: DeepSeek, Kimi, GLM-5, LongCat and dense models built like them.
namespace socle::model {
namespace {

// The indexer of sparse attention, where the config has one.
void add_indexer(const HfReader& c, Mixer& mixer) {
  mixer.index_topk = c.optional({"index_topk"}, 0, kCountMax, 0);
  if (mixer.index_topk == 0) return;
  mixer.index_heads = c.required({"index_n_heads"}, kHeadsMax);
  mixer.index_dim = c.required({"index_head_dim"}, kWidthMax);
  mixer.other_weights += 2.0 * mixer.index_dim;  // the norm of its keys
}

void drop_indexer(Mixer& mixer) {
  if (mixer.index_heads == 0) return;
  mixer.other_weights -= 2.0 * mixer.index_dim;
  mixer.index_heads = mixer.index_dim = 0;
}

void ignore_indexer_details(const HfReader& c) {
  c.ignore({"index_topk_freq", "index_skip_topk_offset", "index_topk_pattern", "index_share_for_mtp_iteration",
            "indexer_rope_interleave"});
}

// A.X K2: norms gated through a low rank, and a gate beside the queries, both from twice the query rank.
void add_gated_norms(const HfReader& c, HfShape& shape) {
  const double rank = c.optional({"gated_norm_rank"}, 0, kWidthMax, 0);
  const double hidden = hf_hidden(c);
  for (Layer& layer : shape.layers) {
    Mixer& m = layer.mixer;
    const double queries = static_cast<double>(m.heads) * m.head_dim;
    const double gates = static_cast<double>(m.heads) * m.v_head_dim;
    m.inner_weights += 2.0 * rank * hidden + 2.0 * m.q_lora * (queries + gates) - m.q_lora * queries;
    if (layer.feed_forward.experts > 0) layer.feed_forward.inner_weights += 2.0 * rank * hidden;
  }
}

// The ratio of each layer, from compress_ratios (one entry for each layer, and further ones for MTP modules) or from
// the kinds that transformers writes.
std::vector<int> compress_ratios(const HfReader& c, int layers) {
  const std::vector<std::string> kinds = hf_layer_kinds(
      c, "layer_types", layers, "sliding_attention compressed_sparse_attention heavily_compressed_attention");
  int sparse = 4, heavy = 128;
  if (const auto rates = c.object("compress_rates")) {
    sparse = rates->optional({"compressed_sparse_attention"}, sparse, kCountMax);
    heavy = rates->optional({"heavily_compressed_attention"}, heavy, kCountMax);
    c.adopt_unread(*rates);
  }
  std::vector<int> ratios = c.integers("compress_ratios", 0, kCountMax);
  if (ratios.empty()) {
    for (const std::string& kind : kinds)
      ratios.push_back(kind == "sliding_attention" ? 0 : kind == "compressed_sparse_attention" ? sparse : heavy);
  }
  if (ratios.size() < static_cast<std::size_t>(layers)) {
    c.problem("compress_ratios", fmt::format("{} entries for {} layers; give one for each", ratios.size(), layers));
  }
  ratios.resize(static_cast<std::size_t>(layers));
  return ratios;
}

}  // namespace

// DeepSeek-V2 to V3.2, Kimi K2, GLM-5 and their like. Layers whose indexer is "shared" use the choice of the one
// before.
HfShape read_deepseek(const HfReader& c, std::string_view name) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer mixer = hf_mla(c);
  add_indexer(c, mixer);
  const std::vector<std::string> types = hf_layer_kinds(c, "indexer_types", layers, "full shared");
  const std::vector<FeedForward> blocks = read_feed_forwards(c, {}, layers);
  c.ignore({"layer_types", "num_experts"});
  ignore_indexer_details(c);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    Layer layer{mixer, blocks[i]};
    if (!types.empty() && types[i] == "shared") drop_indexer(layer.mixer);
    shape.layers.push_back(layer);
  }
  if (one_of("axk1 AXK1ForCausalLM", name)) {
    for (Layer& layer : shape.layers) layer.norms = layer.feed_forward.experts > 0 ? 3 : 2;
  }
  if (one_of("axk2 AXK2ForCausalLM", name)) add_gated_norms(c, shape);
  return shape;
}

// Dense models with latent attention.
HfShape read_minicpm3(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.tied_embeddings = true;
  const int layers = hf_layers(c);
  shape.layers.assign(static_cast<std::size_t>(layers), Layer{hf_mla(c), hf_dense(c)});
  c.ignore({"scale_depth", "scale_emb", "dim_model_base", "embedding_initializer_range"});
  return shape;
}

// Hunyuan 4: latent attention with sinks and a gate as wide as its output, an indexer, hyper-connections.
HfShape read_hy_v4(const HfReader& c, std::string_view name) {
  HfShape shape = read_deepseek(c, name);
  shape.residual_streams = c.optional({"hc_mult"}, 1, 64);
  // Its streams are mixed by 2 n weights, where DeepSeek-V4 has n (n + 2).
  const double n = shape.residual_streams;
  const double fewer = (2.0 * n - n * (n + 2.0)) * n * hf_hidden(c);
  for (Layer& layer : shape.layers) {
    layer.mixer.output_gate = true;
    layer.mixer.inner_weights += fewer;
    layer.mixer.other_weights += layer.mixer.heads + 2.0 * n + 2.0;
    layer.feed_forward.inner_weights += fewer;
    layer.feed_forward.other_weights += 2.0 * n + 2.0;
  }
  shape.other_weights += n * n * hf_hidden(c) + n + 1.0;
  return shape;
}

// dots3: sliding layers with sizes of their own beside sparse ones; a gate of one row a head.
HfShape read_dots3(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  const Mixer base = hf_mla(c);
  const int window = c.required({"sliding_window"}, kCountMax);
  const std::vector<std::string> types =
      hf_layer_kinds(c, "layer_types", layers, "indexed_attention sliding_attention full_attention");
  const std::vector<FeedForward> blocks = read_feed_forwards(c, {}, layers);
  for (int i = 0; i < layers; ++i) {
    Mixer mixer = base;
    if (const auto own = hf_layer_override(c, i)) {
      mixer.heads = own->optional({"num_attention_heads"}, base.heads, kHeadsMax);
      mixer.kv_lora = own->optional({"kv_lora_rank"}, base.kv_lora, kWidthMax);
      mixer.q_lora = own->optional({"q_lora_rank"}, base.q_lora, kWidthMax);
      mixer.v_head_dim = own->optional({"v_head_dim"}, base.v_head_dim, kWidthMax);
      const int nope = own->optional({"qk_nope_head_dim"}, base.head_dim - base.rope_dim, kWidthMax);
      mixer.head_dim = nope + base.rope_dim;
    }
    mixer.other_weights += mixer.rope_dim;
    mixer.inner_weights += static_cast<double>(hf_hidden(c)) * mixer.heads;
    if (!types.empty() && types[static_cast<std::size_t>(i)] == "sliding_attention")
      mixer.window = window;
    else
      add_indexer(c, mixer);
    shape.layers.push_back({mixer, blocks[static_cast<std::size_t>(i)]});
  }
  hf_check_overrides(c, "num_attention_heads num_key_value_heads kv_lora_rank q_lora_rank v_head_dim qk_nope_head_dim");
  c.ignore({"index_topk", "index_n_heads", "index_head_dim"});
  return shape;
}

// LongCat-Flash: a layer is two attentions, each with a dense block, and one block of experts beside the first; of the
// experts of a token those that are zero do nothing, so fewer than the count work on average.
HfShape read_longcat(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  const Mixer mixer = hf_mla(c);
  const FeedForward dense = hf_dense(c, {"ffn_hidden_size", "intermediate_size"});
  FeedForward routed = hf_experts(c);
  const double zeros = c.optional({"zero_expert_num"}, 0, kHeadsMax, 0);
  const double chosen = routed.topk;
  if (routed.experts > 0) {
    routed.topk = std::max(1, static_cast<int>(chosen * routed.experts / (routed.experts + zeros) + 0.5));
    routed.inner_weights = zeros * hf_hidden(c);
    routed.shared_ffn = dense.ffn;
  }
  c.ignore({"zero_expert_type", "mla_scale_q_lora", "mla_scale_kv_lora", "attention_method", "router_bias"});
  for (int i = 0; i < layers; ++i) {
    shape.layers.push_back({mixer, routed.experts > 0 ? routed : dense});
    shape.layers.push_back({mixer, dense});
  }
  shape.notes.push_back(fmt::format("each of the {} layers holds two attentions and counts as two.", layers));
  if (zeros > 0)
    shape.notes.push_back(fmt::format(
        "of {} chosen experts {} are not zero experts on average, if all are chosen alike.", chosen, routed.topk));
  return shape;
}

// DeepSeek-V4: one key-value head of full width whose keys serve as values, a sliding window, beyond it compressed keys
// (ratio 0: none; 4: an indexer picks among them; 128: all), a grouped low-rank output, hyper-connections.
HfShape read_deepseek_v4(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer base = hf_attention(c, {});
  base.shared_kv = true;
  base.q_lora = c.required({"q_lora_rank"}, kWidthMax);
  base.rope_dim = c.required({"qk_rope_head_dim"}, kWidthMax);
  base.o_lora = c.required({"o_lora_rank"}, kWidthMax);
  base.o_groups = c.required({"o_groups"}, kHeadsMax);
  base.window = c.required({"sliding_window"}, kCountMax);
  base.other_weights = static_cast<double>(base.heads) + base.head_dim;  // sinks, the norm of keys
  const int index_heads = c.required({"index_n_heads"}, kHeadsMax);
  const int index_dim = c.required({"index_head_dim"}, kWidthMax);
  const int index_topk = c.required({"index_topk"}, kCountMax);
  const std::vector<FeedForward> blocks = read_feed_forwards(c, {}, layers);
  if (!blocks.empty() && blocks.back().experts == 0)
    c.problem("n_routed_experts", "the key is missing; add the number of routed experts");
  for (const int ratio : compress_ratios(c, layers)) {
    Mixer mixer = base;
    mixer.compress = ratio;
    if (ratio > 0) mixer.other_weights += mixer.head_dim * (1.0 + ratio * (ratio == 4 ? 2.0 : 1.0));
    if (ratio == 4) mixer.index_heads = index_heads, mixer.index_dim = index_dim, mixer.index_topk = index_topk;
    if (ratio == 4) mixer.other_weights += index_dim * 9.0;
    shape.layers.push_back({mixer, blocks[shape.layers.size()]});
  }
  shape.residual_streams = c.optional({"hc_mult"}, 1, 64);
  const double n = shape.residual_streams;
  if (n > 1) shape.other_weights += n * n * hf_hidden(c) + n + 1.0;
  c.ignore({"num_hash_layers", "hc_sinkhorn_iters", "hc_eps", "compress_rope_theta", "expert_dtype",
            "moe_intermediate_size"});
  return shape;
}

}  // namespace socle::model
