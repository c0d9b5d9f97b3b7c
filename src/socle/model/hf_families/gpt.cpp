#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/model/hf_families/blocks.hpp"

// GPT-2 and its like: LayerNorm, ungated blocks, biases, learned positions or ALiBi.
namespace socle::model {
namespace {

using Norm = AttentionStyle::Norm;

// Biases everywhere, LayerNorm, two matrices, a tied head.
constexpr BlockStyle kClassic{
    .attention = {.bias = true}, .gated = false, .mlp_bias = true, .layer_norm = true, .tied = true};

/// The classic style under these names, changed by `vary`.
template <typename Vary>
constexpr BlockStyle classic(std::string_view names, Vary vary) {
  BlockStyle style = kClassic;
  style.names = names;
  vary(style);
  return style;
}

constexpr BlockStyle kStyles[] = {
    classic("gpt2 GPT2LMHeadModel gpt-sw3 gpt_bigcode GPTBigCodeForCausalLM",
            [](BlockStyle& s) { s.positions = true, s.ffn_factor = 4; }),
    classic("openai-gpt OpenAIGPTLMHeadModel",
            [](BlockStyle& s) { s.positions = true, s.ffn_factor = 4, s.final_norm = false; }),
    classic("gpt_neo GPTNeoForCausalLM",
            [](BlockStyle& s) { s.positions = true, s.ffn_factor = 4, s.attention.bias = false; }),
    classic("gpt_neox GPTNeoXForCausalLM", [](BlockStyle& s) { s.ffn_factor = 4, s.tied = false; }),
    classic("gpt_neox_japanese GPTNeoXJapaneseForCausalLM",
            [](BlockStyle& s) { s.ffn_factor = 4, s.attention.bias = s.mlp_bias = false; }),
    classic("gptj GPTJForCausalLM codegen CodeGenForCausalLM",
            [](BlockStyle& s) {
              s.ffn_factor = 4, s.attention.bias = s.tied = false;
              s.norms = 1, s.head_bias = true;
            }),
    classic("opt OPTForCausalLM",
            [](BlockStyle& s) {
              s.attention.bias_key = s.mlp_bias_key = "enable_bias";
              s.positions = true, s.extra_positions = 2, s.ffn_factor = 4;
            }),
    classic("bloom BloomForCausalLM", [](BlockStyle& s) { s.ffn_factor = 4; }),
    classic("biogpt BioGptForCausalLM", [](BlockStyle& s) { s.positions = true, s.extra_positions = 2; }),
    classic("xglm XGLMForCausalLM", [](BlockStyle&) {}),
    classic("ctrl CTRLLMHeadModel", [](BlockStyle& s) { s.head_bias = true; }),
    classic("phi PhiForCausalLM",
            [](BlockStyle& s) {
              s.attention.qk_norm = Norm::kHeadBoth, s.attention.qk_norm_key = "qk_layernorm";
              s.norms = 1, s.head_bias = true, s.tied = false;
            }),
    classic("starcoder2 Starcoder2ForCausalLM",
            [](BlockStyle& s) {
              s.attention.bias_key = s.mlp_bias_key = "use_bias";
              s.window = WindowRule::kAll;
            }),
    classic("persimmon PersimmonForCausalLM fuyu FuyuForCausalLM",
            [](BlockStyle& s) {
              s.attention.qk_norm = Norm::kHeadBoth, s.attention.qk_norm_key = "qk_layernorm";
              s.attention.qk_norm_default = true, s.tied = false;
            }),
    classic("jais2 Jais2ForCausalLM", [](BlockStyle& s) { s.tied = false; }),
    classic("nemotron NemotronForCausalLM", [](BlockStyle& s) { s.attention.bias = s.mlp_bias = s.tied = false; }),
};

void set_local_layers(const HfReader& c, HfShape& shape) {
  const int window = c.optional({"window_size"}, 256, kCountMax);
  const std::vector<std::string> kinds =
      hf_layer_kinds(c, "attention_layers", static_cast<int>(shape.layers.size()), "global local");
  for (std::size_t i = 0; i < shape.layers.size(); ++i) {
    Mixer& mixer = shape.layers[i].mixer;
    mixer.other_weights = hf_hidden(c);  // only the output projection has a bias
    if (kinds.empty() ? i % 2 == 1 : kinds[i] == "local") mixer.window = window;
  }
  c.ignore({"attention_types"});
}

}  // namespace

HfShape read_gpt(const HfReader& c, std::string_view name) {
  HfShape shape = read_styled(c, name, kStyles);
  const double hidden = hf_hidden(c);
  if (one_of("gpt_bigcode GPTBigCodeForCausalLM", name) && c.flag("multi_query", true)) {
    for (Layer& layer : shape.layers) layer.mixer.kv_heads = 1;
  }
  if (one_of("gpt_neo GPTNeoForCausalLM", name)) set_local_layers(c, shape);
  if (one_of("bloom BloomForCausalLM", name)) shape.other_weights += 2.0 * hidden;  // the embedding's norm
  if (one_of("gptj GPTJForCausalLM", name)) c.ignore({"rotary_dim"});
  if (one_of("gpt_neox GPTNeoXForCausalLM", name)) c.ignore({"use_parallel_residual"});
  if (one_of("opt OPTForCausalLM", name)) {
    shape.embedding_width = c.optional({"word_embed_proj_dim"}, 0, kWidthMax, 0);
    shape.final_norm = c.flag("do_layer_norm_before", true) && !c.flag("_remove_final_layer_norm", false);
  }
  if (one_of("gpt_neox_japanese GPTNeoXJapaneseForCausalLM", name)) {
    const int factor = c.optional({"intermediate_multiple_size"}, 4, 1000);
    for (Layer& layer : shape.layers)
      layer.feed_forward.ffn = static_cast<int>(std::min<double>(factor * hidden, kWidthMax));
  }
  return shape;
}

// MPT: sizes in attn_config, norms without biases where no_bias says so.
HfShape read_mpt(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.tied_embeddings = true;
  const int layers = hf_layers(c);
  const bool biased = !c.flag("no_bias", true);
  shape.layer_norm = biased;
  Mixer mixer = hf_attention(c, {.bias = biased});
  if (const auto attention = c.object("attn_config")) {
    if (attention->text("attn_type") == "multiquery_attention") mixer.kv_heads = 1;
    if (attention->has("kv_n_heads")) mixer.kv_heads = attention->optional({"kv_n_heads"}, 1, kHeadsMax);
    if (attention->flag("qk_ln", false)) mixer.other_weights += hf_hidden(c) + mixer.kv_heads * mixer.head_dim;
    attention->ignore({"attn_impl", "attn_pdrop", "attn_uses_sequence_id", "clip_qkv", "prefix_lm", "softmax_scale",
                       "alibi", "alibi_bias_max", "qk_gn", "sliding_window_size"});
    c.adopt_unread(*attention);
  }
  FeedForward block;
  block.gated = false;
  block.bias = biased;
  const double width = std::round(c.optional_real("expansion_ratio", 4.0, 0.01, 1000.0) * hf_hidden(c));
  block.ffn = static_cast<int>(std::clamp(width, 1.0, static_cast<double>(kWidthMax)));
  shape.layers.assign(static_cast<std::size_t>(layers), Layer{mixer, block});
  c.ignore({"learned_pos_emb", "embedding_fraction", "norm_type", "init_config", "ffn_config", "fc_type"});
  return shape;
}

// Falcon: one key-value head unless the decoder is of the new form; one norm for both blocks where they are parallel.
HfShape read_falcon(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.tied_embeddings = true;
  shape.layer_norm = true;
  const int layers = hf_layers(c);
  const bool biased = c.flag("bias", false);
  const bool fresh = c.flag("new_decoder_architecture", false);
  const bool parallel = c.flag("parallel_attn", true);
  Mixer mixer = hf_attention(c, {.bias_key = "bias", .bias = biased});
  const bool one_head = c.flag("multi_query", true);
  if (!fresh) mixer.kv_heads = one_head ? 1 : mixer.heads;
  FeedForward block;
  block.gated = false;
  block.bias = biased;
  block.ffn = hf_dense(c, {"ffn_hidden_size", "intermediate_size"}, 4.0 * hf_hidden(c)).ffn;
  const int norms = c.optional({"num_ln_in_parallel_attn"}, fresh ? 2 : 1, 2);
  shape.layers.assign(static_cast<std::size_t>(layers), Layer{mixer, block, parallel ? norms : 2});
  c.ignore({"alibi"});
  return shape;
}

// DBRX: sizes stand in attn_config and ffn_config; norms have no biases.
HfShape read_dbrx(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mixer mixer = hf_attention(c);
  Layer layer;
  if (const auto attention = c.object("attn_config")) {
    mixer.kv_heads = attention->required({"kv_n_heads"}, kHeadsMax);
    attention->ignore({"clip_qkv", "attn_pdrop", "rope_theta"});
    c.adopt_unread(*attention);
  } else {
    c.problem("attn_config", "the key is missing; add an object with kv_n_heads");
  }
  if (const auto experts = c.object("ffn_config")) {
    layer.feed_forward = hf_experts(*experts);
    experts->ignore({"moe_jitter_eps", "moe_loss_weight", "moe_normalize_expert_weights", "ffn_act_fn", "hidden_size",
                     "uniform_expert_assignment"});
    c.adopt_unread(*experts);
  } else {
    c.problem("ffn_config", "the key is missing; add an object with ffn_hidden_size, moe_num_experts and moe_top_k");
    layer.feed_forward.ffn = 1;
  }
  layer.mixer = mixer;
  shape.layers.assign(static_cast<std::size_t>(layers), layer);
  return shape;
}

// CPM-Ant: prompts and segments have embeddings, distances a table; the head is a matrix of its own.
HfShape read_cpmant(const HfReader& c, std::string_view) {
  HfShape shape = read_blocks(c, {.tied = true});
  shape.never_tied = true;
  const double hidden = hf_hidden(c);
  const double prompts =
      static_cast<double>(c.optional({"prompt_types"}, 32, kHeadsMax)) * c.optional({"prompt_length"}, 32, kHeadsMax);
  const double segments = c.optional({"segment_types"}, 32, kHeadsMax);
  const double buckets = c.optional({"position_bias_num_buckets"}, 512, kHeadsMax);
  const double heads = shape.layers.empty() ? 0 : shape.layers.front().mixer.heads;
  shape.other_weights += (prompts + segments) * hidden + (buckets + segments * segments) * heads;
  c.ignore({"position_bias_max_distance"});
  return shape;
}

// ModernBERT as a decoder: a dense layer and a bias before the head, norms without biases, none before the first layer.
HfShape read_modernbert_decoder(const HfReader& c, std::string_view) {
  HfShape shape = read_blocks(c, {.window = WindowRule::kPattern, .pattern = 3, .tied = true});
  const double hidden = hf_hidden(c);
  shape.other_weights += hidden * hidden + hidden + c.optional({"vocab_size"}, 0, kWidthMax);
  c.ignore({"classifier_bias", "decoder_bias", "norm_bias", "local_attention", "classifier_activation",
            "global_attn_every_n_layers"});
  return shape;
}

}  // namespace socle::model
