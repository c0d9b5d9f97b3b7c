#include <algorithm>

#include <fmt/format.h>

#include "socle/model/hf_families.hpp"
#include "socle/model/shape_check.hpp"

namespace socle::model {
namespace {

enum class WindowRule { kNone, kAll, kFromLayer, kAlternate, kPattern };

// What the code of an architecture decides and its files do not say.
struct Traits {
  std::string_view names;
  WindowRule window = WindowRule::kNone;
  bool qkv_bias = false;
  bool expert_bias = false;
  bool gated = true;
  bool layer_norm = false;
  bool tied = false;
};

constexpr Traits kTraits[] = {
    {.names = "mistral phi3 Phi3ForCausalLM MistralForCausalLM", .window = WindowRule::kAll},
    {.names = "qwen2 qwen2_moe Qwen2ForCausalLM Qwen2MoeForCausalLM",
     .window = WindowRule::kFromLayer,
     .qkv_bias = true},
    {.names = "qwen3 qwen3_moe qwen3_vl_text qwen3_vl_moe_text mimo", .window = WindowRule::kFromLayer},
    {.names = "gemma2 Gemma2ForCausalLM", .window = WindowRule::kAlternate, .tied = true},
    {.names = "gemma3_text Gemma3ForCausalLM", .window = WindowRule::kPattern, .tied = true},
    {.names = "gpt_oss GptOssForCausalLM", .qkv_bias = true, .expert_bias = true},
    {.names = "nemotron NemotronForCausalLM", .gated = false, .layer_norm = true},
    {.names = "phi PhiForCausalLM", .qkv_bias = true, .expert_bias = true, .gated = false, .layer_norm = true},
    {.names = "ernie4_5_moe Ernie4_5_MoeForCausalLM", .tied = true},
};

bool answers(std::string_view names, std::string_view name) {
  return fmt::format(" {} ", names).find(fmt::format(" {} ", name)) != std::string::npos;
}

Traits traits_of(std::string_view name) {
  for (const Traits& traits : kTraits) {
    if (answers(traits.names, name)) return traits;
  }
  return {};
}

// The sliding window of each layer, 0 for full attention.
std::vector<int> windows(const HfReader& c, WindowRule rule, int layers) {
  std::vector<int> out(static_cast<std::size_t>(layers), 0);
  const int window = c.optional({"sliding_window"}, 0, kCountMax, 0);
  const bool used = c.flag("use_sliding_window", rule != WindowRule::kFromLayer);
  const int from = c.optional({"max_window_layers"}, layers, kLayersMax, 0);
  const int pattern = c.optional({"sliding_window_pattern"}, 6, kLayersMax);
  const std::vector<std::string> types = c.texts_per_layer("layer_types", layers);
  for (int i = 0; i < layers; ++i) {
    bool sliding = rule == WindowRule::kAll || (rule == WindowRule::kFromLayer && i >= from) ||
                   (rule == WindowRule::kAlternate && i % 2 == 0) ||
                   (rule == WindowRule::kPattern && (i + 1) % pattern != 0);
    if (!types.empty()) {
      const std::string& type = types[static_cast<std::size_t>(i)];
      sliding = type == "sliding_attention";
      if (!sliding && type != "full_attention") {
        c.problem("layer_types",
                  fmt::format("\"{}\" is neither \"full_attention\" nor \"sliding_attention\"", type.substr(0, 60)));
        return out;
      }
      if (sliding && window == 0) {
        c.problem("sliding_window", "the key is missing, but layer_types has sliding layers; add the window in tokens");
        return out;
      }
    }
    if (sliding && used) out[static_cast<std::size_t>(i)] = window;
  }
  return out;
}

}  // namespace

HfShape read_plain(const HfReader& c, std::string_view name) {
  const Traits traits = traits_of(name);
  HfShape shape;
  shape.tied_embeddings = traits.tied;
  shape.layer_norm = traits.layer_norm;
  const int layers = hf_layers(c);
  const Mixer mixer = hf_attention(c, traits.qkv_bias);
  FeedForward experts = hf_experts(c);
  experts.gated = traits.gated;
  experts.bias = traits.expert_bias;
  std::vector<bool> routed(static_cast<std::size_t>(layers), false);
  if (experts.experts > 0) routed = hf_routed_layers(c, layers);
  FeedForward dense;
  if (std::find(routed.begin(), routed.end(), false) != routed.end()) {
    dense = hf_dense(c);
    dense.gated = traits.gated;
    dense.bias = dense.bias || traits.expert_bias;
  }
  c.ignore({"intermediate_size", "moe_intermediate_size", "shared_intermediate_size", "mlp_bias", "attn_type_list"});
  const std::vector<int> window = windows(c, traits.window, layers);
  for (std::size_t i = 0; i < window.size(); ++i) {
    Layer layer{mixer, routed[i] ? experts : dense};
    layer.mixer.window = window[i];
    shape.layers.push_back(layer);
  }
  return shape;
}

// GPT-2 and its like: learned positions or ALiBi, LayerNorm, biases everywhere, ungated blocks four times as wide.
HfShape read_gpt(const HfReader& c, std::string_view name) {
  HfShape shape;
  shape.tied_embeddings = !answers("gpt_neox GPTNeoXForCausalLM", name);
  shape.layer_norm = true;
  const int positions = c.optional({"n_positions", "max_position_embeddings"}, 0, kCountMax);
  if (answers("gpt2 GPT2LMHeadModel", name)) shape.learned_positions = positions;
  if (answers("opt OPTForCausalLM", name)) shape.learned_positions = positions + 2;
  const int layers = hf_layers(c);
  const int wide = std::min(4 * hf_hidden(c), kWidthMax);
  Layer layer;
  layer.mixer = hf_attention(c, true);
  layer.feed_forward.ffn = c.optional({"n_inner", "ffn_dim", "intermediate_size"}, wide, kWidthMax);
  layer.feed_forward.gated = false;
  layer.feed_forward.bias = true;
  shape.layers.assign(static_cast<std::size_t>(layers), layer);
  return shape;
}

}  // namespace socle::model
