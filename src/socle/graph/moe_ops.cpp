#include "socle/graph/moe_ops.hpp"

#include <algorithm>
#include <string_view>

namespace socle::graph {

namespace {

// Tokens to their experts and back, both ways. `one_copy`: bytes of a rank's tokens.
void add_exchange(const RankShape& r, const model::FeedForward& ff, double one_copy, LayerGraph& graph) {
  const auto exchange = [&](const char* dispatch, const char* combine, Communication how) {
    how.group = Group::kExpert;
    how.repeats = workload::RecomputeModule::kMoe;
    how.again = 1;
    how.name = dispatch;
    graph.communications.push_back(how);
    how.name = combine;
    if (how.collective == Collective::kAllGather) how.collective = Collective::kReduceScatter;
    graph.communications.push_back(how);
  };
  switch (r.layout.dispatcher.value_or(r.fusion.dispatcher)) {
    case workload::Dispatcher::kAllToAll:
      return exchange("ep dispatch", "ep combine",
                      {.collective = Collective::kAllToAll, .buffer = Bytes{one_copy * ff.topk}});
    case workload::Dispatcher::kAllGather:
      return exchange("ep all-gather", "ep reduce-scatter",
                      {.collective = Collective::kAllGather, .buffer = Bytes{one_copy * r.layout.expert_parallel}});
    case workload::Dispatcher::kDeepEp:
    case workload::Dispatcher::kHybridEp:
      return exchange(
          "ep dispatch", "ep combine",
          {.collective = Collective::kAllToAll, .buffer = Bytes{one_copy}, .choices = static_cast<double>(ff.topk)});
  }
}

}  // namespace

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

  using Module = workload::RecomputeModule;
  const std::size_t first = graph.ops.size();
  Op router = gemm("router", tokens, ff.experts, r.hidden, true);
  if (ff.shared_ffn == 0) {
    // The norm before the block stands apart; shared experts, where there are some, keep its output for both.
    const double normed = r.sharded_tokens * r.hidden * kWide;
    router.norm_traffic = Bytes{2 * normed};
    router.renorms = router.drops = Module::kLayerNorm;
    router = light(saving(router, normed), 2 * normed);
  }
  graph.ops.push_back(router);
  graph.ops.push_back(
      memory("routing", Bytes{tokens * ff.experts * 4.0 * 4.0}, Bytes{tokens * ff.experts * 4.0 * 3.0}, 8, 8));
  graph.ops.back().paces_host = true;
  if (ff.latent > 0) {
    graph.ops.push_back(gemm("latent down", tokens, ff.latent, r.hidden, false));
    graph.ops.push_back(gemm("latent up", tokens, r.hidden, ff.latent, false));
  }
  // permute into expert order and back: read and write each assignment on both sides.
  Op permute = memory("permute", Bytes{assigned * width * 2 * kWide}, Bytes{assigned * width * 2 * kWide}, 3, 3);
  permute.saves_input = true;
  graph.ops.push_back(saving(permute, assigned * width * kWide));
  // Training libraries issue one product for each expert (Transformer Engine's multi-stream grouped GEMM).
  Op up = gemm("expert up", assigned / local_experts, matrices * ffn, width, false);
  up.slices = {ffn, ff.gated ? ffn : 0.0, 0.0};
  up.kind = OpKind::kGroupedGemm;
  up.launches = local_experts;
  up.backward_launches = 2.0 * local_experts;
  up.batch = local_experts;
  up.saved = Bytes{assigned * matrices * ffn * kWide};  // its output, the activation's input
  graph.ops.push_back(up);
  Op activation = memory("expert activation", Bytes{assigned * ffn * (matrices + 1) * kWide},
                         Bytes{assigned * ffn * (2 * matrices + 1) * kWide}, 1, 2);
  // saved: its output, the down-projection's input
  activation.saves_input = true;
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
  for (std::size_t i = first; i < graph.ops.size(); ++i) {
    Op& op = graph.ops[i];
    op.repeats = Module::kMoe;
    if (i > first) op.drops = Module::kMoe;
    if (std::string_view(op.name) == "expert activation") op.repeats = op.drops = Module::kMoe | Module::kMoeActivation;
  }

  if (ep > 1) add_exchange(r, ff, tokens * width * kWide, graph);
  if (expert_tensor > 1) {
    const Bytes buffer{assigned * width * kWide};
    graph.communications.push_back(
        {"etp all-gather", Collective::kAllGather, Group::kExpertTensor, buffer, 1, 1, true, Module::kMoe, 1});
    graph.communications.push_back(
        {"etp reduce-scatter", Collective::kReduceScatter, Group::kExpertTensor, buffer, 1, 1, true, Module::kMoe, 1});
  }
}

}  // namespace socle::graph
