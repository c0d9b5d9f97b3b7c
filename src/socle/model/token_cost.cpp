#include "socle/model/token_cost.hpp"

#include <algorithm>

namespace socle::model {
namespace {

// Keys that a query sees on average over a sequence of s tokens with a window of w: the first w queries see 1 to w.
double seen(double s, double w) {
  if (w <= 0 || w >= s) return (s + 1.0) / 2.0;
  return (w * (w + 1.0) / 2.0 + (s - w) * w) / s;
}

double visible_keys(const Mixer& m, double s) {
  if (m.chunk > 0 && m.chunk < s) return (m.chunk + 1.0) / 2.0;
  if (m.index_topk > 0) return seen(s, m.index_topk) + (m.compress > 0 ? seen(s, m.window) : 0.0);
  const double keys = seen(s, m.window);
  return m.compress > 0 ? keys + (s + 1.0) / 2.0 / m.compress : keys;
}

double attention_flops(const Mixer& m, double s) {
  if (m.kind == MixerKind::kLinear) return m.heads * scan_flops_per_head(m);
  if (m.kind == MixerKind::kNone) return 0.0;
  double flops = 2.0 * m.heads * (static_cast<double>(m.head_dim) + m.v_head_dim) * visible_keys(m, s);
  if (m.index_heads > 0)
    flops += 2.0 * m.index_heads * static_cast<double>(m.index_dim) * (s + 1.0) / 2.0 / std::max(1, m.compress);
  return flops;
}

// Weights of one layer that products of matrices read for a token.
double matrix_weights(const Transformer& model, const Layer& layer) {
  Layer bare = layer;
  bare.norms = 0;
  bare.uses = 1;
  bare.mixer.other_weights = bare.feed_forward.other_weights = 0;
  bare.mixer.qkv_bias = bare.feed_forward.bias = false;
  return active_layer_parameters(model, bare);
}

double cached_per_token(const Mixer& m) {
  if (m.reuses_kv || m.kind == MixerKind::kLinear || m.kind == MixerKind::kNone) return 0.0;
  if (m.kind == MixerKind::kMla) return static_cast<double>(m.kv_lora) + m.rope_dim + m.index_dim;
  return static_cast<double>(m.kv_heads) * (m.head_dim + (m.shared_kv ? 0 : m.v_head_dim)) +
         (m.compress > 0 ? 0 : m.index_dim);
}

}  // namespace

double scan_flops_per_head(const Mixer& m) {
  const double states = static_cast<double>(m.head_dim) * m.v_head_dim;
  if (m.v_head_dim == 1) return 9.0 * states;
  return kScanChunk * (static_cast<double>(m.head_dim) + m.v_head_dim) + 4.0 * states;
}

TokenFlops token_flops(const Transformer& model, int sequence) {
  TokenFlops flops;
  for (const int kind : model.kind_of_layer) {
    const Layer& layer = model.kinds[static_cast<std::size_t>(kind)];
    flops.matrices += 2.0 * matrix_weights(model, layer);
    flops.attention += attention_flops(layer.mixer, sequence);
  }
  const double width = model.embedding_width > 0 ? model.embedding_width : model.hidden;
  flops.matrices += 2.0 * model.vocab * width;
  return flops;
}

CacheSize cache_size(const Transformer& model, double context) {
  CacheSize size;
  for (const int kind : model.kind_of_layer) {
    const Mixer& m = model.kinds[static_cast<std::size_t>(kind)].mixer;
    if (m.kind == MixerKind::kLinear) {
      size.state += static_cast<double>(m.heads) * m.head_dim * m.v_head_dim +
                    std::max(0, m.conv_width - 1) * linear_conv_channels(m);
      continue;
    }
    const double one = cached_per_token(m);
    const double held = m.window > 0 ? m.window : m.chunk > 0 ? m.chunk : context;
    size.per_token += one;
    size.at_context += one * std::min(held, context);
    if (m.compress > 0) {
      const double compressed = (static_cast<double>(m.head_dim) + m.index_dim) / m.compress;
      size.per_token += compressed;
      size.at_context += compressed * context;
    }
  }
  return size;
}

}  // namespace socle::model
