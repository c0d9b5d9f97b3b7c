#include "socle/model/transformer.hpp"

namespace socle::model {
namespace {

// Weights of one norm of the given width.
double norm(const Transformer& model, double width) { return model.layer_norm ? 2.0 * width : width; }

// The indexer of sparse attention: query heads from the query rank (or the hidden state), one key head and a weight per
// head from the hidden state; with compressed keys a key and a gate projection, twice as wide for overlapping blocks.
// Source: DeepSeek-V3.2 and V4 inference code.
double indexer_parameters(const Transformer& model, const Mixer& m) {
  if (m.index_heads == 0) return 0.0;
  const double h = model.hidden;
  const double keys = m.compress > 0 ? 4.0 * m.index_dim : m.index_dim;
  return static_cast<double>(m.q_lora > 0 ? m.q_lora : model.hidden) * m.index_heads * m.index_dim +
         h * (keys + m.index_heads);
}

double attention_parameters(const Transformer& model, const Mixer& m) {
  const double h = model.hidden;
  const double q = static_cast<double>(m.heads) * m.head_dim;
  const double kv =
      m.reuses_kv ? 0.0 : static_cast<double>(m.kv_heads) * (m.head_dim + (m.shared_kv ? 0 : m.v_head_dim));
  const double out = static_cast<double>(m.heads) * m.v_head_dim;
  const double query = m.q_lora > 0 ? m.q_lora * (h + q + 1.0) : h * q;
  const double gate = m.output_gate ? h * out : 0.0;
  const double output = m.o_lora > 0 ? m.o_lora * (out + m.o_groups * h) : out * h;
  // Blocks of few tokens overlap, which doubles their width (DeepSeek-V4: ratio 4 overlaps, 128 does not).
  const double compressor = m.compress > 0 ? 2.0 * h * m.head_dim * (m.index_heads > 0 ? 2.0 : 1.0) : 0.0;
  return query + gate + h * kv + output + (m.qkv_bias ? q + kv : 0.0) + compressor + indexer_parameters(model, m);
}

double mla_parameters(const Transformer& model, const Mixer& m) {
  const double h = model.hidden;
  const double nope = m.head_dim - m.rope_dim;
  const double query = m.q_lora > 0 ? h * m.q_lora + m.q_lora + static_cast<double>(m.q_lora) * m.heads * m.head_dim
                                    : h * m.heads * m.head_dim;
  const double key_value =
      h * (m.kv_lora + m.rope_dim) + m.kv_lora + static_cast<double>(m.kv_lora) * m.heads * (nope + m.v_head_dim);
  const double gate = m.output_gate ? h * m.heads * m.v_head_dim : 0.0;
  return query + key_value + gate + indexer_parameters(model, m) + static_cast<double>(m.heads) * m.v_head_dim * h;
}

// Projections in and out, the short convolution; of Mamba-2 also decays, steps and the norm.
double linear_parameters(const Transformer& model, const Mixer& m) {
  const double v = static_cast<double>(m.heads) * m.v_head_dim;
  const double decays = m.in_width > 0 ? 0.0 : 3.0 * m.heads + v;
  return static_cast<double>(model.hidden) * (linear_in_width(m) + v) +
         static_cast<double>(m.conv_width) * linear_conv_channels(m) + decays;
}

double mixer_parameters(const Transformer& model, const Mixer& m) {
  const double beyond = m.inner_weights + m.other_weights;
  switch (m.kind) {
    case MixerKind::kAttention:
      return attention_parameters(model, m) + beyond;
    case MixerKind::kMla:
      return mla_parameters(model, m) + beyond;
    case MixerKind::kLinear:
      return linear_parameters(model, m) + beyond;
    case MixerKind::kNone:
      return 0.0;
  }
  return 0.0;
}

double matrices(const FeedForward& ff) { return ff.gated ? 3.0 : 2.0; }

double one_expert(const Transformer& model, const FeedForward& ff) {
  return matrices(ff) * (ff.latent > 0 ? ff.latent : model.hidden) * ff.ffn;
}

double feed_forward_parameters(const Transformer& model, const FeedForward& ff) {
  if (ff.ffn == 0 && ff.experts == 0) return 0.0;
  const double h = model.hidden;
  double sum = ff.inner_weights + ff.other_weights;
  if (ff.experts == 0) return sum + matrices(ff) * h * ff.ffn + (ff.bias ? ff.ffn * (matrices(ff) - 1.0) + h : 0.0);
  const double router = ff.router_weights > 0 ? ff.router_weights : h * ff.experts;
  sum += ff.experts * one_expert(model, ff) + router + matrices(ff) * h * ff.shared_ffn;
  if (ff.latent > 0) sum += 2.0 * h * ff.latent;
  if (ff.bias) sum += ff.experts * ((matrices(ff) - 1.0) * ff.ffn + h);
  return sum;
}

double blocks_of(const Layer& layer) {
  return (layer.mixer.kind == MixerKind::kNone ? 0.0 : 1.0) + (layer.feed_forward.ffn > 0 ? 1.0 : 0.0);
}

// Hyper-connections: before and after each block the n streams are mixed by n (n + 2) weights that a projection of all
// streams gives. Source: DeepSeek-V4 inference code.
double stream_parameters(const Transformer& model, const Layer& layer) {
  if (model.residual_streams <= 1) return 0.0;
  const double n = model.residual_streams;
  return blocks_of(layer) * n * (n + 2.0) * n * model.hidden;
}

}  // namespace

double linear_in_width(const Mixer& m) {
  if (m.in_width > 0) return m.in_width;
  return 2.0 * m.heads * m.v_head_dim + 2.0 * m.kv_heads * m.head_dim + m.heads;
}

double linear_conv_channels(const Mixer& m) {
  if (m.conv_channels > 0) return m.conv_channels;
  return static_cast<double>(m.heads) * m.v_head_dim + 2.0 * m.kv_heads * m.head_dim;
}

double layer_parameters(const Transformer& model, const Layer& layer) {
  const double norms = layer.norms >= 0 ? layer.norms : blocks_of(layer);
  const double all = mixer_parameters(model, layer.mixer) + feed_forward_parameters(model, layer.feed_forward) +
                     stream_parameters(model, layer) + norms * norm(model, model.hidden) + layer.idle_weights;
  return all / layer.uses;
}

double active_layer_parameters(const Transformer& model, const Layer& layer) {
  const FeedForward& ff = layer.feed_forward;
  const double idle = (ff.experts > 0 ? (ff.experts - ff.topk) * one_expert(model, ff) : 0.0) + layer.idle_weights;
  return layer_parameters(model, layer) - idle / layer.uses;
}

double expert_parameters(const Transformer& model, const Layer& layer) {
  const FeedForward& ff = layer.feed_forward;
  return ff.experts * one_expert(model, ff) / layer.uses;
}

std::vector<int> mtp_module(const Transformer& model) {
  return model.mtp_kinds.empty() ? std::vector<int>{model.kind_of_layer.back()} : model.mtp_kinds;
}

ParameterCount count_parameters(const Transformer& model) {
  ParameterCount count;
  const double h = model.hidden;
  const double width = model.embedding_width > 0 ? model.embedding_width : h;
  count.embedding = model.vocab * width + model.learned_positions * h + model.lookup_weights;
  if (model.embedding_width > 0 && model.embedding_width != model.hidden) count.embedding += 2.0 * width * h;
  count.head = model.tied_embeddings ? 0.0 : model.vocab * width;
  count.total = count.embedding + count.head + (model.final_norm ? norm(model, h) : 0.0) + model.other_weights;
  count.active = count.total;
  for (const int kind : model.kind_of_layer) {
    const Layer& layer = model.kinds[static_cast<std::size_t>(kind)];
    count.total += layer_parameters(model, layer);
    count.active += active_layer_parameters(model, layer);
  }
  if (model.mtp_layers > 0 && !model.kind_of_layer.empty()) {
    double module = 2.0 * h * h + 3.0 * norm(model, h);
    const std::vector<int> last = {model.kind_of_layer.back()};
    for (const int kind : model.mtp_kinds.empty() ? last : model.mtp_kinds) {
      module += layer_parameters(model, model.kinds[static_cast<std::size_t>(kind)]);
    }
    count.mtp = model.mtp_layers * module;
  }
  return count;
}

}  // namespace socle::model
