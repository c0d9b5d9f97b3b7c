#include "socle/base/tail_mean.hpp"

#include <algorithm>

#include "socle/base/check.hpp"

namespace socle {
namespace {

/// The largest loss first; returns the sum of the shares.
double order(std::vector<Outcome>& outcomes, double level) {
  SOCLE_CHECK(level >= 0 && level < 1, "a level is from 0 to below 1");
  double sum = 0;
  for (const Outcome& outcome : outcomes) {
    SOCLE_CHECK(outcome.share >= 0, "a share is not negative");
    sum += outcome.share;
  }
  SOCLE_CHECK(sum > 0, "some outcome is possible");
  std::sort(outcomes.begin(), outcomes.end(), [](const Outcome& a, const Outcome& b) { return a.loss > b.loss; });
  return sum;
}

constexpr double kRounding = 1e-12;  // of shares that add up to the edge exactly

}  // namespace

double loss_at(std::vector<Outcome> outcomes, double level) {
  const double sum = order(outcomes, level);
  double beyond = 0;  // probability of more than the loss looked at
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].share == 0) continue;
    beyond += outcomes[i].share / sum;
    // With this outcome among those that exceed, too much would.
    if (beyond > 1 - level + kRounding) return outcomes[i].loss;
  }
  return outcomes.back().loss;
}

double tail_mean(std::vector<Outcome> outcomes, double level) {
  const double sum = order(outcomes, level), tail = (1 - level) * sum;
  double left = tail, total = 0;
  for (const Outcome& outcome : outcomes) {
    const double part = std::min(left, outcome.share);
    total += part * outcome.loss;
    left -= part;
    if (!(left > 0)) break;
  }
  return total / (tail - std::max(0.0, left));
}

double tail_mean(const std::vector<double>& sorted, double level) {
  SOCLE_CHECK(!sorted.empty() && level >= 0 && level < 1, "there are losses, and a level is from 0 to below 1");
  const double tail = (1 - level) * static_cast<double>(sorted.size());
  double left = tail, total = 0;
  for (auto loss = sorted.rbegin(); loss != sorted.rend() && left > 0; ++loss) {
    const double part = std::min(left, 1.0);
    total += part * *loss;
    left -= part;
  }
  return total / tail;
}

}  // namespace socle
