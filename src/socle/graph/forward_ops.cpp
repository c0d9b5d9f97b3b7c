#include "socle/graph/forward_ops.hpp"

#include <algorithm>
#include <cmath>

#include "socle/model/token_cost.hpp"

namespace socle::graph {
namespace {

constexpr double kWide = 2.0;  // bytes of a 16-bit activation

Op product(const char* name, double m, double n, double k, bool wide = false) {
  Op op;
  op.name = name;
  op.kind = OpKind::kGemm;
  op.m = m, op.n = n, op.k = k;
  op.wide = wide;
  return op;
}

Op pass(const char* name, double bytes, double launches = 1) {
  Op op;
  op.name = name;
  op.kind = OpKind::kMemory;
  op.forward_traffic = Bytes{bytes};
  op.launches = launches;
  op.has_weight = false;
  return op;
}

// Norm and residual in one kernel: reads the block's output and the residual, writes the residual and the normed input.
Op norm_and_residual(const model::Transformer& model, double tokens) {
  const double streams = std::max(1, model.residual_streams);
  return pass("norm and residual", tokens * model.hidden * (2.0 + 2.0 * streams) * kWide);
}

void add_attention(const model::Transformer& model, const model::Mixer& m, double tensor, double tokens,
                   std::vector<Op>& ops) {
  const double q_heads = m.heads / tensor;
  const double kv_heads = std::max(1.0, m.kv_heads / tensor);
  const double q_width = q_heads * m.head_dim * (m.output_gate ? 2.0 : 1.0);
  const double kv_width = m.reuses_kv ? 0.0 : kv_heads * (m.head_dim + (m.shared_kv ? 0.0 : m.v_head_dim));
  if (m.q_lora > 0) {
    ops.push_back(product("qkv", tokens, m.q_lora + kv_width, model.hidden));
    ops.push_back(product("query up", tokens, q_width, m.q_lora));
  } else {
    ops.push_back(product("qkv", tokens, q_width + kv_width, model.hidden));
  }
  ops.push_back(pass("rotary and cache", tokens * 2.0 * (q_width + kv_width) * kWide, 2));
  const double attended = q_heads * m.v_head_dim;
  if (m.o_lora > 0) {
    const double groups = std::max(1.0, m.o_groups / tensor);
    Op down = product("attention output", tokens, m.o_lora, attended / groups);
    down.batch = groups;
    ops.push_back(down);
    ops.push_back(product("output up", tokens, model.hidden, groups * m.o_lora));
  } else {
    ops.push_back(product("attention output", tokens, model.hidden, attended));
  }
}

void add_mla(const model::Transformer& model, const model::Mixer& m, double tensor, double tokens,
             std::vector<Op>& ops) {
  const double heads = m.heads / tensor;
  const double latent = m.kv_lora + m.rope_dim;
  if (m.q_lora > 0) {  // both down-projections in one product, on every rank
    ops.push_back(product("mla down", tokens, m.q_lora + latent, model.hidden));
    ops.push_back(product("mla query up", tokens, heads * m.head_dim, m.q_lora));
  } else {
    ops.push_back(product("mla query and down", tokens, heads * m.head_dim + latent, model.hidden));
  }
  ops.push_back(
      pass("mla norms, rotary, cache", tokens * 2.0 * (m.q_lora + 2.0 * latent + heads * m.rope_dim) * kWide, 3));
  ops.push_back(product("attention output", tokens, model.hidden, heads * m.v_head_dim));
}

// The indexer of sparse attention, whole on every rank. Engines run it as its makers wrote it down
// (recall of deepseek-ai/DeepSeek-V3.2-Exp, inference/model.py): three products, then a kernel each for the key's norm,
// two rotary embeddings, two Hadamard rotations, two casts to fp8 (the key's with its store) and the scaling of the
// heads' weights.
void add_indexer(const model::Transformer& model, const model::Mixer& m, double tokens, std::vector<Op>& ops) {
  constexpr double kKernels = 8;
  const double query = static_cast<double>(m.index_heads) * m.index_dim;
  ops.push_back(product("sparse index query", tokens, query, m.q_lora > 0 ? m.q_lora : model.hidden));
  ops.push_back(product("sparse index key", tokens, m.index_dim, model.hidden));
  ops.push_back(product("sparse index weights", tokens, m.index_heads, model.hidden, true));
  ops.push_back(pass("sparse index passes", tokens * 3.0 * 2.0 * (query + m.index_dim) * kWide, kKernels));
}

void add_linear(const model::Transformer& model, const model::Mixer& m, double tensor, double tokens,
                std::vector<Op>& ops) {
  const double v_width = m.heads / tensor * m.v_head_dim;
  ops.push_back(product("linear mixer in", tokens, model::linear_in_width(m) / tensor, model.hidden));
  ops.push_back(pass("short convolution", tokens * model::linear_conv_channels(m) / tensor * 2.0 * kWide, 2));
  ops.push_back(pass("gated norm", tokens * v_width * 3.0 * kWide));
  ops.push_back(product("linear mixer out", tokens, model.hidden, v_width));
}

void add_dense(const model::Transformer& model, const model::FeedForward& ff, double width, double tokens,
               std::vector<Op>& ops) {
  const double matrices = ff.gated ? 2.0 : 1.0;
  ops.push_back(product("ffn up", tokens, matrices * width, model.hidden));
  ops.push_back(pass("activation", tokens * width * (matrices + 1.0) * kWide));
  ops.push_back(product("ffn down", tokens, model.hidden, width));
}

}  // namespace

std::vector<Op> mixer_forward(const model::Transformer& model, const model::Mixer& mixer, double tensor,
                              double tokens) {
  std::vector<Op> ops;
  if (mixer.kind == model::MixerKind::kNone) return ops;
  if (mixer.inner_weights > 0)
    ops.push_back(product("mixer inner", tokens, mixer.inner_weights / model.hidden / tensor, model.hidden));
  if (mixer.index_heads > 0) add_indexer(model, mixer, tokens, ops);
  if (mixer.kind == model::MixerKind::kMla)
    add_mla(model, mixer, tensor, tokens, ops);
  else if (mixer.kind == model::MixerKind::kLinear)
    add_linear(model, mixer, tensor, tokens, ops);
  else
    add_attention(model, mixer, tensor, tokens, ops);
  ops.push_back(norm_and_residual(model, tokens));
  return ops;
}

std::vector<Op> absorbed_forward(const model::Mixer& mixer, double tensor, double tokens) {
  const double heads = mixer.heads / tensor;
  Op in = product("mla absorb query", tokens, mixer.kv_lora, mixer.head_dim - mixer.rope_dim, true);
  Op out = product("mla output from latent", tokens, mixer.v_head_dim, mixer.kv_lora, true);
  in.batch = out.batch = heads;
  return {in, out};
}

std::vector<Op> expanded_forward(const model::Mixer& mixer, double tensor, double latents) {
  const double heads = mixer.heads / tensor;
  const double nope = mixer.head_dim - mixer.rope_dim;
  const double assembled = latents * heads * (mixer.head_dim + mixer.v_head_dim);
  return {product("mla key-value up", latents, heads * (nope + mixer.v_head_dim), mixer.kv_lora),
          pass("mla concat", assembled * 2.0 * kWide)};
}

std::vector<Op> feed_forward_forward(const model::Transformer& model, const model::FeedForward& ff, double tensor,
                                     double tokens) {
  std::vector<Op> ops;
  if (ff.ffn <= 0 && ff.experts <= 0) return ops;
  if (ff.inner_weights > 0)
    ops.push_back(product("ffn inner", tokens, ff.inner_weights / model.hidden / tensor, model.hidden));
  if (ff.experts > 0) {
    ops.push_back(product("router", tokens, ff.experts, model.hidden, true));
    if (ff.latent > 0) {
      ops.push_back(product("latent down", tokens, ff.latent, model.hidden));
      ops.push_back(product("latent up", tokens, model.hidden, ff.latent));
    }
    if (ff.shared_ffn > 0) add_dense(model, ff, ff.shared_ffn / tensor, tokens, ops);
  } else {
    add_dense(model, ff, ff.ffn / tensor, tokens, ops);
  }
  ops.push_back(norm_and_residual(model, tokens));
  return ops;
}

std::vector<Op> embedding_forward(const model::Transformer& model, double tokens) {
  return {pass("embedding", tokens * model.hidden * 2.0 * kWide)};
}

std::vector<Op> head_forward(const model::Transformer& model, double tensor, double sequences) {
  const double vocab = std::ceil(model.vocab / (64.0 * tensor)) * 64.0;
  // Sampling: logits to fp32, penalties, softmax or arg-max: about 16 bytes of each logit in 4 kernels (assumption).
  return {pass("final norm", sequences * model.hidden * 2.0 * kWide),
          product("lm head", sequences, vocab, model.hidden, true),
          pass("sampling", sequences * model.vocab * 16.0, 4)};
}

}  // namespace socle::graph
