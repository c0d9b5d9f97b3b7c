#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/model/hf_families/blocks.hpp"
#include "socle/model/hf_families/state_space.hpp"

// Families that mix softmax attention with state-space mixers or short convolutions.
namespace socle::model {
namespace {

constexpr std::string_view kMixers = "linear_attention mamba full_attention attention hybrid";

bool attends(const std::string& kind) { return kind == "full_attention" || kind == "attention"; }

Mamba1 jamba_sizes(const HfReader& c) {
  Mamba1 s;
  s.channels = c.optional({"mamba_expand"}, 2, 1024) * static_cast<double>(hf_hidden(c));
  s.state = c.optional({"mamba_d_state"}, 16, kWidthMax);
  s.taps = c.optional({"mamba_d_conv"}, 4, 1024);
  const int usual = static_cast<int>(std::ceil(hf_hidden(c) / 16.0));
  s.rank = usual;
  if (c.has("mamba_dt_rank") && c.value("mamba_dt_rank").is_string())
    c.text("mamba_dt_rank");  // "auto"
  else
    s.rank = c.optional({"mamba_dt_rank"}, usual, kWidthMax);
  s.conv_bias = c.flag("mamba_conv_bias", true);
  s.proj_bias = c.flag("mamba_proj_bias", false);
  c.ignore({"use_mambapy", "use_associative_scan"});
  return s;
}

// Which layers of Zamba add the shared block: by names, by letters, or from a list.
std::vector<bool> zamba_hybrids(const HfReader& c, int layers) {
  std::vector<bool> hybrid(static_cast<std::size_t>(layers), false);
  const std::vector<std::string> kinds =
      hf_layer_kinds(c, "layers_block_type", layers, "linear_attention mamba hybrid m g");
  const std::vector<int> listed = c.integers("hybrid_layer_ids", 0, kLayersMax);
  if (kinds.empty() && listed.empty())
    c.problem("layers_block_type", "the key is missing; add \"linear_attention\" or \"hybrid\" for each layer");
  for (std::size_t i = 0; i < hybrid.size(); ++i) {
    hybrid[i] = kinds.empty() ? std::find(listed.begin(), listed.end(), static_cast<int>(i)) != listed.end()
                              : kinds[i] == "hybrid" || kinds[i] == "g";
  }
  return hybrid;
}

// "Every n-th layer from m on", as Jamba counts.
bool every(int layer, int period, int offset) { return layer % period == offset % period; }

}  // namespace

// Jamba: attention every n-th layer, Mamba-1 with norms of its steps and keys elsewhere; experts every n-th layer.
HfShape read_jamba(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  const Mixer attention = hf_attention(c);
  const Mamba1 sizes = jamba_sizes(c);
  Mixer mamba = mamba1_mixer(c, sizes);
  mamba.other_weights += sizes.rank + 2.0 * sizes.state;
  FeedForward routed = hf_experts(c);
  const FeedForward dense = hf_dense(c);
  const int period = c.optional({"attn_layer_period"}, 8, kLayersMax);
  const int offset = c.optional({"attn_layer_offset"}, 4, kLayersMax, 0);
  const int expert_period = c.optional({"expert_layer_period"}, 2, kLayersMax);
  const int expert_offset = c.optional({"expert_layer_offset"}, 1, kLayersMax, 0);
  const std::vector<std::string> kinds = hf_layer_kinds(c, "layers_block_type", layers, kMixers);
  for (int i = 0; i < layers; ++i) {
    const bool full = kinds.empty() ? every(i, period, offset) : attends(kinds[static_cast<std::size_t>(i)]);
    const bool moe = routed.experts > 1 && every(i, expert_period, expert_offset);
    shape.layers.push_back({full ? attention : mamba, moe ? routed : dense});
  }
  return shape;
}

// Bamba and Granite 4: Mamba-2 and attention by layer_types or attn_layer_indices, a feed-forward block in each layer.
HfShape read_bamba(const HfReader& c, std::string_view name) {
  HfShape shape;
  const bool granite = one_of("granitemoehybrid GraniteMoeHybridForCausalLM", name);
  const int layers = hf_layers(c);
  const Mixer attention = hf_attention(c);
  const Mixer mamba = mamba2_mixer(c, hf_mamba2(c));
  const std::vector<int> listed = c.integers("attn_layer_indices", 0, kLayersMax);
  std::vector<std::string> kinds = hf_layer_kinds(c, "layer_types", layers, kMixers);
  if (kinds.empty()) kinds = hf_layer_kinds(c, "layers_block_type", layers, kMixers);
  FeedForward block = hf_experts(c);
  if (block.experts == 0) {
    const int shared = c.optional({"shared_intermediate_size"}, 0, kWidthMax, 0);
    block = hf_dense(c);
    if (granite && shared > 0) block.ffn = shared;
  }
  for (int i = 0; i < layers; ++i) {
    const bool full = kinds.empty() ? std::find(listed.begin(), listed.end(), i) != listed.end()
                                    : attends(kinds[static_cast<std::size_t>(i)]);
    shape.layers.push_back({full ? attention : mamba, block});
  }
  c.ignore({"position_embedding_type"});
  return shape;
}

// Falcon-H1: each layer runs attention and Mamba-2 beside each other; here the one follows the other.
HfShape read_falcon_h1(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  const Mixer attention = hf_attention(c);
  Mamba2 sizes = hf_mamba2(c);
  sizes.norm = c.flag("mamba_rms_norm", false);
  const Layer mamba{mamba2_mixer(c, sizes), {}};
  const Layer rest{attention, hf_dense(c), 1};
  for (int i = 0; i < layers; ++i) {
    shape.layers.push_back(mamba);
    shape.layers.push_back(rest);
  }
  shape.notes.push_back(fmt::format("each of the {} layers holds Mamba-2 beside attention and counts as two.", layers));
  c.ignore({"mamba_norm_before_gate", "mamba_use_mlp", "projectors_bias"});
  return shape;
}

// Zamba: some layers add a block of attention and feed-forward, whose weights all of them share, over the hidden state
// and the embedding together, and bring its output back through a matrix of their own.
HfShape read_zamba(const HfReader& c, std::string_view name) {
  HfShape shape;
  shape.tied_embeddings = true;
  const bool second = one_of("zamba2 Zamba2ForCausalLM", name);
  const int layers = hf_layers(c);
  const double hidden = hf_hidden(c);
  const Mixer mamba = second ? mamba2_mixer(c, hf_mamba2(c)) : mamba1_mixer(c, jamba_sizes(c));
  Mixer attention;
  attention.heads = c.required({"num_attention_heads"}, kHeadsMax);
  attention.kv_heads = c.optional({"num_key_value_heads"}, attention.heads, kHeadsMax);
  const int usual = static_cast<int>(std::clamp(2.0 * hidden / attention.heads, 1.0, static_cast<double>(kWidthMax)));
  attention.head_dim = attention.v_head_dim = c.optional({"attention_head_dim"}, usual, kWidthMax);
  // Queries, keys and values read twice the hidden width.
  attention.inner_weights = hidden * attention.head_dim * (attention.heads + 2.0 * attention.kv_heads);
  FeedForward block = hf_dense(c);
  const double rank = second ? c.optional({"adapter_rank"}, 128, kWidthMax) : 0.0;
  const int blocks = c.optional({"num_mem_blocks"}, 1, kLayersMax);
  const bool adapted = c.flag("use_shared_attention_adapter", false);
  const std::vector<bool> hybrid = zamba_hybrids(c, layers);
  const auto hybrids = std::count(hybrid.begin(), hybrid.end(), true);
  const double adapter = rank * (hidden + 2.0 * block.ffn);
  // The library shares the blocks by the same switch as the embedding; apart, each block has the adapters of all.
  const bool tied = c.flag("tie_word_embeddings", true);
  Layer shared{attention, block, 3};
  if (!tied) shared.idle_weights = adapter * std::max<double>(0.0, static_cast<double>(hybrids) - 1.0);
  Layer joined{mamba, {}};
  joined.mixer.inner_weights += hidden * hidden + adapter;
  if (adapted) joined.mixer.inner_weights += 3.0 * rank * 4.0 * hidden;
  int turn = 0;  // hybrid layers take the shared blocks by turns
  for (const bool is_hybrid : hybrid) {
    if (is_hybrid) {
      if (tied) shared.uses = (static_cast<int>(hybrids) - turn + blocks - 1) / blocks;
      turn = (turn + 1) % blocks;
      shape.layers.push_back(shared);
    }
    shape.layers.push_back(is_hybrid ? joined : Layer{mamba, {}});
  }
  if (hybrids > 0)
    shape.notes.push_back(
        fmt::format("{} layers share a block of attention and feed-forward; each counts as two.", hybrids));
  c.ignore({"attention_hidden_size", "attn_layer_offset", "attn_layer_period", "kv_channels", "num_query_groups",
            "n_mamba_heads", "use_mem_rope", "use_long_context", "add_bias_linear", "hidden_mamba_act",
            "use_shared_mlp_adapter"});
  return shape;
}

// RecurrentGemma: gated linear recurrences, gates of blocks; intermediate_size counts both halves of the gate.
HfShape read_recurrent_gemma(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.tied_embeddings = true;
  const int layers = hf_layers(c);
  const int hidden = hf_hidden(c);
  Mixer attention = hf_attention(c);
  attention.window = c.optional({"attention_window_size"}, 2048, kCountMax);
  attention.other_weights += hidden;
  const int width = c.optional({"lru_width"}, hidden, kWidthMax);
  Mixer recurrent;
  recurrent.kind = MixerKind::kLinear;
  recurrent.heads = attention.heads;
  recurrent.kv_heads = recurrent.head_dim = 1;
  recurrent.v_head_dim = hf_part(c, "lru_width", width, attention.heads);
  recurrent.in_width = 2 * width;
  recurrent.conv_width = c.optional({"conv1d_width"}, 4, 1024);
  recurrent.conv_channels = width;
  recurrent.inner_weights = 2.0 * width * width / attention.heads;
  recurrent.other_weights = 6.0 * width + hidden;
  FeedForward block = hf_dense(c);
  block.ffn = std::max(1, block.ffn / 2);
  block.bias = true;
  std::vector<std::string> kinds = c.texts("block_types");
  if (kinds.empty()) kinds = c.texts("_block_types");
  if (kinds.empty()) kinds = {"recurrent", "recurrent", "attention"};
  for (int i = 0; i < layers; ++i) {
    const std::string& kind = kinds[static_cast<std::size_t>(i) % kinds.size()];
    if (kind != "recurrent" && kind != "attention") {
      c.problem("block_types", fmt::format("\"{}\" is neither \"recurrent\" nor \"attention\"", kind.substr(0, 60)));
      break;
    }
    shape.layers.push_back({kind == "attention" ? attention : recurrent, block});
  }
  c.ignore({"block_types", "_block_types"});
  return shape;
}

// LFM2 and 3: gated short convolutions between layers of attention.
HfShape read_lfm(const HfReader& c, std::string_view name) {
  HfShape shape;
  shape.tied_embeddings = true;
  const bool third = one_of("lfm3 Lfm3ForCausalLM", name);
  const int layers = hf_layers(c);
  const int hidden = hf_hidden(c);
  AttentionStyle style{.qk_norm = AttentionStyle::Norm::kHead};
  if (third && c.flag("use_attention_gate", true)) style.gate = AttentionStyle::Gate::kHead;
  const Mixer attention = hf_attention(c, style);
  Mixer conv;
  conv.kind = MixerKind::kLinear;
  conv.heads = attention.heads;
  conv.kv_heads = conv.head_dim = 1;
  conv.v_head_dim = std::max(1, hidden / attention.heads);
  conv.in_width = 3 * hidden;
  conv.conv_width = c.optional({"conv_L_cache"}, 3, 1024);
  conv.conv_channels = hidden;
  if (c.flag("conv_bias", false)) conv.other_weights = 5.0 * hidden;
  std::vector<FeedForward> blocks = read_feed_forwards(c, {}, layers);
  const double factor = c.optional_real("block_ffn_dim_multiplier", 1.0, 0.01, 100.0);
  const double multiple = c.optional({"block_multiple_of"}, 256, kWidthMax);
  if (!third && c.flag("block_auto_adjust_ff_dim", c.has("block_multiple_of"))) {
    for (FeedForward& block : blocks) {
      if (block.experts > 0) continue;
      const double width = std::ceil(std::floor(factor * std::floor(2.0 * block.ffn / 3.0)) / multiple) * multiple;
      block.ffn = static_cast<int>(std::clamp(width, 1.0, static_cast<double>(kWidthMax)));
    }
  }
  const std::vector<std::string> kinds =
      hf_layer_kinds(c, "layer_types", layers, "conv full_attention sliding_attention");
  const std::vector<int> listed = c.integers("full_attn_idxs", 0, kLayersMax);
  if (kinds.empty() && listed.empty())
    c.problem("layer_types", "the key is missing; add \"conv\" or \"full_attention\" for each layer");
  const int window = c.optional({"sliding_window"}, 0, kCountMax, 0);
  const bool sandwich = third && c.flag("use_sandwich_norm", true);
  for (int i = 0; i < layers; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const bool is_conv =
        kinds.empty() ? std::find(listed.begin(), listed.end(), i) == listed.end() : kinds[at] == "conv";
    Layer layer{is_conv ? conv : attention, blocks[at], sandwich ? 4 : -1};
    if (!kinds.empty() && kinds[at] == "sliding_attention") layer.mixer.window = window;
    shape.layers.push_back(layer);
  }
  c.ignore({"use_expert_bias", "conv_dim", "conv_dim_out", "conv_use_xavier_init", "block_dim", "block_ff_dim",
            "block_mlp_init_scale", "block_norm_eps", "block_out_init_scale", "block_use_swiglu",
            "block_use_xavier_init", "use_pos_enc"});
  return shape;
}

}  // namespace socle::model
