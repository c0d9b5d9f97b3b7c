#include "socle/model/hf_families/blocks.hpp"

// Equal blocks of pre-normed attention and a gated feed-forward part, dense or of experts: Llama and what was built
// after it. Biases, norms and windows beyond the plain form are what the modelling code of each has.
namespace socle::model {
namespace {

using Norm = AttentionStyle::Norm;
using Gate = AttentionStyle::Gate;

constexpr BlockStyle kStyles[] = {
    {.names = "mistral MistralForCausalLM phi3 Phi3ForCausalLM phi3_v phi4mm phi4_multimodal ministral ministral3 "
              "PhiMoEForCausalLM Phi4MMForCausalLM Phi4MultimodalForCausalLM Phi3VForCausalLM",
     .window = WindowRule::kAll},
    {.names = "internlm InternLMForCausalLM", .attention = {.bias_key = "bias", .bias = true}},
    {.names = "internlm2 InternLM2ForCausalLM internlm3 InternLM3ForCausalLM", .attention = {.bias_key = "bias"}},
    {.names = "arcee ArceeForCausalLM", .gated = false},
    {.names = "apertus ApertusForCausalLM apertus1p5_text", .attention = {.qk_norm = Norm::kHead}, .gated = false},
    {.names = "bitnet BitNetForCausalLM", .sub_norms = true},
    {.names = "nanochat NanoChatForCausalLM", .gated = false, .norms = 0, .final_norm = false},
    {.names = "seed_oss SeedOssForCausalLM",
     .attention = {.bias = true, .output_bias = false, .output_bias_key = "attention_out_bias"}},
    {.names = "smollm3 SmolLM3ForCausalLM minicpm MiniCPMForCausalLM", .tied = true},
    {.names = "granite_swa GraniteSWAForCausalLM granitemoe_swa GraniteMoeSWAForCausalLM",
     .attention = {.sinks = true}},
    {.names = "hyperclovax HyperCLOVAXForCausalLM", .norms = 4},
    {.names = "ernie4_5 Ernie4_5ForCausalLM ernie4_5_moe Ernie4_5_MoeForCausalLM ernie4_5_vl_moe_text "
              "ernie4_5_moe_vl",
     .attention = {.bias_key = "use_bias"},
     .mlp_bias_key = "use_bias",
     .tied = true},
    {.names = "orion OrionForCausalLM", .layer_norm = true},
    {.names = "olmo OlmoForCausalLM", .norms = 0, .final_norm = false},
    {.names = "olmo2 Olmo2ForCausalLM olmoe OlmoeForCausalLM flex_olmo FlexOlmoForCausalLM",
     .attention = {.qk_norm = Norm::kFull}},
    {.names = "olmo3 Olmo3ForCausalLM",
     .attention = {.qk_norm = Norm::kFull},
     .window = WindowRule::kPattern,
     .pattern = 4},
    {.names = "glm GlmForCausalLM", .attention = {.bias = true, .output_bias = false}},
    {.names = "glm4 Glm4ForCausalLM glm4v_text", .attention = {.bias = true, .output_bias = false}, .norms = 4},
    {.names = "glm4_moe Glm4MoeForCausalLM sarvam_moe glm4v_moe_text",
     .attention = {.output_bias = false, .qk_norm = Norm::kHead, .qk_norm_key = "use_qk_norm", .floors = true}},
    {.names = "exaone4 Exaone4ForCausalLM exaone_moe ExaoneMoeForCausalLM",
     .attention = {.qk_norm = Norm::kHead},
     .window = WindowRule::kPattern,
     .pattern = 4},
    {.names = "dots1 Dots1ForCausalLM hy_v3 HYV3ForCausalLM mellum MellumForCausalLM hunyuan_v1_dense "
              "HunYuanDenseV1ForCausalLM",
     .attention = {.qk_norm = Norm::kHead}},
    {.names = "afmoe AfmoeForCausalLM beam BeamForCausalLM",
     .attention = {.qk_norm = Norm::kHead, .gate = Gate::kFull},
     .norms = 4},
    {.names = "flint FlintForCausalLM", .attention = {.qk_norm = Norm::kHead, .sinks = true}},
    {.names = "kolibri1 Kolibri1ForCausalLM", .attention = {.qk_norm = Norm::kHead}, .norms = 4},
    {.names = "gpt_oss GptOssForCausalLM",
     .attention = {.bias = true, .sinks = true},
     .window = WindowRule::kAlternate,
     .expert_bias = true},
    {.names = "minimax_m2 MiniMaxM2ForCausalLM", .attention = {.qk_norm = Norm::kFull}},
    {.names = "phimoe PhimoeForCausalLM PhiMoEForCausalLM", .window = WindowRule::kAll, .layer_norm = true},
    {.names = "cohere CohereForCausalLM",
     .attention = {.qk_norm = Norm::kFull, .qk_norm_key = "use_qk_norm"},
     .norms = 1,
     .tied = true},
    {.names = "cohere2 Cohere2ForCausalLM cohere2_moe Cohere2MoeForCausalLM cohere_compass_text",
     .window = WindowRule::kPattern,
     .pattern = 4,
     .norms = 1,
     .tied = true},
};

// The width of the first, dense layers where it is not that of the experts.
void widen_leading_layers(const HfReader& c, HfShape& shape) {
  const int width = c.optional({"prefix_dense_intermediate_size"}, 0, kWidthMax, 0);
  for (Layer& layer : shape.layers) {
    if (width > 0 && layer.feed_forward.experts == 0) layer.feed_forward.ffn = width;
  }
}

}  // namespace

HfShape read_llama(const HfReader& c, std::string_view name) {
  HfShape shape = read_styled(c, name, kStyles);
  if (one_of("minimax_m2 MiniMaxM2ForCausalLM", name)) {
    for (const int mark : c.per_layer("attn_type_list", static_cast<int>(shape.layers.size()))) {
      if (mark != 1) c.problem("attn_type_list", "a layer is not 1, full attention, which is all that this family has");
    }
  }
  if (one_of("cohere2_moe Cohere2MoeForCausalLM", name)) widen_leading_layers(c, shape);
  if (one_of("hyperclovax HyperCLOVAXForCausalLM", name) && !c.flag("use_post_norm", true)) {
    for (Layer& layer : shape.layers) layer.norms = -1;
  }
  return shape;
}

// ChatGLM2 and 3, and the GLM-4 that came before transformers knew it: key-value heads are groups, widths have names of
// their own.
HfShape read_chatglm(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer mixer = hf_attention(c, {.bias_key = "add_qkv_bias", .bias = true, .output_bias = false});
  mixer.kv_heads = mixer.heads;
  const int groups = c.optional({"multi_query_group_num"}, 2, kHeadsMax);
  if (c.flag("multi_query_attention", false)) mixer.kv_heads = groups;
  FeedForward block = hf_dense(c);
  block.bias = c.flag("add_bias_linear", false);
  if (block.bias) mixer.other_weights += hf_hidden(c);
  shape.layer_norm = !c.flag("rmsnorm", true);
  shape.layers.assign(static_cast<std::size_t>(layers), Layer{mixer, block});
  c.ignore({"post_layer_norm", "layernorm_epsilon", "apply_residual_connection_post_layernorm", "original_rope"});
  return shape;
}

// StableLM: queries and keys normed head by head where it says so; a parallel block has one norm.
HfShape read_stablelm(const HfReader& c, std::string_view) {
  BlockStyle style{.attention = {.bias_key = "use_qkv_bias",
                                 .output_bias = false,
                                 .qk_norm = Norm::kFull,
                                 .qk_norm_key = "qk_layernorm"},
                   .layer_norm = true};
  if (c.flag("use_parallel_residual", false)) style.norms = 1;
  return read_blocks(c, style);
}

}  // namespace socle::model
