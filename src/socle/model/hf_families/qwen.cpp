#include <algorithm>

#include "socle/model/hf_families/blocks.hpp"

// Qwen, from the first generation on, dense and of experts, and the text towers of its multimodal models.
namespace socle::model {
namespace {

using Norm = AttentionStyle::Norm;

constexpr BlockStyle kStyles[] = {
    {.names = "qwen2 Qwen2ForCausalLM qwen2_moe Qwen2MoeForCausalLM qwen2_vl qwen2_vl_text qwen2_5_vl qwen2_5_vl_text "
              "qwen2_5_omni_text qwen2_audio Qwen2VLForConditionalGeneration Qwen2_5_VLForConditionalGeneration",
     .attention = {.bias_key = "qkv_bias", .bias = true, .output_bias = false},
     .window = WindowRule::kFromLayer,
     .shared_gate = true},
    {.names = "qwen3 Qwen3ForCausalLM qwen3_moe Qwen3MoeForCausalLM qwen3_vl_text qwen3_vl_moe_text "
              "qwen3_omni_moe_text",
     .attention = {.qk_norm = Norm::kHead},
     .window = WindowRule::kFromLayer},
    {.names = "mimo MiMoForCausalLM",
     .attention = {.bias = true, .output_bias = false},
     .window = WindowRule::kFromLayer},
};

}  // namespace

HfShape read_qwen(const HfReader& c, std::string_view name) { return read_styled(c, name, kStyles); }

// The first Qwen: intermediate_size counts both gate halves, so each is half as wide.
HfShape read_qwen1(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  c.flag("no_bias", true);
  const Mixer mixer = hf_attention(c, {.bias = true, .output_bias = false});
  FeedForward block = hf_dense(c);
  block.ffn = std::max(1, block.ffn / 2);
  shape.layers.assign(static_cast<std::size_t>(layers), Layer{mixer, block});
  c.ignore({"use_dynamic_ntk", "use_logn_attn", "use_flash_attn", "softmax_in_fp32"});
  return shape;
}

}  // namespace socle::model
