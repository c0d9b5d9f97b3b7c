#include "socle/graph/adapter_ops.hpp"

#include <string_view>

#include "socle/graph/forward_ops.hpp"

namespace socle::graph {
namespace {

/// How many matrices of the model one product of `forward_ops` is; 0: none that has an adapter.
double slices_of(std::string_view name, const model::Layer& layer) {
  const model::Mixer& mixer = layer.mixer;
  if (name == "qkv") return mixer.reuses_kv ? 1 : mixer.shared_kv ? 2 : 3;
  if (name == "mla down" || name == "mla query and down") return 2;
  if (name == "ffn up") return layer.feed_forward.gated ? 2 : 1;
  for (const std::string_view one : {"query up", "attention output", "output up", "mla query up", "linear mixer in",
                                     "linear mixer out", "ffn down"}) {
    if (name == one) return 1;
  }
  return 0;
}

}  // namespace

std::vector<AdaptedMatrix> adapted_matrices(const model::Transformer& model, const model::Layer& layer, double tensor,
                                            bool attention_only) {
  std::vector<AdaptedMatrix> all;
  const auto add = [&](const std::vector<Op>& ops) {
    for (const Op& op : ops) {
      const double slices = op.kind == OpKind::kGemm ? slices_of(op.name, layer) : 0;
      if (slices > 0) all.push_back({.in = op.k * op.batch, .out = op.n, .slices = slices});
    }
  };
  add(mixer_forward(model, layer.mixer, tensor, 1.0));
  if (!attention_only && layer.feed_forward.experts == 0)
    add(feed_forward_forward(model, layer.feed_forward, tensor, 1.0));
  return all;
}

}  // namespace socle::graph
