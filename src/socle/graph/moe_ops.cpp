#include "socle/graph/moe_ops.hpp"

#include <algorithm>
#include <cmath>

namespace socle::graph {

// Tokens of one rank before routing: the sequence-parallel share, since Megatron routes after the reduce-scatter.
// A rank receives tokens * topk * etp assignments on average (ep ranks send, each keeps experts / ep of the choices).
void add_experts(const RankShape& r, const model::FeedForward& ff, LayerGraph& graph) {
  constexpr double kWide = 2.0;
  const double expert_tensor = r.layout.expert_tensor_parallel;
  const double ep = r.layout.expert_parallel;
  const double tokens = r.tokens / r.tensor;  // routed once per token even when sequence parallel is off
  const double width = ff.latent > 0 ? ff.latent : r.hidden;
  const double assigned = tokens * ff.topk * expert_tensor;
  const double local_experts = std::max(1.0, ff.experts / ep);
  const double ffn = ff.ffn / expert_tensor;
  const double matrices = ff.gated ? 2.0 : 1.0;

  graph.ops.push_back(gemm("router", tokens, ff.experts, r.hidden, true));
  graph.ops.push_back(
      memory("routing", Bytes{tokens * ff.experts * 4.0 * 4.0}, Bytes{tokens * ff.experts * 4.0 * 3.0}, 8, 8));
  if (ff.latent > 0) {
    graph.ops.push_back(gemm("latent down", tokens, ff.latent, r.hidden, false));
    graph.ops.push_back(gemm("latent up", tokens, r.hidden, ff.latent, false));
  }
  // permute into expert order and back: read and write each assignment on both sides.
  graph.ops.push_back(
      saving(memory("permute", Bytes{assigned * width * 2 * kWide}, Bytes{assigned * width * 2 * kWide}, 3, 3),
             assigned * width * kWide));
  // Training libraries issue one product for each expert (Transformer Engine's multi-stream grouped GEMM).
  Op up = gemm("expert up", assigned / local_experts, matrices * ffn, width, false);
  up.kind = OpKind::kGroupedGemm;
  up.launches = local_experts;
  up.backward_launches = 2.0 * local_experts;
  up.batch = local_experts;
  up.saved = Bytes{assigned * matrices * ffn * kWide};  // its output, the activation's input
  graph.ops.push_back(up);
  Op activation = memory("expert activation", Bytes{assigned * ffn * (matrices + 1) * kWide},
                         Bytes{assigned * ffn * (2 * matrices + 1) * kWide}, 1, 2);
  // saved: its output, the down-projection's input
  graph.ops.push_back(light(saving(activation, assigned * ffn * kWide), assigned * ffn * (matrices + 1) * kWide));
  Op down = gemm("expert down", assigned / local_experts, width, ffn, false);
  down.kind = OpKind::kGroupedGemm;
  down.launches = local_experts;
  down.backward_launches = 2.0 * local_experts;
  down.batch = local_experts;
  graph.ops.push_back(down);
  const Bytes combined{(assigned * 2 + tokens) * width * kWide};
  graph.ops.push_back(
      memory("unpermute and combine", combined, combined, 3, 3));  // probabilities act before the down-projection

  if (ep > 1) {
    // A token travels once per chosen expert, or once per chosen rank when the dispatcher removes duplicates:
    // ep (1 - (1 - 1/ep)^topk) distinct ranks on average.
    const double copies = r.fusion.deduplicated_dispatch ? ep * (1.0 - std::pow(1.0 - 1.0 / ep, ff.topk)) : ff.topk;
    const Bytes buffer{tokens * copies * width * kWide};
    graph.communications.push_back({"ep dispatch", Collective::kAllToAll, Group::kExpert, buffer, 1, 1, true});
    graph.communications.push_back({"ep combine", Collective::kAllToAll, Group::kExpert, buffer, 1, 1, true});
  }
  if (expert_tensor > 1) {
    const Bytes buffer{assigned * width * kWide};
    graph.communications.push_back(
        {"etp all-gather", Collective::kAllGather, Group::kExpertTensor, buffer, 1, 1, true});
    graph.communications.push_back(
        {"etp reduce-scatter", Collective::kReduceScatter, Group::kExpertTensor, buffer, 1, 1, true});
  }
}

}  // namespace socle::graph
