#include "socle/model/hf_families/state_space.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "socle/model/hf_families/blocks.hpp"

// Models without attention: Mamba, RWKV, xLSTM; and the mixers that hybrids share with them.
namespace socle::model {

Mixer mamba1_mixer(const HfReader& c, const Mamba1& s) {
  Mixer m;
  m.kind = MixerKind::kLinear;
  const double channels = std::clamp(s.channels, 1.0, static_cast<double>(kWidthMax));
  m.heads = static_cast<int>(channels);
  m.kv_heads = 1;
  m.head_dim = s.state;
  m.v_head_dim = 1;
  m.conv_width = s.taps;
  m.conv_channels = m.heads;
  m.in_width = 2 * m.heads;
  m.inner_weights = channels * (s.rank + 2.0 * s.state) + s.rank * channels;
  m.other_weights = channels * (s.state + 2.0) + (s.conv_bias ? channels : 0.0);
  if (s.proj_bias) m.other_weights += 2.0 * channels + hf_hidden(c);
  return m;
}

Mixer mamba2_mixer(const HfReader& c, const Mamba2& s) {
  Mixer m;
  m.kind = MixerKind::kLinear;
  m.heads = s.heads;
  m.kv_heads = s.groups;
  m.head_dim = s.state;
  m.v_head_dim = s.head_dim;
  m.conv_width = s.taps;
  const double values = static_cast<double>(s.heads) * s.head_dim;
  const double keys = static_cast<double>(s.groups) * s.state;
  if (values > kWidthMax || keys > kWidthMax)
    c.problem("mamba_n_heads", fmt::format("heads or groups wider than {} together; give fewer", kWidthMax));
  if (s.conv_bias) m.other_weights += values + 2.0 * keys;
  if (s.proj_bias) m.other_weights += 2.0 * values + 2.0 * keys + s.heads + hf_hidden(c);
  if (!s.norm) m.other_weights -= values;
  return m;
}

Mamba2 hf_mamba2(const HfReader& c) {
  Mamba2 s;
  const double inner =
      std::min<double>(c.optional({"mamba_expand"}, 2, 1024) * static_cast<double>(hf_hidden(c)), kWidthMax);
  s.heads = c.optional({"mamba_n_heads", "mamba_num_heads", "n_mamba_heads"}, 128, kHeadsMax);
  const int usual =
      std::max(1, static_cast<int>(c.optional({"mamba_d_ssm"}, static_cast<int>(inner), kWidthMax) / s.heads));
  s.head_dim = c.optional({"mamba_d_head", "mamba_head_dim", "mamba_headdim"}, usual, kWidthMax);
  s.groups = c.optional({"mamba_n_groups", "mamba_ngroups"}, 1, kHeadsMax);
  s.state = c.optional({"mamba_d_state"}, 256, kWidthMax);
  s.taps = c.optional({"mamba_d_conv"}, 4, 1024);
  s.conv_bias = c.flag("mamba_conv_bias", c.flag("use_conv_bias", true));
  s.proj_bias = c.flag("mamba_proj_bias", false);
  c.ignore({"mamba_chunk_size", "chunk_size", "use_mem_eff_path"});
  return s;
}

HfShape read_mamba(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.tied_embeddings = true;
  const int layers = hf_layers(c);
  const double hidden = hf_hidden(c);
  const double expand = c.optional_real("expand", 2.0, 0.1, 1024.0);
  Mamba1 sizes;
  sizes.channels = c.optional({"intermediate_size", "d_inner"},
                              static_cast<int>(std::min<double>(expand * hidden, kWidthMax)), kWidthMax);
  sizes.state = c.optional({"state_size"}, 16, kWidthMax);
  sizes.taps = c.optional({"conv_kernel"}, 4, 1024);
  const int usual = static_cast<int>(std::ceil(hidden / 16.0));
  sizes.rank = usual;
  if (c.has("time_step_rank") && c.value("time_step_rank").is_string())
    c.text("time_step_rank");  // "auto"
  else
    sizes.rank = c.optional({"time_step_rank"}, usual, kWidthMax);
  sizes.conv_bias = c.flag("use_conv_bias", true);
  sizes.proj_bias = c.flag("use_bias", false);
  Layer layer{mamba1_mixer(c, sizes), {}};
  shape.layers.assign(static_cast<std::size_t>(layers), layer);
  c.ignore({"use_mambapy", "mixer_rms_eps", "use_associative_scan", "d_model", "n_layer", "ssm_cfg", "rms_norm",
            "fused_add_norm", "pad_vocab_size_multiple", "use_falcon_mamba_norm"});
  return shape;
}

HfShape read_mamba2(const HfReader& c, std::string_view) {
  HfShape shape;
  const int layers = hf_layers(c);
  Mamba2 sizes;
  sizes.heads = c.optional({"num_heads"}, 128, kHeadsMax);
  const double inner = c.optional_real("expand", 2.0, 0.1, 1024.0) * hf_hidden(c);
  const int usual = std::max(1, static_cast<int>(std::min<double>(inner, kWidthMax) / sizes.heads));
  sizes.head_dim = c.optional({"head_dim"}, usual, kWidthMax);
  sizes.groups = c.optional({"n_groups"}, 8, kHeadsMax);
  sizes.state = c.optional({"state_size"}, 128, kWidthMax);
  sizes.taps = c.optional({"conv_kernel"}, 4, 1024);
  sizes.conv_bias = c.flag("use_conv_bias", true);
  sizes.proj_bias = c.flag("use_bias", false);
  shape.layers.assign(static_cast<std::size_t>(layers), Layer{mamba2_mixer(c, sizes), {}});
  c.ignore({"chunk_size", "time_step_rank", "rms_norm", "norm_before_gate", "intermediate_size"});
  return shape;
}

// RWKV-4: keys, values and a receptance, a decay for each channel; the feed-forward block has a receptance too.
HfShape read_rwkv(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.layer_norm = true;
  const int layers = hf_layers(c);
  const int hidden = hf_hidden(c);
  const int width = c.optional({"attention_hidden_size"}, hidden, kWidthMax);
  Layer layer;
  Mixer& m = layer.mixer;
  m.kind = MixerKind::kLinear;
  m.heads = width;
  m.kv_heads = m.head_dim = m.v_head_dim = 1;
  m.in_width = 3 * width;
  m.conv_channels = 1;
  m.other_weights = 2.0 * width + 3.0 * hidden;
  FeedForward& ff = layer.feed_forward;
  ff.ffn = hf_dense(c, {"intermediate_size"}, 4.0 * hidden).ffn;
  ff.gated = false;
  ff.inner_weights = static_cast<double>(hidden) * hidden;
  ff.other_weights = 2.0 * hidden;
  shape.layers.assign(static_cast<std::size_t>(layers), layer);
  shape.other_weights = 2.0 * hidden;  // the norm before the first layer
  c.ignore({"context_length", "rescale_every"});
  return shape;
}

// xLSTM: matrix memories with narrow queries and keys, gates for input, forgetting and output.
HfShape read_xlstm(const HfReader& c, std::string_view) {
  HfShape shape;
  shape.never_tied = true;
  const int layers = hf_layers(c);
  const int hidden = hf_hidden(c);
  Mixer m;
  m.kind = MixerKind::kLinear;
  m.heads = m.kv_heads = c.required({"num_heads"}, kHeadsMax);
  const auto width = [&](const char* key, double usual) {
    const double all = c.optional_real(key, usual, 0.001, 1000.0) * hidden;
    return std::clamp(static_cast<int>(std::min<double>(all, kWidthMax) / m.heads), 1, kWidthMax);
  };
  m.head_dim = width("qk_dim_factor", 0.5);
  m.v_head_dim = width("v_dim_factor", 1.0);
  const double in = 2.0 * m.heads * (static_cast<double>(m.head_dim) + m.v_head_dim) + 2.0 * m.heads;
  m.in_width = static_cast<int>(std::min<double>(in, kCountMax));
  m.conv_channels = 1;
  m.other_weights = 2.0 * m.heads + static_cast<double>(m.heads) * m.v_head_dim;
  FeedForward ff;
  const double multiple = c.optional({"ffn_round_up_to_multiple_of"}, 64, kWidthMax);
  const double wide = std::ceil(c.optional_real("ffn_proj_factor", 2.667, 0.01, 1000.0) * hidden / multiple) * multiple;
  ff.ffn = static_cast<int>(std::clamp(wide, 1.0, static_cast<double>(kWidthMax)));
  shape.layers.assign(static_cast<std::size_t>(layers), Layer{m, ff});
  c.flag("use_bias", false);
  c.ignore({"embedding_dim", "num_blocks", "add_out_norm", "gate_soft_cap", "chunk_size", "chunkwise_kernel",
            "max_inference_chunksize", "mode", "norm_reduction_force_float32", "return_last_states", "sequence_kernel",
            "step_kernel", "weight_mode", "add_embedding_dropout", "add_post_blocks_norm", "autocast_kernel_dtype",
            "inference_state_dtype"});
  return shape;
}

}  // namespace socle::model
