#include "socle/train/operator_policy.hpp"

#include <string_view>

namespace socle::train {

using graph::Op;
using graph::OpKind;

OperatorPolicy::Verdict OperatorPolicy::judge(const Op& op) {
  switch (op.kind) {
    case OpKind::kGemm:
      if (!op.has_weight) return {Bytes{op.m * op.n * op.batch * 2.0}, 0.0};
      return std::string_view(op.name) == "router" ? Verdict{} : judge_product(op);
    case OpKind::kAttention: {
      const graph::AttentionShape& a = op.attention;
      return {op.saved + Bytes{a.batch * a.q_heads * a.seq_q * a.v_head_dim * 2.0}, 0.0};
    }
    case OpKind::kGroupedGemm:
    case OpKind::kScan:
    case OpKind::kMemory:
      break;
  }
  return {};
}

OperatorPolicy::Verdict OperatorPolicy::judge_product(const Op& op) {
  Verdict verdict{.kept = {}, .again = 0.0};
  const bool one = op.slices[0] <= 0;
  for (const double columns : one ? std::array<double, 3>{op.n, 0, 0} : op.slices) {
    if (columns <= 0) continue;
    if (++products_ % 2 == 1)
      verdict.kept += Bytes{op.m * columns * op.batch * 2.0};
    else
      verdict.again += columns / op.n;
  }
  return verdict;
}

}  // namespace socle::train
