#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/model/hf_families/parts.hpp"
#include "socle/model/hf_families/state_space.hpp"

// Nemotron-H, whose layers are single blocks, and models that a block-wise search made.
namespace socle::model {
namespace {

// Layers of Nemotron-H: one block each. Names are those of layers_block_type, letters those of the pattern.
Layer nemotron_block(const HfReader& c, std::string_view kind) {
  Layer layer;
  layer.mixer.kind = MixerKind::kNone;
  if (one_of("mamba linear_attention M", kind)) {
    Mamba2 sizes;
    sizes.heads = c.required({"mamba_num_heads"}, kHeadsMax);
    sizes.head_dim = c.required({"mamba_head_dim"}, kWidthMax);
    sizes.groups = c.required({"n_groups"}, kHeadsMax);
    sizes.state = c.required({"ssm_state_size"}, kWidthMax);
    sizes.taps = c.required({"conv_kernel"}, 1024);
    sizes.conv_bias = c.flag("use_conv_bias", true);
    sizes.proj_bias = c.flag("mamba_proj_bias", false);
    layer.mixer = mamba2_mixer(c, sizes);
  } else if (one_of("attention full_attention *", kind)) {
    layer.mixer = hf_attention(c);
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
  static constexpr std::string_view kKnown = "mamba linear_attention attention full_attention moe mlp M * E -";
  std::vector<std::string> kinds = c.texts(list);
  if (kinds.empty()) {
    for (const char letter : c.text(letters)) kinds.emplace_back(1, letter);
  }
  if (kinds.size() > static_cast<std::size_t>(kLayersMax)) {
    c.problem(c.has(list) ? list : letters, fmt::format("more than {} layers", kLayersMax));
    return {};
  }
  for (const std::string& kind : kinds) {
    if (one_of(kKnown, kind)) continue;
    c.problem(c.has(list) ? list : letters,
              fmt::format("\"{}\" is none of mamba (M), attention (*), moe (E), mlp (-)", kind.substr(0, 60)));
    return {};
  }
  return kinds;
}

}  // namespace

HfShape read_nemotron_h(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.never_tied = true;
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
  c.ignore({"intermediate_size",
            "moe_intermediate_size",
            "expand",
            "chunk_size",
            "time_step_rank",
            "mlp_bias",
            "attention_bias",
            "sliding_window",
            "use_bias",
            "mamba_proj_bias",
            "use_conv_bias",
            "num_attention_heads",
            "num_key_value_heads",
            "head_dim",
            "attention_head_dim",
            "mamba_num_heads",
            "mamba_head_dim",
            "n_groups",
            "ssm_state_size",
            "conv_kernel",
            "mlp_hidden_act",
            "mamba_ssm_cache_dtype"});
  return shape;
}

// DeciLM and Nemotron NAS: every block has its own attention and width. The width of ffn_mult is 2/3 of it times
// hidden, rounded up to 256. Source: the modelling code of Llama-3_3-Nemotron-Super-49B.
HfShape read_nemotron_nas(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  const int hidden = hf_hidden(c);
  const Mixer base = hf_attention(c);
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
