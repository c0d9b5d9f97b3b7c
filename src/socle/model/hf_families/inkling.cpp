#include <algorithm>

#include <fmt/format.h>

#include "socle/model/hf_families/blocks.hpp"

// Inkling: short convolutions after keys, values and both blocks, learned biases by distance; and looped models, whose
// layers run several times with one set of weights.
namespace socle::model {
namespace {

constexpr std::string_view kKinds = "hybrid hybrid_sliding";

struct Attentions {
  Mixer global, local;
};

Attentions attentions(const HfReader& c) {
  Attentions a;
  a.global = hf_attention(c, {.qk_norm = AttentionStyle::Norm::kHead});
  a.local = a.global;
  a.local.heads = c.optional({"swa_num_attention_heads"}, a.global.heads, kHeadsMax);
  a.local.kv_heads = c.optional({"swa_num_key_value_heads"}, a.global.kv_heads, kHeadsMax);
  a.local.head_dim = a.local.v_head_dim = c.optional({"swa_head_dim"}, a.global.head_dim, kWidthMax);
  a.local.window = c.optional({"sliding_window_size", "sliding_window"}, 0, kCountMax, 0);
  const double taps = c.optional({"conv_kernel_size"}, 4, 1024);
  const double relative = c.optional({"d_rel"}, 16, kWidthMax);
  const double extent = c.optional({"rel_extent"}, 1024, kCountMax);
  for (Mixer* m : {&a.global, &a.local}) {
    m->inner_weights += static_cast<double>(hf_hidden(c)) * m->heads * relative;
    m->other_weights += 2.0 * m->kv_heads * m->head_dim * taps + hf_hidden(c) * taps +
                        relative * (m->window > 0 ? std::min<double>(m->window, extent) : extent);
  }
  return a;
}

// The head has rows for the tokens that exist, the embedding for a padded vocabulary.
double head_beyond_vocabulary(const HfReader& c) {
  const double rows = c.optional({"vocab_size"}, 0, kWidthMax);
  return (c.optional({"unpadded_vocab_size"}, static_cast<int>(rows), kWidthMax) - rows) * hf_hidden(c);
}

std::vector<int> repeat_range(int layers, int from, int to, int passes) {
  std::vector<int> order;
  for (int i = 0; i < from; ++i) order.push_back(i);
  for (int pass = 0; pass < passes && order.size() < static_cast<std::size_t>(kLayersMax); ++pass) {
    for (int i = from; i < to; ++i) order.push_back(i);
  }
  for (int i = to; i < layers; ++i) order.push_back(i);
  return order;
}

}  // namespace

HfShape read_inkling(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  const Attentions a = attentions(c);
  const std::vector<std::string> kinds = hf_layer_kinds(c, "layer_types", layers, kKinds);
  const double hidden = hf_hidden(c);
  const double shared = c.optional({"n_shared_experts"}, 0, kHeadsMax, 0);
  for (FeedForward block : read_feed_forwards(c, {}, layers)) {
    block.other_weights += hidden * c.optional({"conv_kernel_size"}, 4, 1024);
    if (block.experts > 0) block.inner_weights += shared * hidden;  // the router scores shared experts too
    const std::size_t i = shape.layers.size();
    shape.layers.push_back({kinds.empty() || kinds[i] == "hybrid" ? a.global : a.local, block});
  }
  shape.other_weights = hidden + head_beyond_vocabulary(c);  // the embedding's norm
  c.ignore({"number_of_conv_states", "log_scaling_alpha", "log_scaling_n_floor", "logits_mup_width_multiplier",
            "shared_expert_sink", "chain_hidden_post_norm", "mtp_hidden_states_first", "local_layer_ids",
            "dense_layer_ids", "sliding_window"});
  return shape;
}

// Inkling 2: a gate as wide as the output, sinks from the hidden state, attention over the residuals of earlier blocks;
// the looped form runs a range of layers several times, gates mixing in what the last pass left.
HfShape read_inkling2(const HfReader& c, std::string_view name) {
  HfShape shape;
  const int layers = hf_layers(c);
  Attentions a = attentions(c);
  const double hidden = hf_hidden(c);
  for (Mixer* m : {&a.global, &a.local}) {
    m->output_gate = true;
    m->inner_weights += hidden * m->heads;
    m->other_weights += m->heads * (m->head_dim + 16.0) - 2.0 * m->head_dim + hidden;
  }
  a.global.inner_weights += hidden * 64.0;  // convolutions whose taps depend on the token
  const std::vector<std::string> kinds = hf_layer_kinds(c, "layer_types", layers, kKinds);
  std::vector<FeedForward> blocks = read_feed_forwards(c, {}, layers);
  const bool looped = one_of("inkling2_loop_text Inkling2LoopForCausalLM", name);
  const int from = looped ? std::min(layers, c.optional({"loop_layer_index_start"}, 0, kLayersMax, 0)) : 0;
  const int to = looped ? std::clamp(c.optional({"loop_layer_index_end"}, layers, kLayersMax, 0), from, layers) : 0;
  const int passes = looped ? c.optional({"loop_num_passes"}, 1, 64) : 1;
  const double gates = looped ? 4.0 * c.optional({"loop_gate_rank"}, 64, kWidthMax) * 4.0 * hidden : 0.0;
  for (const int i : repeat_range(layers, from, to, passes)) {
    const auto at = static_cast<std::size_t>(i);
    Layer layer{kinds.empty() || kinds[at] == "hybrid" ? a.global : a.local, blocks[at]};
    layer.feed_forward.other_weights += hidden * (1.0 + c.optional({"conv_kernel_size"}, 4, 1024));
    if (i >= from && i < to) {
      layer.uses = passes;
      layer.feed_forward.inner_weights += gates;
    }
    shape.layers.push_back(layer);
  }
  if (passes > 1)
    shape.notes.push_back(fmt::format(
        "layers {} to {} run {} times with one set of weights; each pass counts as layers.", from, to - 1, passes));
  shape.other_weights = 2.0 * hidden + 4.0 * (to - from) * hidden + head_beyond_vocabulary(c);
  c.ignore({"log_scaling_alpha", "log_scaling_n_floor", "mlp_gate_softcap", "mlp_up_softcap", "qk_l2_clip_threshold",
            "rel_l2_clip_threshold", "n_layers_per_attn_res_block", "number_of_conv_states", "sliding_window"});
  return shape;
}

// Dory: single blocks of attention and of feed-forward by turns, a middle section that runs several times; scales
// instead of norms.
HfShape read_dory(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.final_norm = false;
  const int layers = hf_layers(c);
  Mixer mixer = hf_attention(c, {.gate = AttentionStyle::Gate::kFull});
  const double hidden = hf_hidden(c);
  mixer.other_weights += 2.0 * mixer.heads * mixer.head_dim + hidden;
  FeedForward block = hf_dense(c);
  block.other_weights = 2.0 * block.ffn + hidden;
  const std::vector<std::string> kinds =
      hf_layer_kinds(c, "layer_types", layers, "full_attention sliding_attention mlp");
  if (kinds.empty()) {
    c.problem("layer_types",
              "the key is missing; add \"sliding_attention\", \"full_attention\" or \"mlp\" for each layer");
    return shape;
  }
  const int window = c.optional({"sliding_window"}, 0, kCountMax, 0);
  const int from = c.optional({"n_input_layers"}, 0, layers, 0);
  const int to = std::max(from, layers - c.optional({"n_output_layers"}, 0, layers, 0));
  const int passes = c.optional({"n_recurrent_loops"}, 2, 64);
  c.ignore({"n_recurrent_layers", "ngpt_alpha_init", "recurrent_kv_cache_mode"});
  for (const int i : repeat_range(layers, from, to, passes)) {
    const std::string& kind = kinds[static_cast<std::size_t>(i)];
    Layer layer;
    layer.norms = 0;
    layer.mixer.kind = MixerKind::kNone;
    if (kind == "mlp")
      layer.feed_forward = block;
    else
      layer.mixer = mixer;
    if (kind == "sliding_attention") layer.mixer.window = window;
    if (i >= from && i < to) layer.uses = passes;
    shape.layers.push_back(layer);
  }
  shape.other_weights = c.optional({"vocab_size"}, 0, kWidthMax);
  if (passes > 1)
    shape.notes.push_back(fmt::format(
        "layers {} to {} run {} times with one set of weights; each pass counts as layers.", from, to - 1, passes));
  return shape;
}

// Hierarchical reasoning: a fast stack runs several times for each run of a slow one, both several times.
HfShape read_hrm(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.final_norm = false;
  const int layers = c.required({"num_layers_per_stack"}, kLayersMax);
  const int slow = c.optional({"H_cycles"}, 2, 64), fast = c.optional({"L_cycles"}, 3, 64);
  Layer layer{hf_attention(c, {.gate = AttentionStyle::Gate::kFull}), hf_dense(c), 0};
  Layer outer = layer;
  layer.uses = slow * fast;
  outer.uses = slow;
  const std::int64_t run = static_cast<std::int64_t>(layers) * (fast + 1) * slow;
  if (run > kLayersMax) {
    c.problem("H_cycles", fmt::format("{} layers are run; at most {} can be described", run, kLayersMax));
    return shape;
  }
  for (int cycle = 0; cycle < slow; ++cycle) {
    shape.layers.insert(shape.layers.end(), static_cast<std::size_t>(layers) * static_cast<std::size_t>(fast), layer);
    shape.layers.insert(shape.layers.end(), static_cast<std::size_t>(layers), outer);
  }
  shape.other_weights = hf_hidden(c);
  shape.notes.push_back("the two stacks run several times with one set of weights; each run counts as layers.");
  c.ignore({"num_hidden_layers", "L_bp_cycles", "embedding_scale", "prefix_lm"});
  return shape;
}

}  // namespace socle::model
