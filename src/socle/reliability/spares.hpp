#pragma once

#include <cstdint>
#include <vector>

#include "socle/base/quantity.hpp"

namespace socle::reliability {

/// The least number that a binomial count stays within with this probability. Requires: 0 <= share <= 1, 0 < level < 1.
std::int64_t binomial_quantile(std::int64_t trials, double share, double level);
/// The same of a Poisson count. Requires: mean >= 0.
std::int64_t poisson_quantile(double mean, double level);
/// P(binomial <= count), P(Poisson <= count).
double binomial_within(std::int64_t trials, double share, std::int64_t count);
double poisson_within(double mean, std::int64_t count);

/// The largest mean of a Poisson count that stays within `count` with probability `level`.
double poisson_mean_within(std::int64_t count, double level);
/// The least availability of each of `trials` parts at which `needed` are up together with probability `level`.
double availability_needed(std::int64_t trials, std::int64_t needed, double level);

/// Nodes that a time-varying rate keeps down: each regime lasts a share of the time and has its own unavailability.
struct DownRegime {
  double share_of_time = 1.0;
  double unavailability = 0.0;
};
/// The quantile, over time, of the nodes that are down together: a mixture of binomials. One regime is the binomial
/// itself, which a rate that drifts makes too small. Requires: shares of time that add up to 1.
std::int64_t down_quantile(std::int64_t nodes, const std::vector<DownRegime>& regimes, double level);

/// Distribution of the nodes down among `needed + spares`, of which the job stops, and no more fail, once fewer than
/// `needed` are up: a binomial cut behind spares + 1. Insensitive to the law of repairs (Erlang, Engset). Index: number
/// down. Requires: unavailability < 1.
std::vector<double> down_while_needed(std::int64_t needed, std::int64_t spares, double unavailability);

/// Mean of how many of `nodes` are down beyond `spares`.
double mean_down_beyond(std::int64_t nodes, std::int64_t spares, double unavailability);

/// Of a node that fails at `rate` and is repaired after `repair` on average: rate * repair / (1 + rate * repair).
double unavailability(double failures_per_second, Seconds repair);

}  // namespace socle::reliability
