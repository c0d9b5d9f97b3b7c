#include "socle/memory/serving_parts.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace socle::memory {
namespace {

using model::DataType;
using model::FeedForward;
using model::Layer;
using model::Mixer;
using model::MixerKind;
using model::Transformer;
using workload::ServingLayout;

constexpr double kHalf = 2.0;     // bytes of what stays in 16 bit
constexpr double kSingle = 4.0;   // of recurrent states
constexpr int kScaleBytes = 4;    // of an fp8 block
constexpr int kScaleBlock = 128;  // fp8-block: one scale for so many rows and columns

/// Key-value heads of one chip: at least one.
double local_kv_heads(const Mixer& m, const ServingLayout& layout) {
  return std::max(1.0, static_cast<double>(m.kv_heads) / layout.tensor_parallel);
}

/// Bytes of a cached element; fp4 has a scale of one byte for 16 of them.
double cached_bytes(DataType format) {
  return model::bytes_per_element(format) + (format == DataType::kFp4 ? 1.0 / 16.0 : 0.0);
}

/// Indexer keys are fp8 with a scale for each 128, whatever the cache is. Source: sgl-project/sglang v0.5.6,
/// model_runner.py (index_head_dim + index_head_dim / 128 x 4 bytes).
double indexer_bytes(double width) { return width * (1.0 + static_cast<double>(kScaleBytes) / kScaleBlock); }

/// A latent and its rotary key. Sparse attention keeps an fp8 latent with its scales and a 16-bit rotary key: 656 bytes
/// of DeepSeek-V3.2. Source: vLLM's fp8_ds_mla (recall).
double latent_bytes(const Mixer& m, DataType format) {
  if (m.index_topk > 0 && format == DataType::kFp8) return indexer_bytes(m.kv_lora) + kHalf * m.rope_dim;
  return cached_bytes(format) * (static_cast<double>(m.kv_lora) + m.rope_dim);
}

/// Absorbed decoding keeps the two halves of the up-projection once more, in 16 bit. Source: vllm-project/vllm
/// vllm/v1/attention/backends/mla/common.py (W_UK_T, W_UV); sgl-project/sglang models/deepseek_v2.py (w_kc, w_vc).
Bytes absorbed_weights(const Mixer& m, const ServingLayout& layout) {
  if (m.kind != MixerKind::kMla) return {};
  const double heads = static_cast<double>(m.heads) / layout.tensor_parallel;
  return Bytes{kHalf * m.kv_lora * heads * (m.head_dim - m.rope_dim + m.v_head_dim)};
}

/// Weights of a mixer that every chip has whole, and that are matrices.
double copied_matrices(const Transformer& model, const Mixer& m, const ServingLayout& layout) {
  const double h = model.hidden;
  if (m.kind == MixerKind::kMla) return h * (m.q_lora + m.kv_lora + m.rope_dim);
  if (m.kind != MixerKind::kAttention || m.reuses_kv) return 0.0;
  // Heads that are copied: what the share of one tp rank does not already count.
  const double beyond = local_kv_heads(m, layout) - static_cast<double>(m.kv_heads) / layout.tensor_parallel;
  const double head = h * (m.head_dim + (m.shared_kv ? 0 : m.v_head_dim));
  return beyond * head / (1.0 - 1.0 / std::max(2, layout.tensor_parallel));
}

/// Norms and the router: 16 bit, copied.
double small_weights(const Transformer& model, const Layer& layer) {
  const FeedForward& ff = layer.feed_forward;
  const double router = ff.experts == 0         ? 0.0
                        : ff.router_weights > 0 ? ff.router_weights
                                                : static_cast<double>(model.hidden) * ff.experts;
  const int norms = layer.norms >= 0 ? layer.norms : 2;
  return router + (model.layer_norm ? 2.0 : 1.0) * norms * model.hidden + layer.mixer.other_weights;
}

double width_of_attention(const Mixer& m, const ServingLayout& layout) {
  const double tp = layout.tensor_parallel;
  if (m.kind == MixerKind::kLinear)
    return (model::linear_in_width(m) + static_cast<double>(m.heads) * m.v_head_dim) / tp;
  if (m.kind == MixerKind::kMla)
    return m.q_lora + m.kv_lora + m.rope_dim +
           m.heads * (2.0 * m.head_dim + 2.0 * m.v_head_dim) / tp;  // queries, keys, values, output
  if (m.kind == MixerKind::kNone) return 0.0;
  const double gate = m.output_gate ? static_cast<double>(m.heads) * m.v_head_dim : 0.0;
  return (static_cast<double>(m.heads) * (m.head_dim + m.v_head_dim) + gate) / tp +
         local_kv_heads(m, layout) * (m.head_dim + m.v_head_dim);
}

double width_of_feed_forward(const Transformer& model, const FeedForward& ff, const ServingLayout& layout) {
  const double matrices = ff.gated ? 3.0 : 2.0;
  if (ff.experts == 0) return matrices * ff.ffn / layout.tensor_parallel;
  const double inner = static_cast<double>(ff.ffn) / layout.expert_tensor_parallel();
  const double width = ff.latent > 0 ? ff.latent : model.hidden;
  const double up = ff.gated ? 2.0 * inner : inner;
  return ff.topk * (std::max(up, width) + inner) + matrices * ff.shared_ffn / layout.tensor_parallel;
}

/// The powers of two that `fits` takes, for a message.
template <typename Fits>
std::string sizes_that(Fits fits) {
  std::vector<int> sizes;
  for (int size = 1; size <= 64; size *= 2) {
    if (fits(size)) sizes.push_back(size);
  }
  return fmt::format("{}", fmt::join(sizes, ", "));
}

bool divides_heads(const Mixer& m, int tp) {
  if (m.kind == MixerKind::kNone) return true;
  if (m.heads % tp != 0) return false;
  return m.kind == MixerKind::kMla || m.kv_heads <= 0 || m.kv_heads % tp == 0 || tp % m.kv_heads == 0;
}

std::string expert_problem(const FeedForward& ff, const ServingLayout& layout, const model::ServingFormats& formats) {
  const int cut = layout.expert_tensor_parallel();
  if (ff.experts % layout.expert_parallel != 0)
    return fmt::format("ep = {} does not divide {} experts", layout.expert_parallel, ff.experts);
  if (ff.ffn % cut != 0)
    return fmt::format("experts {} wide are not cut into {} (tp * dp / ep); use a larger ep", ff.ffn, cut);
  if (formats.experts == model::WeightFormat::kFp8Block && cut > 1 && ff.ffn / cut % kScaleBlock != 0)
    return fmt::format("fp8-block experts {} wide cut into {} are {} wide, no multiple of {}; use a larger ep", ff.ffn,
                       cut, ff.ffn / cut, kScaleBlock);
  return {};
}

}  // namespace

std::string layout_problem(const Transformer& model, const ServingLayout& layout,
                           const model::ServingFormats& formats) {
  const int tp = layout.tensor_parallel;
  if (layout.pipeline_parallel > model.layers())
    return fmt::format("pp = {} is more than {} layers", layout.pipeline_parallel, model.layers());
  if (layout.ranks() % layout.expert_parallel != 0)
    return fmt::format("ep = {} does not divide tp * dp = {}", layout.expert_parallel, layout.ranks());
  bool routed = false;
  for (const Layer& layer : model.kinds) {
    if (!divides_heads(layer.mixer, tp))
      return fmt::format("tp = {} does not divide {} attention heads ({} key-value heads); use {}", tp,
                         layer.mixer.heads, layer.mixer.kv_heads, sizes_that([&](int size) {
                           return std::all_of(model.kinds.begin(), model.kinds.end(),
                                              [&](const Layer& one) { return divides_heads(one.mixer, size); });
                         }));
    const FeedForward& ff = layer.feed_forward;
    if (ff.experts == 0 && ff.ffn % tp != 0)
      return fmt::format("tp = {} does not divide the feed-forward width {}", tp, ff.ffn);
    if (ff.experts == 0) continue;
    routed = true;
    if (std::string problem = expert_problem(ff, layout, formats); !problem.empty()) return problem;
  }
  if (!routed && layout.expert_parallel > 1)
    return fmt::format("ep = {} needs routed experts; the model has none", layout.expert_parallel);
  return {};
}

LayerWeights layer_weights(const Transformer& model, const Layer& layer, const ServingLayout& layout,
                           const model::ServingFormats& formats) {
  const double tp = layout.tensor_parallel;
  const double experts = model::expert_parameters(model, layer);
  const double small = std::min(small_weights(model, layer), model::layer_parameters(model, layer) - experts);
  const double matrices = model::layer_parameters(model, layer) - experts - small;
  const double copied = std::min(copied_matrices(model, layer.mixer, layout), matrices);
  const double kept = (matrices - copied) / tp + copied;
  return {
      .dense = Bytes{kept * bytes_per_weight(formats.matrices) + small * kHalf} + absorbed_weights(layer.mixer, layout),
      .experts = Bytes{experts / layout.ranks() * bytes_per_weight(formats.experts)}};
}

Bytes prediction_weights(const Transformer& model, const ServingLayout& layout, const model::ServingFormats& formats) {
  Bytes bytes{};
  for (const int kind : model::mtp_module(model)) {
    const LayerWeights one = layer_weights(model, model.kinds[static_cast<std::size_t>(kind)], layout, formats);
    bytes += one.dense + one.experts;
  }
  const double h = model.hidden;
  return model.mtp_layers * (bytes + Bytes{2.0 * h * h * kHalf});  // the projection of state and embedding, copied
}

std::vector<CacheGroup> mixer_cache(const Mixer& m, const ServingLayout& layout, DataType format) {
  const double size = cached_bytes(format);
  if (m.reuses_kv || m.kind == MixerKind::kLinear || m.kind == MixerKind::kNone) return {};
  if (m.kind == MixerKind::kMla) return {{Bytes{latent_bytes(m, format) + indexer_bytes(m.index_dim)}, m.window}};
  const double keys = local_kv_heads(m, layout) * (m.head_dim + (m.shared_kv ? 0 : m.v_head_dim));
  const double indexed = m.compress > 0 ? 0.0 : m.index_dim;
  std::vector<CacheGroup> groups{{Bytes{size * keys + indexer_bytes(indexed)}, m.window > 0 ? m.window : m.chunk}};
  if (m.compress > 0) groups.push_back({Bytes{(size * m.head_dim + indexer_bytes(m.index_dim)) / m.compress}, 0});
  return groups;
}

Bytes mixer_state(const Mixer& m, const ServingLayout& layout) {
  if (m.kind != MixerKind::kLinear) return {};
  const double states = static_cast<double>(m.heads) * m.head_dim * m.v_head_dim;
  const double inputs = std::max(0, m.conv_width - 1) * model::linear_conv_channels(m);
  return Bytes{(states * kSingle + inputs * kHalf) / layout.tensor_parallel};
}

Bytes activation_per_token(const Transformer& model, const ServingLayout& layout) {
  double widest = 0;
  for (const Layer& layer : model.kinds) {
    widest = std::max(
        {widest, width_of_attention(layer.mixer, layout), width_of_feed_forward(model, layer.feed_forward, layout)});
  }
  const double streams = std::max(1, model.residual_streams);
  return Bytes{kHalf * ((1.0 + streams) * model.hidden + widest)};
}

}  // namespace socle::memory
