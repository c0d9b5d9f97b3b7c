#pragma once

#include <vector>

/// What the bad end of a distribution comes to.
namespace socle {

/// One of several cases, exactly one of which comes true.
struct Outcome {
  double loss = 0;
  double share = 0;  ///< its probability, or any weight
};

/// Least loss that is not exceeded with probability `level` (value at risk). Requires: outcomes whose shares are not
/// negative and do not all vanish; 0 <= level < 1.
double loss_at(std::vector<Outcome> outcomes, double level);

/// Mean loss of the worst 1 - level of the probability (conditional value at risk, expected shortfall); an outcome that
/// straddles its edge counts with the part beyond. Equals the minimum over t of t + E[max(0, loss - t)] / (1 - level),
/// which is taken at t = `loss_at` (Rockafellar and Uryasev 2000). Requires: as above.
double tail_mean(std::vector<Outcome> outcomes, double level);

/// The same of equally likely losses, sorted upwards.
double tail_mean(const std::vector<double>& sorted, double level);

}  // namespace socle
