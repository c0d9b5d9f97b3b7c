#include "socle/reliability/spares.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"

namespace socle::reliability {
namespace {

double log_binomial(std::int64_t trials, double share, std::int64_t count) {
  const auto n = static_cast<double>(trials), k = static_cast<double>(count);
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(share) +
         (n - k) * std::log1p(-share);
}

double log_poisson(double mean, std::int64_t count) {
  const auto k = static_cast<double>(count);
  return k * std::log(mean) - mean - std::lgamma(k + 1);
}

/// The least x in [low, high] with `holds`, which stays true above it; to the last bit that matters.
template <typename Holds>
double least(double low, double high, Holds holds) {
  for (int step = 0; step < 200 && high - low > 1e-15 * std::max(1.0, high); ++step) {
    const double middle = low + (high - low) / 2;
    (holds(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

double binomial_within(std::int64_t trials, double share, std::int64_t count) {
  SOCLE_CHECK(share >= 0 && share <= 1, "a probability lies between 0 and 1");
  if (count >= trials || share == 0) return 1.0;
  if (count < 0 || share == 1) return 0.0;
  double sum = 0;
  for (std::int64_t k = 0; k <= count; ++k) sum += std::exp(log_binomial(trials, share, k));
  return std::min(sum, 1.0);
}

double poisson_within(double mean, std::int64_t count) {
  SOCLE_CHECK(mean >= 0, "a mean count is not negative");
  if (mean == 0) return 1.0;
  double sum = 0;
  for (std::int64_t k = 0; k <= count; ++k) sum += std::exp(log_poisson(mean, k));
  return std::min(sum, 1.0);
}

std::int64_t binomial_quantile(std::int64_t trials, double share, double level) {
  return down_quantile(trials, {{1.0, share}}, level);
}

std::int64_t poisson_quantile(double mean, double level) {
  SOCLE_CHECK(level > 0 && level < 1, "a quantile is asked of a share between 0 and 1");
  double sum = 0;
  const auto end = static_cast<std::int64_t>(mean + 20 * std::sqrt(mean) + 100);
  for (std::int64_t k = 0; k < end; ++k) {
    sum += mean > 0 ? std::exp(log_poisson(mean, k)) : 1.0;
    if (sum >= level) return k;
  }
  return end;
}

double poisson_mean_within(std::int64_t count, double level) {
  const double above = 10.0 * static_cast<double>(count + 1) + 100;
  return least(0, above, [&](double mean) { return poisson_within(mean, count) < level; });
}

double availability_needed(std::int64_t trials, std::int64_t needed, double level) {
  SOCLE_CHECK(needed >= 0 && needed <= trials, "no more parts are needed than there are");
  return least(0, 1, [&](double up) { return binomial_within(trials, 1 - up, trials - needed) >= level; });
}

std::int64_t down_quantile(std::int64_t nodes, const std::vector<DownRegime>& regimes, double level) {
  SOCLE_CHECK(level > 0 && level < 1, "a quantile is asked of a share between 0 and 1");
  double sum = 0;
  for (std::int64_t k = 0; k < nodes; ++k) {
    for (const DownRegime& regime : regimes) {
      const double down = regime.unavailability;
      const double here = down <= 0 ? (k == 0 ? 1.0 : 0.0) : down >= 1 ? 0.0 : std::exp(log_binomial(nodes, down, k));
      sum += regime.share_of_time * here;
    }
    if (sum >= level) return k;
  }
  return nodes;
}

std::vector<double> down_while_needed(std::int64_t needed, std::int64_t spares, double unavailability) {
  SOCLE_CHECK(unavailability >= 0 && unavailability < 1, "some nodes are up");
  std::vector<double> down(static_cast<std::size_t>(spares) + 2, 0.0);
  down[0] = 1.0;
  if (unavailability == 0) return down;
  const std::int64_t nodes = needed + spares;
  double most = log_binomial(nodes, unavailability, 0);
  for (std::int64_t k = 0; k <= std::min(spares + 1, nodes); ++k)
    most = std::max(most, log_binomial(nodes, unavailability, k));
  double sum = 0;
  for (std::int64_t k = 0; k <= std::min(spares + 1, nodes); ++k) {
    down[static_cast<std::size_t>(k)] = std::exp(log_binomial(nodes, unavailability, k) - most);
    sum += down[static_cast<std::size_t>(k)];
  }
  for (double& one : down) one /= sum;
  return down;
}

double mean_down_beyond(std::int64_t nodes, std::int64_t spares, double unavailability) {
  double beyond = static_cast<double>(nodes) * unavailability - static_cast<double>(spares);
  if (unavailability == 0) return 0.0;
  for (std::int64_t k = 0; k < spares && k <= nodes; ++k)
    beyond += static_cast<double>(spares - k) * std::exp(log_binomial(nodes, unavailability, k));
  return std::max(beyond, 0.0);
}

double unavailability(double failures_per_second, Seconds repair) {
  const double odds = failures_per_second * repair.value();
  return odds / (1 + odds);
}

}  // namespace socle::reliability
