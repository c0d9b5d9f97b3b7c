#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/model/hf_families.hpp"
#include "socle/model/shape_check.hpp"

// Families that mix softmax attention with linear or state-space mixers, and models found by block-wise search.
namespace socle::model {
namespace {

// Layers of Nemotron-H: one block each. Names are those of layers_block_type, letters those of the pattern.
Layer nemotron_block(const HfReader& c, std::string_view kind) {
  Layer layer;
  layer.mixer.kind = MixerKind::kNone;
  if (kind == "mamba" || kind == "M") {
    Mixer& m = layer.mixer;
    m.kind = MixerKind::kLinear;
    m.heads = c.required({"mamba_num_heads"}, kHeadsMax);
    m.v_head_dim = c.required({"mamba_head_dim"}, kWidthMax);
    m.kv_heads = c.required({"n_groups"}, kHeadsMax);
    m.head_dim = c.required({"ssm_state_size"}, kWidthMax);
    m.conv_width = c.required({"conv_kernel"}, 1024);
  } else if (kind == "attention" || kind == "*") {
    layer.mixer = hf_attention(c, false);
  } else if (kind == "moe" || kind == "E") {
    layer.feed_forward = hf_experts(c);
    if (layer.feed_forward.experts == 0)
      c.problem("n_routed_experts", "the key is missing, but the pattern has layers of experts; add it");
  } else {
    layer.feed_forward = hf_dense(c);
  }
  // Squared ReLU and the like are not gated.
  const std::string activation = c.text("mlp_hidden_act");
  layer.feed_forward.gated = layer.feed_forward.ffn == 0 || activation == "silu" || activation == "swiglu";
  return layer;
}

// The kinds of blocks, from a list of names or a text of letters.
std::vector<std::string> block_kinds(const HfReader& c, const char* list, const char* letters) {
  static constexpr std::string_view kKnown = " mamba attention moe mlp M * E - ";
  std::vector<std::string> kinds = c.texts(list);
  if (kinds.empty()) {
    for (const char letter : c.text(letters)) kinds.emplace_back(1, letter);
  }
  if (kinds.size() > static_cast<std::size_t>(kLayersMax)) {
    c.problem(c.has(list) ? list : letters, fmt::format("more than {} layers", kLayersMax));
    return {};
  }
  for (const std::string& kind : kinds) {
    if (kKnown.find(fmt::format(" {} ", kind)) != std::string_view::npos) continue;
    c.problem(c.has(list) ? list : letters,
              fmt::format("\"{}\" is none of mamba (M), attention (*), moe (E), mlp (-)", kind.substr(0, 60)));
    return {};
  }
  return kinds;
}

}  // namespace

HfShape read_nemotron_h(const HfReader& c, std::string_view) {
  HfShape shape;
  const std::vector<std::string> kinds = block_kinds(c, "layers_block_type", "hybrid_override_pattern");
  const int layers = c.optional({"num_hidden_layers"}, static_cast<int>(kinds.size()), kLayersMax);
  if (kinds.empty() || static_cast<int>(kinds.size()) != layers) {
    c.problem(
        "hybrid_override_pattern",
        fmt::format("{} blocks for {} layers; give one for each, here or in layers_block_type", kinds.size(), layers));
  }
  for (const std::string& kind : kinds) shape.layers.push_back(nemotron_block(c, kind));
  for (const std::string& kind : block_kinds(c, "mtp_layers_block_type", "mtp_hybrid_override_pattern"))
    shape.mtp.push_back(nemotron_block(c, kind));
  hf_experts(c);  // models without experts carry their keys
  c.ignore({"intermediate_size", "moe_intermediate_size", "expand", "chunk_size", "time_step_rank", "mlp_bias",
            "attention_bias", "sliding_window", "use_bias", "mamba_proj_bias", "use_conv_bias"});
  return shape;
}

// Qwen3-Next, 3.5, 3.6: gated delta nets with gated full attention between.
HfShape read_qwen_next(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer full = hf_attention(c, false);
  full.output_gate = c.flag("attn_output_gate", true);
  Mixer linear;
  linear.kind = MixerKind::kLinear;
  linear.heads = c.required({"linear_num_value_heads"}, kHeadsMax);
  linear.kv_heads = c.required({"linear_num_key_heads"}, kHeadsMax);
  linear.head_dim = c.required({"linear_key_head_dim"}, kWidthMax);
  linear.v_head_dim = c.required({"linear_value_head_dim"}, kWidthMax);
  linear.conv_width = c.optional({"linear_conv_kernel_dim"}, 4, 1024);
  const FeedForward experts = hf_experts(c);
  std::vector<bool> routed(static_cast<std::size_t>(layers), false);
  if (experts.experts > 0) routed = hf_routed_layers(c, layers);
  FeedForward dense;
  if (std::find(routed.begin(), routed.end(), false) != routed.end()) dense = hf_dense(c);
  const std::vector<std::string> types = c.texts_per_layer("layer_types", layers);
  const int interval = c.optional({"full_attention_interval"}, 4, kLayersMax);
  c.ignore({"intermediate_size", "mlp_only_layers", "decoder_sparse_step", "output_gate_type"});
  for (std::size_t i = 0; i < routed.size(); ++i) {
    bool is_full = (i + 1) % static_cast<std::size_t>(interval) == 0;
    if (!types.empty()) {
      is_full = types[i] == "full_attention";
      if (!is_full && types[i] != "linear_attention") {
        c.problem("layer_types",
                  fmt::format("\"{}\" is neither \"full_attention\" nor \"linear_attention\"", types[i].substr(0, 60)));
        break;
      }
    }
    shape.layers.push_back({is_full ? full : linear, routed[i] ? experts : dense});
  }
  return shape;
}

// MiniMax-Text-01: lightning attention where attn_type_list has 0.
HfShape read_minimax_text(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  const Mixer full = hf_attention(c, false);
  Mixer linear = full;
  linear.kind = MixerKind::kLinear;
  linear.kv_heads = linear.heads;
  const FeedForward experts = hf_experts(c);
  const FeedForward feed = experts.experts > 0 ? experts : hf_dense(c);
  const std::vector<int> types = c.per_layer("attn_type_list", layers);
  for (int i = 0; i < layers; ++i) {
    const bool is_full = types.empty() ? (i + 1) % 8 == 0 : types[static_cast<std::size_t>(i)] != 0;
    shape.layers.push_back({is_full ? full : linear, feed});
  }
  return shape;
}

// DeciLM and Nemotron NAS: every block has its own attention and width. The width of ffn_mult is 2/3 of it times
// hidden, rounded up to 256. Source: the modelling code of Llama-3_3-Nemotron-Super-49B.
HfShape read_nemotron_nas(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  const int hidden = hf_hidden(c);
  const Mixer base = hf_attention(c, false);
  const std::vector<HfReader> blocks = c.objects("block_configs");
  const bool bias = c.flag("mlp_bias", false);
  c.ignore({"intermediate_size"});
  if (blocks.size() != static_cast<std::size_t>(layers)) {
    c.problem("block_configs", fmt::format("{} blocks for {} layers; give one for each", blocks.size(), layers));
    return shape;
  }
  bool linear = false;
  for (const HfReader& block : blocks) {
    Layer layer;
    layer.mixer.kind = MixerKind::kNone;
    const auto attention = block.object("attention");
    if (attention && !attention->flag("no_op", false)) {
      linear = linear || attention->flag("replace_with_linear", false);
      layer.mixer = base;
      const int group = attention->optional({"n_heads_in_group"}, std::max(1, base.heads / base.kv_heads), kHeadsMax);
      layer.mixer.kv_heads = std::max(1, base.heads / group);
      layer.mixer.window = attention->optional({"window_length"}, 0, kCountMax, 0);
    }
    const auto ffn = block.object("ffn");
    if (!attention || !ffn)
      block.problem(attention ? "ffn" : "attention",
                    "the object is missing; a block has both, with no_op for an absent one");
    if (ffn && !ffn->flag("no_op", false)) {
      linear = linear || ffn->flag("replace_with_linear", false);
      layer.feed_forward.bias = bias;
      layer.feed_forward.ffn = ffn->optional({"intermediate_size"}, 0, kWidthMax, 0);
      if (layer.feed_forward.ffn == 0) {
        const double width = std::floor(2.0 * ffn->real("ffn_mult", 0.001, 1000.0) * hidden / 3.0);
        layer.feed_forward.ffn =
            static_cast<int>(std::clamp(std::ceil(width / 256.0) * 256.0, 1.0, static_cast<double>(kWidthMax)));
      }
    }
    shape.layers.push_back(layer);
  }
  if (linear)
    shape.notes.push_back("blocks replaced by one linear layer (replace_with_linear) are counted as whole blocks.");
  return shape;
}

}  // namespace socle::model
