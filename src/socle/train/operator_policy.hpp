#pragma once

#include "socle/graph/op.hpp"

namespace socle::train {

/// Recompute by operator: which outputs of a layer's forward pass are kept. Outputs of every second product with a
/// weight, in the order in which the framework issues them, of products of activations and of fused attention are kept;
/// the rest runs again, the router's and the experts' grouped products with it.
/// Source: pytorch/torchtitan 0.3.0 distributed/activation_checkpoint.py, SelectiveAC; that grouped products are not
/// among PyTorch's compute-intensive operators: recall.
class OperatorPolicy {
 public:
  /// What is kept of the output, and the share of the operation that runs again.
  struct Verdict {
    Bytes kept{};
    double again = 1.0;
  };

  /// Requires: operations of one layer, in their order.
  Verdict judge(const graph::Op& op);

 private:
  Verdict judge_product(const graph::Op& op);

  int products_ = 0;
};

}  // namespace socle::train
